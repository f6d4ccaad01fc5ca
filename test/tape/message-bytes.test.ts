import { describe, expect, it, onTestFinished } from 'vitest'
import { dockerExec } from '../../chapters/index.ts'
import { createScope } from '../../src/course/scope.ts'
import { walk } from '../../src/course/walk.ts'
import { createMemoryTerminal } from '../../src/judging/memory-terminal.ts'
import type { TapeEvent } from '../../src/tape/event.ts'
import { fieldsIn } from '../../src/tape/fields.ts'
import { isMessage, wireBytesOf } from '../../src/tape/message-bytes.ts'
import { createRecorder } from '../../src/tape/recorder.ts'
import { withPractice } from '../practice/daemon.ts'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { asked, connectEngine } from '../support/kit.ts'
import { type RecordingProxy, startProxy } from '../support/proxy.ts'

const command = ['sh', '-c', 'cat; echo oops >&2; exit 3']

/** Runs all stages through a proxy. Returns the events and the proxy. */
async function runThroughProxy(
  host: string,
  container: string,
  tty: boolean,
): Promise<{ readonly events: readonly TapeEvent[]; readonly proxy: RecordingProxy }> {
  const proxy = await startProxy(host)
  onTestFinished(proxy.stop)
  // Unmasked: the proxy sees the real bytes.
  const recorder = createRecorder({ keep: Number.POSITIVE_INFINITY, masks: false })
  recorder.begin()
  const scope = createScope()
  const engine = await connectEngine({
    environment: { DOCKER_CONFIG: '/nonexistent', DOCKER_HOST: proxy.host },
    warn: () => {},
    record: recorder,
  })
  const { terminal, user } = createMemoryTerminal({ isTerminal: tty }, recorder)
  const request = asked({ container, command, tty, interactive: true, env: ['A=1', 'B=two'] })
  const steps = walk(dockerExec, request, { engine, terminal, scope })
  user.type('hello\n')
  user.endInput()
  for await (const _ of steps) {
    // Each stage does its work.
  }
  await scope.releaseAll()
  await engine.close()
  return { events: recorder.events(), proxy }
}

/** The bytes of one direction of a connection, as the tape has them. */
function rebuilt(
  events: readonly TapeEvent[],
  connection: 1 | 2,
  direction: 'to' | 'from',
): string {
  const kinds = direction === 'to' ? ['request', 'sent'] : ['answer', 'received']
  const own = events.filter((event) => {
    const where = isMessage(event) ? event.connection : 2
    return kinds.includes(event.kind) && where === connection
  })
  return Buffer.concat(own.map(wireBytesOf)).toString('latin1')
}

function expectAllBytes(events: readonly TapeEvent[], proxy: RecordingProxy): void {
  const session = proxy.requests.find(({ path }) => path.endsWith('/start'))?.connection
  for (const connection of [1, 2] as const) {
    // Podman closes after a ping with HEAD, so the first are two for a proxy.
    const passed = proxy.connections.filter((_, at) => (at === session) === (connection === 2))
    const sent = Buffer.concat(passed.map((one) => one.sent()))
    const received = Buffer.concat(passed.map((one) => one.received()))
    expect(rebuilt(events, connection, 'to')).toBe(sent.toString('latin1'))
    expect(rebuilt(events, connection, 'from')).toBe(received.toString('latin1'))
  }
  fieldsIn(events).forEach((fields, at) => {
    const joined = Buffer.concat(fields.map(({ bytes }) => bytes))
    const event = events[at] as TapeEvent
    expect(joined.toString('latin1')).toBe(wireBytesOf(event).toString('latin1'))
  })
}

const withAndWithout = [
  ['with a terminal', true],
  ['without a terminal', false],
] as const

describeWithEngine('a recorded run on the engine', ({ host }) => {
  it.each(withAndWithout)('has every byte that passed a proxy, %s', async (_, tty) => {
    const box = await startContainer()
    onTestFinished(box.release)
    const { events, proxy } = await runThroughProxy(host, box.name, tty)
    expect(events.some((event) => isMessage(event) && event.chunks !== undefined)).toBe(true)
    expectAllBytes(events, proxy)
  })
})

describe('a recorded run on the practice daemon', () => {
  it.each(withAndWithout)('has every byte that passed a proxy, %s', async (_, tty) => {
    await withPractice([], async ({ host }) => {
      const { events, proxy } = await runThroughProxy(host, 'practice', tty)
      expectAllBytes(events, proxy)
    })
  })
})
