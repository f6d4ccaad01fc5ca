/**
 * Sentences of the lessons that say what a daemon does, and how each is checked. A sentence that is
 * worded anew has to be looked up here again, and so has a daemon that does otherwise.
 *
 * @module
 */

import { expect } from 'vitest'
import { createDemultiplexer, encodeFrame } from '../../src/stream/frames.ts'
import { ask, create, inspect, start, type Target } from '../conformance/raw.ts'
import type { Records } from '../conformance/record.ts'
import { call } from '../support/api.ts'
import { readPage } from './page.ts'
import { received, shell, walkThrough } from './walked.ts'

/**
 * Where something can be seen: on any daemon, on the practice daemon, in a container of an engine, or
 * only in the record of what daemons did that are not here.
 */
export type Place = 'anywhere' | 'practice' | 'engine' | 'record'

/** A sentence, and how to see that it is true. */
export type Claim = {
  readonly file: string
  /** The words, as they stand in the file, each line end a space. */
  readonly words: string
  readonly where: Place
  /** What the practice daemon has to do wrong for it. */
  readonly faults?: readonly string[]
  readonly check: (target: Target) => Promise<void>
}

/** What the daemons did that cannot all be here: each test run compares it with those that are. */
const record = JSON.parse(readPage('test/conformance/record.json')) as Records

function recorded(daemon: string, name: string): string {
  const seen = record[daemon]?.[name]
  if (seen === undefined) throw new Error(`there is no record of "${name}" with ${daemon}`)
  return seen
}

const [create01, start02, hijack03, copy05, resize06, exit07] = [
  'chapters/01-create/stage.ts',
  'chapters/02-start/stage.ts',
  'chapters/03-hijack/stage.ts',
  'chapters/05-copy-loops/stage.ts',
  'chapters/06-resize/stage.ts',
  'chapters/07-exit-code/stage.ts',
] as const

/** `POST /containers/{name}/exec`: the status of the answer. */
async function statusOfCreate(target: Target, container: string): Promise<string> {
  const path = `/v1.41/containers/${container}/exec`
  return (await ask(target, 'POST', path, { body: { Cmd: ['true'] } })).status
}

/** Runs a command to its end without a terminal, and gives what the last stage passes on. */
async function lastState(target: Target, command: readonly string[], input = '', tty = false) {
  const question = tty ? { ...shell, command } : { command }
  return (await walkThrough(target, question, input)).at(-1)?.after
}

/** The window size that a command finds in its first moment, and the body that asked for one. */
async function firstSize(target: Target, version: string): Promise<string> {
  const size = { ConsoleSize: [33, 99] }
  const body = { AttachStdout: true, Tty: true, Cmd: ['stty', 'size'], ...size }
  const id = await create(target, body, version)
  const { rest } = await start(target, id, { version, body: { Detach: false, Tty: true, ...size } })
  return rest.toString().trim()
}

/** All of them. */
export const claims: readonly Claim[] = [
  {
    file: create01,
    words: 'no process exists yet, and `docker top box` shows none',
    where: 'engine',
    async check(target) {
      await create(target, { Cmd: ['sleep', '1000'] })
      const { body } = await call(target.host, 'GET', `/containers/${target.container}/top`)
      expect((JSON.parse(body) as { Processes: unknown[] }).Processes).toHaveLength(1)
    },
  },
  {
    file: create01,
    words: 'no such container (404)',
    where: 'anywhere',
    check: async (target) => expect(await statusOfCreate(target, 'nosuchcontainer')).toBe('404'),
  },
  {
    file: create01,
    words: 'not running or paused (409)',
    where: 'engine',
    async check(target) {
      const change = (verb: string) =>
        call(target.host, 'POST', `/containers/${target.container}/${verb}`)
      await change('pause')
      expect(await statusOfCreate(target, target.container)).toBe('409')
      await change('unpause')
      await change('stop')
      expect(await statusOfCreate(target, target.container)).toBe('409')
    },
  },
  {
    file: create01,
    words: 'an unknown user (400, but a daemon of 2020 lets it pass)',
    where: 'record',
    async check() {
      const name = 'create: a user that there is not'
      expect(recorded('dockerd 28.5', name)).toMatch(/^400/)
      expect(recorded('dockerd 20.10', name)).toBe('201')
    },
  },
  {
    file: create01,
    words: 'a sequence of detach keys that nobody can type (500)',
    where: 'anywhere',
    async check(target) {
      const path = `/v1.41/containers/${target.container}/exec`
      const body = { Cmd: ['true'], DetachKeys: 'ctrl-!!' }
      expect((await ask(target, 'POST', path, { body })).status).toBe('500')
    },
  },
  {
    file: start02,
    words: 'without them it answers 200',
    where: 'anywhere',
    async check(target) {
      const id = await create(target, { AttachStdout: true, Cmd: ['echo', 'hi'] })
      const { status, rest } = await start(target, id, { headers: {} })
      expect(status).toBe('200')
      expect(rest.toString()).toContain('hi')
    },
  },
  {
    file: start02,
    words: 'the daemon starts the command, answers 200 with nothing in it',
    where: 'anywhere',
    async check(target) {
      const id = await create(target, { Cmd: ['true'], Detach: true })
      const body = { Detach: true, Tty: false }
      const { status, rest } = await start(target, id, { headers: {}, body })
      expect([status, rest.length]).toEqual(['200', 0])
    },
  },
  {
    file: start02,
    words: '*101 Switching Protocols* is the status that says yes',
    where: 'anywhere',
    async check(target) {
      const id = await create(target, { AttachStdout: true, Cmd: ['true'] })
      expect((await start(target, id)).status).toBe('101')
    },
  },
  {
    file: start02,
    words: 'a daemon does not end a process because its client has gone',
    where: 'record',
    async check() {
      const name = 'the process runs on when the client is gone'
      for (const daemon of Object.keys(record)) {
        expect(recorded(daemon, name)).toMatch(/^running true/)
      }
    },
  },
  {
    file: start02,
    words:
      'this `Tty` tells dockerd whether output comes in frames, and Podman goes by the other one',
    where: 'record',
    async check() {
      const name = 'run: a tty for start and none for create'
      const raw = '"hi\\n"; ended; exit code 0'
      expect(recorded('dockerd 20.10', name)).toBe(raw)
      expect(recorded('dockerd 28.5', name)).toBe(raw)
      expect(recorded('Podman 4.3', name)).toContain('\\u0001\\u0000\\u0000\\u0000')
    },
  },
  {
    file: hijack03,
    words:
      '`raw-stream` or `multiplexed-stream`, but only from API 1.42 on; older daemons say `raw-stream` in both cases',
    where: 'practice',
    async check(target) {
      const seen: (string | undefined)[] = []
      for (const version of ['/v1.41', '/v1.42']) {
        for (const tty of [true, false]) {
          const id = await create(target, { AttachStdout: true, Tty: tty, Cmd: ['true'] }, version)
          const body = { Detach: false, Tty: tty }
          seen.push((await start(target, id, { version, body })).headers.get('content-type'))
        }
      }
      const [raw, framed] = ['raw-stream', 'multiplexed-stream'].map(
        (name) => `application/vnd.docker.${name}`,
      )
      expect(seen).toEqual([raw, raw, raw, framed])
    },
  },
  {
    file: hijack03,
    words: 'The daemon has said 101 and has stopped speaking HTTP',
    where: 'anywhere',
    async check(target) {
      const id = await create(target, { AttachStdout: true, Cmd: ['echo', 'hi'] })
      const { status, rest } = await start(target, id)
      expect(status).toBe('101')
      expect([...rest.subarray(0, 8)]).toEqual([1, 0, 0, 0, 0, 0, 0, 3])
    },
  },
  {
    file: copy05,
    words: 'Stream 3 is the daemon itself, with an error that ends the copy',
    where: 'record',
    async check() {
      const feed = createDemultiplexer(() => {})
      const message = encodeFrame('systemError', Buffer.from('no more'))
      expect(message[0]).toBe(3)
      expect(() => feed(message)).toThrow('error from daemon in stream: no more')
    },
  },
  {
    file: copy05,
    words: 'What we send goes without frames in both cases',
    where: 'anywhere',
    async check(target) {
      const steps = await walkThrough(target, { command: ['sh'], interactive: true }, 'exit 0\n')
      const sent = steps.flatMap(({ wire }) => wire).filter(({ kind }) => kind === 'sent')
      expect(sent).toMatchObject([{ hex: Buffer.from('exit 0\n').toString('hex') }])
    },
  },
  {
    file: copy05,
    words:
      'Without `-i` the input is over before it began, and the half-close is the first thing we send',
    where: 'anywhere',
    async check(target) {
      const steps = await walkThrough(target, { command: ['echo', 'hi'] }, '')
      const kinds = steps.slice(2).flatMap(({ wire }) => wire.map(({ kind }) => kind))
      expect(kinds).not.toContain('sent')
      expect(kinds.filter((kind) => kind === 'half-close')).toHaveLength(1)
      expect(received(steps).subarray(8).toString()).toBe('hi\n')
    },
  },
  {
    file: resize06,
    words: 'to begin with it was given none: 0 by 0',
    where: 'anywhere',
    // busybox has no words for such a size, and complains.
    check: async (target) =>
      expect(await firstSize(target, '/v1.41')).toMatch(/^(0 0|stty: standard input)$/),
  },
  {
    file: resize06,
    words: 'daemons from API 1.42 on take the size with the requests of chapters 1 and 2',
    where: 'practice',
    check: async (target) => expect(await firstSize(target, '/v1.42')).toBe('33 99'),
  },
  {
    file: resize06,
    words: 'Sent before the start, this request waits ten seconds for it and fails',
    where: 'anywhere',
    async check(target) {
      const id = await create(target, { Tty: true, Cmd: ['true'] })
      const path = `/v1.41/exec/${id}/resize?h=24&w=80`
      const { status } = await ask(target, 'POST', path, { patience: 20_000 })
      expect(status).toBe('500')
    },
  },
  {
    file: resize06,
    words: 'Sent behind the 101 it usually finds the process',
    where: 'anywhere',
    async check(target) {
      const steps = await walkThrough(target)
      const answers = steps[5]?.wire.filter(({ kind }) => kind === 'answer')
      expect(answers).toMatchObject([{ status: 200 }])
    },
  },
  {
    file: resize06,
    words: 'dockerd says 200, Podman 201',
    where: 'record',
    async check() {
      const name = 'resize behind the 101'
      expect(recorded('dockerd 20.10', name)).toMatch(/^200;/)
      expect(recorded('dockerd 28.5', name)).toMatch(/^200;/)
      expect(recorded('Podman 4.3', name)).toMatch(/^201;/)
    },
  },
  {
    file: exit07,
    words: '137 is 9, SIGKILL; 143 is 15, SIGTERM',
    where: 'anywhere',
    async check(target) {
      for (const [signal, code] of [
        ['KILL', 137],
        ['TERM', 143],
      ] as const) {
        const state = await lastState(target, ['sh', '-c', `kill -${signal} $$`])
        expect(state).toMatchObject({ exitCode: code })
      }
    },
  },
  {
    file: exit07,
    words:
      "126 and 127 come from the daemon's side when the command could not be started at all: its message was in the stream, and the code depends on the daemon",
    where: 'record',
    async check() {
      const name = 'run: a command that there is not'
      expect(recorded('dockerd 20.10', name)).toMatch(/^stdout "OCI .*exit code 126$/)
      expect(recorded('dockerd 28.5', name)).toMatch(/^stdout "OCI .*exit code 127$/)
      expect(recorded('Podman 4.3', name)).toMatch(/exit code 127$/)
    },
  },
  {
    file: exit07,
    words: 'The learner detached: the command runs on. `read escape sequence`, and 1',
    where: 'anywhere',
    async check(target) {
      const state = await lastState(target, ['sh'], '\x10\x11', true)
      expect(state).toMatchObject({ exitCode: 1, message: 'read escape sequence' })
    },
  },
  {
    file: exit07,
    words: 'We say what happened, and exit 1',
    where: 'practice',
    faults: ['reset'],
    async check(target) {
      const state = await lastState(target, ['sh', '-c', 'echo hi; sleep 1000'])
      expect(state).toMatchObject({ exitCode: 1, message: expect.stringMatching(/./) })
    },
  },
  {
    file: exit07,
    words: 'The daemon is gone: 255',
    where: 'practice',
    faults: ['gone-before-inspect'],
    async check(target) {
      const state = await lastState(target, ['true'])
      expect(state).toMatchObject({ exitCode: 255, message: expect.stringMatching(/./) })
    },
  },
  {
    file: exit07,
    words: 'the daemon keeps the exit code with the note of chapter 1, and we ask for it',
    where: 'anywhere',
    async check(target) {
      const id = await create(target, { AttachStdout: true, Cmd: ['sh', '-c', 'exit 5'] })
      await start(target, id)
      // The stream's end and the code are two steps of the daemon.
      await expect.poll(() => inspect(target, id)).toMatchObject({ ExitCode: 5 })
    },
  },
]
