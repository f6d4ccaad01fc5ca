import { Writable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Asked, create } from '../../../chapters/01-create/stage.ts'
import { start } from '../../../chapters/02-start/stage.ts'
import { hijack } from '../../../chapters/03-hijack/stage.ts'
import { rawMode } from '../../../chapters/04-raw-mode/stage.ts'
import { type Copying, copyLoops } from '../../../chapters/05-copy-loops/stage.ts'
import { courseFrom } from '../../../src/course/stage.ts'
import { walk } from '../../../src/course/walk.ts'
import type { TerminalKind } from '../../../src/judging/memory-terminal.ts'
import { encodeFrame } from '../../../src/stream/frames.ts'
import { describeWithEngine, startContainer } from '../../support/engine.ts'
import { asked, makeKit, type TestKit } from '../../support/kit.ts'
import type { Transport } from '../../support/listen.ts'
import { type RecordingProxy, startProxy } from '../../support/proxy.ts'
import { type Answer, engineRoutes, startServer, upgradedHead } from '../../support/server.ts'

const untilCopying = courseFrom<Asked>()
  .add(create)
  .add(start)
  .add(hijack)
  .add(rawMode)
  .add(copyLoops)

/** Walks to chapter 5 and calls `look` while the session is open. */
async function session<Result>(
  question: Asked,
  kit: TestKit,
  look: (copying: Copying) => Promise<Result>,
): Promise<Result> {
  let result: Result | undefined
  for await (const { state, number } of walk(untilCopying, question, kit)) {
    if (number === 5) result = await look(state as Copying)
  }
  return result as Result
}

async function box(): Promise<string> {
  const container = await startContainer()
  onTestFinished(container.release)
  return container.name
}

async function proxyTo(host: string): Promise<RecordingProxy> {
  const proxy = await startProxy(host)
  onTestFinished(proxy.stop)
  return proxy
}

describeWithEngine('copy loops on an engine', (engine) => {
  test('stdout goes to stdout and stderr to stderr without a tty', async () => {
    const kit = await makeKit(engine.host)
    const command = ['sh', '-c', 'echo out; echo err >&2']
    const question = asked({ container: await box(), command })
    expect(await session(question, kit, ({ ended }) => ended)).toEqual({ by: 'daemon' })
    expect([kit.stdout(), kit.stderr()]).toEqual(['out\n', 'err\n'])
  })

  test('stderr goes to stdout unchanged under a tty', async () => {
    const kit = await makeKit(engine.host)
    const command = ['sh', '-c', 'echo out; echo err >&2']
    const question = asked({ container: await box(), command, tty: true })
    await session(question, kit, ({ ended }) => ended)
    expect([kit.stdout(), kit.stderr()]).toEqual(['out\r\nerr\r\n', ''])
  })

  test('the input loop half-closes at the end of stdin and waits for the output', async () => {
    const proxy = await proxyTo(engine.host)
    const kit = await makeKit(proxy.host, { input: 'hello\n' })
    const question = asked({ container: await box(), command: ['cat'], interactive: true })
    expect(await session(question, kit, ({ ended }) => ended)).toEqual({ by: 'daemon' })
    expect(kit.stdout()).toBe('hello\n')
    expect(proxy.connections.at(-1)?.ends[0]).toBe('client')
  })

  test('the input loop half-closes at once when stdin is not attached', async () => {
    const kit = await makeKit(engine.host)
    const question = asked({ container: await box(), command: ['cat'] })
    expect(await session(question, kit, ({ ended }) => ended)).toEqual({ by: 'daemon' })
    expect(kit.recorder.events().some(({ kind }) => kind === 'half-close')).toBe(true)
  })

  test('the session does not wait for stdin when the output has ended', async () => {
    const kit = await makeKit(engine.host, { input: '', open: true })
    const question = asked({ container: await box(), command: ['true'], interactive: true })
    expect(await session(question, kit, ({ ended }) => ended)).toEqual({ by: 'daemon' })
    expect(kit.terminalActions).toContain('stop reading')
  })

  test('raw mode is restored as soon as the output has ended', async () => {
    const kit = await makeKit(engine.host, { isTerminal: true, open: true })
    const question = asked({ container: await box(), interactive: true, tty: true })
    await session(question, kit, async ({ ended }) => {
      await ended
      expect(kit.terminalActions).toEqual(['raw', 'restore', 'stop reading'])
    })
  })

  test('the detach keys end the session and the command runs on', async () => {
    const kit = await makeKit(engine.host, { isTerminal: true, open: true })
    const command = ['sh', '-c', 'echo ready; sleep 1000']
    const question = asked({ container: await box(), command, interactive: true, tty: true })
    const ending = await session(question, kit, async ({ ended, execId }) => {
      await expect.poll(() => kit.stdout()).toContain('ready')
      kit.user.type('\x10')
      kit.user.type('\x11')
      const by = await ended
      const { body } = await kit.engine.request('GET', `/exec/${execId}/json`)
      return { by, running: JSON.parse(body).Running }
    })
    expect(ending).toEqual({ by: { by: 'detach keys' }, running: true })
  })

  test('a slow reader stops the reading from the socket', async () => {
    let unstick: () => void = () => {}
    const stuck = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => {
        unstick = done
      },
    })
    const proxy = await proxyTo(engine.host)
    const kit = await makeKit(proxy.host, { output: stuck })
    const question = asked({ container: await box(), command: ['yes'] })
    await session(question, kit, async ({ wire }) => {
      const socket = wire.value
      // The first chunk is stuck. Nothing more is read until it has been
      // written.
      await expect.poll(() => socket.bytesRead).toBeGreaterThan(0)
      const before = socket.bytesRead
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      expect(socket.bytesRead).toBe(before)
      expect(stuck.writableLength).toBeLessThanOrEqual(256 * 1024)
      unstick()
      await expect.poll(() => socket.bytesRead).toBeGreaterThan(before)
    })
  })
})

/**
 * Runs a session to its end against a server that gives this answer to the
 * start.
 */
async function against(answered: Answer, kind: TerminalKind = {}, transport?: Transport) {
  const routes = [{ on: 'POST /exec/e1/start', answer: answered }, ...engineRoutes]
  const server = await startServer(routes, transport)
  onTestFinished(server.stop)
  const kit = await makeKit(server.host, kind)
  return { kit, ending: await session(asked(), kit, ({ ended }) => ended) }
}

const frame = (...parts: Parameters<typeof encodeFrame>): Buffer =>
  Buffer.from(encodeFrame(...parts))

describe('copy loops', () => {
  test('the output begins with the bytes that arrived with the 101', async () => {
    const first = Buffer.concat([
      Buffer.from(upgradedHead),
      frame('stdout', Buffer.from('early ')).subarray(0, 10),
    ])
    const rest = Buffer.concat([
      frame('stdout', Buffer.from('early ')).subarray(10),
      frame('stdout', Buffer.from('late')),
    ])
    const { kit } = await against({ pieces: [first, rest], after: 'end' })
    expect(kit.stdout()).toBe('early late')
  })

  test('stdout and stderr are written in the order of their frames', async () => {
    const order: string[] = []
    const sink = (name: string): Writable =>
      new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          order.push(`${name} ${chunk}`)
          done()
        },
      })
    const bytes = Buffer.concat([
      frame('stdout', Buffer.from('1')),
      frame('stdout', Buffer.from('2')),
      frame('stderr', Buffer.from('3')),
      frame('stdout', Buffer.from('4')),
    ])
    await against(
      { pieces: [upgradedHead, bytes], after: 'end' },
      { output: sink('out'), errors: sink('err') },
    )
    expect(order).toEqual(['out 1', 'out 2', 'err 3', 'out 4'])
  })

  test('a message on stream 3 ends the session after the output before it', async () => {
    const bytes = Buffer.concat([
      frame('stdout', Buffer.from('half ')),
      frame('systemError', Buffer.from('disk full')),
    ])
    const { kit, ending } = await against({ pieces: [upgradedHead, bytes], after: 'upgraded' })
    expect(kit.stdout()).toBe('half ')
    expect(ending).toMatchObject({
      by: 'error',
      error: { message: 'error from daemon in stream: disk full' },
    })
  })

  test('a broken connection ends the session with an error', async () => {
    const bytes = frame('stdout', Buffer.from('half'))
    // Only TCP has resets; on a Unix socket every end looks clean. Node also
    // reports a reset that arrives together with bytes as an end, so the
    // server waits a moment between the two.
    const broken: Answer = { pieces: [upgradedHead, bytes, ''], after: 'reset' }
    const { kit, ending } = await against(broken, {}, 'tcp')
    expect(kit.stdout()).toBe('half')
    expect(ending).toMatchObject({
      by: 'error',
      error: { message: expect.stringMatching(/^lost the connection to the daemon: /) },
    })
  })

  test('a failed write to stdout ends the session with an error', async () => {
    const full = new Writable({
      write: (_chunk, _encoding, done) => done(new Error('ENOSPC: no space left on device, write')),
    })
    const bytes = frame('stdout', Buffer.from('too much'))
    const { ending } = await against(
      { pieces: [upgradedHead, bytes], after: 'upgraded' },
      { output: full },
    )
    expect(ending).toMatchObject({
      by: 'error',
      error: { message: 'write /dev/stdout: no space left on device' },
    })
  })
})
