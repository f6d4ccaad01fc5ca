import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Started, start } from '../../../chapters/02-start/stage.ts'
import { type Hijacked, hijack } from '../../../chapters/03-hijack/stage.ts'
import { readSocket } from '../../../src/engine/socket.ts'
import { asked, failureOf, makeKit, type TestKit } from '../../support/kit.ts'
import type { Transport } from '../../support/listen.ts'
import {
  type Answer,
  answer,
  engineRoutes,
  refusal,
  startServer,
  upgradedHead,
} from '../../support/server.ts'

/** Runs stage 2 against a server that sends this answer to the start. */
async function startedWith(startAnswer: Answer, transport: Transport = 'unix') {
  const server = await startServer(
    [{ on: 'POST /exec/e1/start', answer: startAnswer }, ...engineRoutes],
    transport,
  )
  onTestFinished(server.stop)
  const kit = await makeKit(server.host)
  const started = (await start.run({ ...asked(), execId: 'e1' }, kit)) as Started
  return { server, kit, started }
}

const runHijack = (started: Started, kit: TestKit) => hijack.run(started, kit) as Promise<Hijacked>

/** All bytes of the session, the early ones first. */
async function readAll({ early, wire }: Hijacked): Promise<string> {
  const pieces = [Buffer.from(early)]
  await readSocket(wire.value, (chunk) => pieces.push(Buffer.from(chunk)) > 0)
  return Buffer.concat(pieces).toString()
}

describe('hijack', () => {
  test('loses no byte after the 101, wherever the packets are split', async () => {
    const whole = `${upgradedHead}# hello`
    for (const cut of [10, upgradedHead.length - 1, upgradedHead.length, upgradedHead.length + 3]) {
      const pieces = [whole.slice(0, cut), whole.slice(cut)]
      const { kit, started } = await startedWith({ pieces, after: 'end' })
      expect(await readAll(await runHijack(started, kit)), `split after ${cut} bytes`).toBe(
        '# hello',
      )
    }
  })

  test('returns the bytes that arrived in the same packet as the 101', async () => {
    const { kit, started } = await startedWith({ pieces: [`${upgradedHead}# `], after: 'upgraded' })
    const { early } = await runHijack(started, kit)
    expect(Buffer.from(early).toString()).toBe('# ')
  })

  test('sets a keep-alive of 30 s on TCP, and none on a Unix socket', async () => {
    for (const [transport, expected] of [
      ['tcp', [[true, 30_000]]],
      ['unix', []],
    ] as const) {
      const answered: Answer = { pieces: [upgradedHead], after: 'upgraded' }
      const { kit, started } = await startedWith(answered, transport)
      const socket = started.connection?.value
      if (!socket) throw new Error('not upgraded')
      const keepAlive = vi.spyOn(socket, 'setKeepAlive')
      await runHijack(started, kit)
      expect(keepAlive.mock.calls).toEqual(expected)
    }
  })

  test('still reads after it has ended its side (half-close)', async () => {
    const { server, kit, started } = await startedWith({
      pieces: [upgradedHead],
      after: 'upgraded',
    })
    const { wire } = await runHijack(started, kit)
    wire.value.write('last words')
    wire.value.end()
    await expect.poll(() => server.inputEnds()).toBe(1)
    expect(server.input().toString()).toBe('last words')
    expect(wire.value.readable).toBe(true)
  })

  test('keeps its side open when the daemon ends its own', async () => {
    const { kit, started } = await startedWith({ pieces: [`${upgradedHead}# `], after: 'end' })
    const hijacked = await runHijack(started, kit)
    expect(await readAll(hijacked)).toBe('# ')
    expect(hijacked.wire.value.writable).toBe(true)
  })

  test.each([
    [true, 'raw'],
    [false, 'stdcopy'],
  ])('with Tty %s the framing is %s, regardless of the content type', async (tty, framing) => {
    const { kit, started } = await startedWith({ pieces: [upgradedHead], after: 'upgraded' })
    expect((await runHijack({ ...started, tty }, kit)).framing).toBe(framing)
  })

  test.each([
    [answer('200 OK', 'text/plain', ''), 'unable to upgrade to tcp, received 200'],
    [
      refusal('500 Internal Server Error', 'exec command has already run'),
      'unable to upgrade to tcp, received 500: exec command has already run',
    ],
    [
      refusal('409 Conflict', 'Container box is paused'),
      'unable to upgrade to tcp, received 409: Container box is paused',
    ],
  ])('rejects any status but 101 and keeps the daemon’s message', async (answered, sentence) => {
    const { kit, started } = await startedWith(answered)
    expect((await failureOf(runHijack(started, kit))).message).toBe(sentence)
  })
})
