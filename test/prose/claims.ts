/**
 * What the pages say about daemons, and how each claim is checked. A page names its claims in a
 * comment below the paragraph that makes them, each with the value that it asserts:
 *
 * ```text
 * <!-- claims: no-such-container 404, process-outlives-client -->
 * ```
 *
 * The value has to occur in the paragraph and in the run. The wording is free.
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
 * Where a claim can be checked: on any daemon, on the practice daemon, in a
 * container of an engine, or only against the record of daemons that are not
 * here.
 */
export type Place = 'anywhere' | 'practice' | 'engine' | 'record'

/** A claim, and how to check it. */
export type Claim = {
  /** Its name in the page: `no-such-container`. */
  readonly name: string
  readonly where: Place
  /** The faults that the practice daemon needs for it. */
  readonly faults?: readonly string[]
  /**
   * Finds out what the daemon does.
   *
   * @returns the value that the page has to name; nothing for a claim without
   * a value, which this function checks itself
   */
  readonly measure: (target: Target) => Promise<string | undefined>
}

/**
 * What other daemons did. Every test run compares it with the daemons that
 * are here.
 */
const record = JSON.parse(readPage('test/conformance/record.json')) as Records

function recorded(daemon: string, name: string): string {
  const observed = record[daemon]?.[name]
  if (observed === undefined) throw new Error(`the record of ${daemon} has no check "${name}"`)
  return observed
}

/** The first match in what a daemon did. */
function recordedPart(daemon: string, name: string, part: RegExp): string | undefined {
  return part.exec(recorded(daemon, name))?.[0]
}

/** `POST /containers/{name}/exec`: the status of the answer. */
async function statusOfCreate({ host, container }: Target, options: object = {}): Promise<string> {
  const path = `/v1.41/containers/${container}/exec`
  const body = { Cmd: ['true'], ...options }
  return (await ask({ host, container }, 'POST', path, { body })).status
}

/**
 * The status of a create in a container that was changed first: `pause`,
 * `stop`.
 */
async function statusAfter(target: Target, change: string): Promise<string> {
  await call(target.host, 'POST', `/containers/${target.container}/${change}`)
  return statusOfCreate(target)
}

/**
 * Runs a command to its end without a terminal, and returns the state after
 * the last stage.
 */
async function lastState(target: Target, command: readonly string[], input = '', tty = false) {
  const asked = tty ? { ...shell, command } : { command }
  return (await walkThrough(target, asked, input)).at(-1)?.after
}

/** The exit code of a command, and the message that comes with it. */
async function exitOf(target: Target, command: readonly string[], input = '', tty = false) {
  const state = await lastState(target, command, input, tty)
  return { code: String(state?.exitCode), message: String(state?.message) }
}

/** The exit code of a run that ends with a message. */
async function codeWithMessage(target: Target, command: readonly string[]): Promise<string> {
  const { code, message } = await exitOf(target, command)
  expect(message).toMatch(/./)
  return code
}

const versions = ['1.41', '1.42'] as const

/** The Content-Type of a 101, without the part that all share. */
async function contentType(target: Target, version: string, tty: boolean): Promise<string> {
  const api = `/v${version}`
  const id = await create(target, { AttachStdout: true, Tty: tty, Cmd: ['true'] }, api)
  const body = { Detach: false, Tty: tty }
  const { headers } = await start(target, id, { version: api, body })
  return (headers.get('content-type') ?? '').replace('application/vnd.docker.', '')
}

/**
 * The window size that a command finds when it starts, if both requests ask
 * for 33 by 99.
 */
async function firstSize(target: Target, version: string): Promise<string> {
  const size = { ConsoleSize: [33, 99] }
  const body = { AttachStdout: true, Tty: true, Cmd: ['stty', 'size'], ...size }
  const id = await create(target, body, `/v${version}`)
  const options = { version: `/v${version}`, body: { Detach: false, Tty: true, ...size } }
  const { rest } = await start(target, id, options)
  const printed = rest.toString().trim()
  // busybox cannot print a size of zero, and complains instead.
  return printed === 'stty: standard input' ? '0 0' : printed
}

/** The first API version for which something is true. */
async function firstVersion(isTrue: (version: string) => Promise<boolean>): Promise<string> {
  for (const version of versions) if (await isTrue(version)) return version
  return 'none'
}

/** All claims. */
export const claims: readonly Claim[] = [
  {
    name: 'no-process-before-start',
    where: 'engine',
    async measure(target) {
      await create(target, { Cmd: ['sleep', '1000'] })
      const { body } = await call(target.host, 'GET', `/containers/${target.container}/top`)
      expect((JSON.parse(body) as { Processes: unknown[] }).Processes).toHaveLength(1)
      return undefined
    },
  },
  {
    name: 'no-such-container',
    where: 'anywhere',
    measure: ({ host }) => statusOfCreate({ host, container: 'nosuchcontainer' }),
  },
  { name: 'not-running', where: 'engine', measure: (target) => statusAfter(target, 'stop') },
  {
    name: 'paused',
    where: 'engine',
    async measure(target) {
      const status = await statusAfter(target, 'pause')
      await call(target.host, 'POST', `/containers/${target.container}/unpause`)
      return status
    },
  },
  {
    name: 'note-lives-until-stop',
    where: 'engine',
    async measure(target) {
      const id = await create(target, { Cmd: ['true'] })
      const statusOfInspect = async (): Promise<string> =>
        (await ask(target, 'GET', `/v1.41/exec/${id}/json`)).status
      expect(await statusOfInspect()).toBe('200')
      await call(target.host, 'POST', `/containers/${target.container}/stop?t=0`)
      const status = await statusOfInspect()
      await call(target.host, 'POST', `/containers/${target.container}/start`)
      expect(await statusOfInspect()).toBe(status)
      return status
    },
  },
  {
    name: 'unknown-user',
    where: 'record',
    async measure() {
      const name = 'create: an unknown user'
      expect(recorded('dockerd 20.10', name)).toBe('201')
      return recordedPart('dockerd 28.5', name, /^\d+/)
    },
  },
  {
    name: 'impossible-detach-keys',
    where: 'anywhere',
    measure: (target) => statusOfCreate(target, { DetachKeys: 'ctrl-!!' }),
  },
  {
    name: 'upgraded-start',
    where: 'anywhere',
    async measure(target) {
      const id = await create(target, { AttachStdout: true, Cmd: ['true'] })
      return (await start(target, id)).status
    },
  },
  {
    name: 'start-without-upgrade',
    where: 'anywhere',
    async measure(target) {
      const id = await create(target, { AttachStdout: true, Cmd: ['echo', 'hi'] })
      const { status, rest } = await start(target, id, { headers: {} })
      expect(rest.toString()).toContain('hi')
      return status
    },
  },
  {
    name: 'detached-start',
    where: 'anywhere',
    async measure(target) {
      const id = await create(target, { Cmd: ['true'], Detach: true })
      const body = { Detach: true, Tty: false }
      const { status, rest } = await start(target, id, { headers: {}, body })
      expect(rest).toHaveLength(0)
      return status
    },
  },
  {
    name: 'process-outlives-client',
    where: 'record',
    async measure() {
      const name = 'the process keeps running after the client has disconnected'
      for (const daemon of Object.keys(record)) {
        expect(recorded(daemon, name)).toMatch(/^running true/)
      }
      return undefined
    },
  },
  {
    name: 'framed-by-tty-of-start',
    where: 'record',
    async measure() {
      const name = 'run: a tty in the start but not in the create'
      const raw = '"hi\\n"; ended; exit code 0'
      expect(recorded('dockerd 20.10', name)).toBe(raw)
      expect(recorded('dockerd 28.5', name)).toBe(raw)
      expect(recorded('Podman 4.3', name)).toContain('\\u0001\\u0000\\u0000\\u0000')
      return undefined
    },
  },
  {
    name: 'content-type-since',
    where: 'practice',
    measure: (target) =>
      firstVersion(async (version) => {
        const [raw, framed] = [
          await contentType(target, version, true),
          await contentType(target, version, false),
        ]
        return raw !== framed
      }),
  },
  { name: 'raw-type', where: 'practice', measure: (target) => contentType(target, '1.42', true) },
  {
    name: 'framed-type',
    where: 'practice',
    measure: (target) => contentType(target, '1.42', false),
  },
  {
    name: 'session-follows-101',
    where: 'anywhere',
    async measure(target) {
      const id = await create(target, { AttachStdout: true, Cmd: ['echo', 'hi'] })
      const { status, rest } = await start(target, id)
      expect([...rest.subarray(0, 8)]).toEqual([1, 0, 0, 0, 0, 0, 0, 3])
      return status
    },
  },
  {
    name: 'error-stream',
    where: 'record',
    async measure() {
      const feed = createDemultiplexer(() => {})
      const message = encodeFrame('systemError', Buffer.from('no space left'))
      expect(() => feed(message)).toThrow('error from daemon in stream: no space left')
      return String(message[0])
    },
  },
  {
    name: 'input-has-no-frames',
    where: 'anywhere',
    async measure(target) {
      const steps = await walkThrough(target, { command: ['sh'], interactive: true }, 'exit 0\n')
      const sent = steps.flatMap(({ wire }) => wire).filter(({ kind }) => kind === 'sent')
      expect(sent).toMatchObject([{ hex: Buffer.from('exit 0\n').toString('hex') }])
      return undefined
    },
  },
  {
    name: 'half-close-comes-first',
    where: 'anywhere',
    async measure(target) {
      const steps = await walkThrough(target, { command: ['echo', 'hi'] }, '')
      const kinds = steps.slice(2).flatMap(({ wire }) => wire.map(({ kind }) => kind))
      expect(kinds).not.toContain('sent')
      expect(kinds.filter((kind) => kind === 'half-close')).toHaveLength(1)
      expect(received(steps).subarray(8).toString()).toBe('hi\n')
      return undefined
    },
  },
  {
    name: 'first-size',
    where: 'anywhere',
    measure: async (target) => (await firstSize(target, '1.41')).replace(' ', ' by '),
  },
  {
    name: 'size-at-start-since',
    where: 'practice',
    measure: (target) =>
      firstVersion(async (version) => (await firstSize(target, version)) === '33 99'),
  },
  {
    name: 'resize-before-start',
    where: 'anywhere',
    async measure(target) {
      const id = await create(target, { Tty: true, Cmd: ['true'] })
      const path = `/v1.41/exec/${id}/resize?h=24&w=80`
      expect((await ask(target, 'POST', path, { silence: 20_000 })).status).toBe('500')
      return undefined
    },
  },
  {
    name: 'resize-after-upgrade',
    where: 'anywhere',
    async measure(target) {
      const steps = await walkThrough(target)
      const answers = steps.map(({ wire }) => wire.filter((event) => event.kind === 'answer'))
      expect(answers[5]).toMatchObject([{ status: 200 }])
      return String(answers[1]?.[0]?.status)
    },
  },
  ...(['dockerd 20.10', 'Podman 4.3'] as const).map(
    (daemon): Claim => ({
      name: daemon === 'Podman 4.3' ? 'resize-by-podman' : 'resize-by-dockerd',
      where: 'record',
      measure: async () => recordedPart(daemon, 'resize after the 101', /^\d+/),
    }),
  ),
  ...(
    [
      ['killed', 'KILL'],
      ['terminated', 'TERM'],
    ] as const
  ).map(
    ([name, signal]): Claim => ({
      name,
      where: 'anywhere',
      measure: async (target) => (await exitOf(target, ['sh', '-c', `kill -${signal} $$`])).code,
    }),
  ),
  ...(
    [
      ['not-found-2020', 'dockerd 20.10'],
      ['not-found-today', 'dockerd 28.5'],
    ] as const
  ).map(
    ([name, daemon]): Claim => ({
      name,
      where: 'record',
      async measure() {
        const check = 'run: an unknown command'
        expect(recorded(daemon, check)).toMatch(/^stdout "OCI /)
        return recordedPart(daemon, check, /(?<=exit code )\d+$/)
      },
    }),
  ),
  {
    name: 'detached-message',
    where: 'anywhere',
    measure: async (target) => (await exitOf(target, ['sh'], '\x10\x11', true)).message,
  },
  {
    name: 'detached-code',
    where: 'anywhere',
    measure: async (target) => (await exitOf(target, ['sh'], '\x10\x11', true)).code,
  },
  {
    name: 'broken-connection-code',
    where: 'practice',
    faults: ['reset'],
    measure: (target) => codeWithMessage(target, ['sh', '-c', 'echo hi; sleep 1000']),
  },
  {
    name: 'daemon-gone-code',
    where: 'practice',
    faults: ['gone-before-inspect'],
    measure: (target) => codeWithMessage(target, ['true']),
  },
  {
    name: 'code-kept-after-end',
    where: 'anywhere',
    async measure(target) {
      const id = await create(target, { AttachStdout: true, Cmd: ['sh', '-c', 'exit 5'] })
      await start(target, id)
      // The end of the stream and the exit code are two steps of the daemon.
      await expect.poll(() => inspect(target, id)).toMatchObject({ ExitCode: 5 })
      return undefined
    },
  },
]
