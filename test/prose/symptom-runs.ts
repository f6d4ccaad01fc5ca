/**
 * The runs behind the tapes of docs/symptoms.md: what goes wrong in each, and
 * the bytes that show it.
 *
 * @module
 */

import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { hasBytes, type TapeEvent } from '../../src/tape/event.ts'
import { parseTape } from '../../src/tape/read.ts'
import { withPractice } from '../practice/daemon.ts'
import { call } from '../support/api.ts'
import { startContainer } from '../support/engine.ts'
import { type ProxyFault, startFaultyProxy } from '../support/faulty-proxy.ts'
import { temporaryFolder } from '../support/folder.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { start } from '../support/run.ts'
import { script } from '../support/scripts.ts'

/** Where the run takes place. */
export type Setting =
  /** An engine, behind a proxy if one is named. */
  | { readonly engine: ProxyFault | 'healthy' | 'stopped container' }
  /** The practice daemon with a fault. */
  | { readonly practice: string }

/** A run that ends up on a tape. */
export type SymptomRun = {
  /** The name of the tape without `symptom-`. */
  readonly name: string
  readonly setting: Setting
  /** The words behind `npm run chapter -- 7`: options, then the command. */
  readonly options?: readonly string[]
  readonly command: readonly string[]
  /** What a pipe gives us before it ends; without it the input is empty. */
  readonly input?: string
  /** Whether the pipe stays open until the first output. */
  readonly endsInputAfterOutput?: true
  /** The person at the terminal. Without it there is no terminal. */
  readonly sit?: (terminal: Terminal) => Promise<void>
  readonly env?: Readonly<Record<string, string>>
  /** Whether the client hangs, and has to be stopped. */
  readonly hangs?: true
  /** What the page marks: the kind of event, and its guilty bytes. */
  readonly guilty: readonly { readonly kind: TapeEvent['kind']; readonly bytes: string }[]
  /** What Podman does instead. */
  readonly podman?: string
  /** Whether events show the symptom. */
  readonly shows: (events: readonly TapeEvent[]) => boolean
}

const receivedText = (events: readonly TapeEvent[]): string =>
  Buffer.concat(
    events.flatMap((event) =>
      event.kind === 'received' ? [Buffer.from(event.hex ?? '', 'hex')] : [],
    ),
  ).toString('latin1')

const has = (events: readonly TapeEvent[], kind: TapeEvent['kind']): boolean =>
  events.some((event) => event.kind === kind)

const answered = (events: readonly TapeEvent[], path: RegExp, body: RegExp): boolean =>
  events.some(
    (event, at) =>
      event.kind === 'answer' &&
      body.test(`${event.status} ${event.body}`) &&
      events
        .slice(0, at)
        .findLast(
          (earlier) =>
            earlier.kind === 'request' &&
            earlier.connection === event.connection &&
            path.test(earlier.path),
        ) !== undefined,
  )

/** Types a key once the terminal is raw, so that it is not echoed by it. */
async function typeRaw(terminal: Terminal, ...keys: readonly string[]): Promise<void> {
  await expect.poll(() => terminal.describeModes()).toContain('-icanon')
  for (const key of keys) {
    terminal.type(key)
    await wait(300)
  }
}

const start404 = /\/start$/

/** The runs, in the order of the page. */
export const symptomRuns: readonly SymptomRun[] = [
  {
    name: 'proxy-closes',
    setting: { engine: 'closes-at-half-close' },
    options: ['--no-stdin'],
    // Output that is faster than the half-close would still arrive.
    command: ['sh', '-c', 'sleep 1; echo hello'],
    guilty: [{ kind: 'half-close', bytes: '' }],
    shows: (events) => has(events, 'half-close') && receivedText(events) === '',
  },
  {
    name: 'early-bytes',
    setting: { practice: 'early-output' },
    command: ['echo', 'hello'],
    guilty: [{ kind: 'received', bytes: '\x01\0\0\0\0\0\0\x06hello\n' }],
    shows: (events) =>
      events.some(
        (event) =>
          event.kind === 'stage ended' && event.state.early !== '<0 bytes>' && event.number === 3,
      ),
  },
  {
    name: 'nat-forgets',
    setting: { engine: 'forgets-half-closed' },
    options: ['--no-stdin'],
    command: ['sh', '-c', 'echo begin; sleep 2; echo done'],
    hangs: true,
    guilty: [{ kind: 'half-close', bytes: '' }],
    shows: (events) => !receivedText(events).includes('done') && !has(events, 'end'),
  },
  {
    name: 'no-half-close',
    setting: { engine: 'keeps-half-close' },
    command: ['sh', '-c', 'cat; echo end of input'],
    input: 'hello\n',
    hangs: true,
    guilty: [{ kind: 'half-close', bytes: '' }],
    shows: (events) =>
      has(events, 'half-close') &&
      !receivedText(events).includes('end of input') &&
      !has(events, 'end'),
  },
  {
    name: 'never-closed',
    setting: { engine: 'keeps-end' },
    command: ['echo', 'hello'],
    hangs: true,
    guilty: [{ kind: 'received', bytes: 'hello\n' }],
    shows: (events) => receivedText(events).includes('hello') && !has(events, 'end'),
  },
  {
    name: 'frame-header',
    setting: { engine: 'healthy' },
    command: ['echo', 'hello'],
    guilty: [{ kind: 'received', bytes: '\x01\0\0\0\0\0\0\x06' }],
    shows: (events) => receivedText(events) === '\x01\0\0\0\0\0\0\x06hello\n',
  },
  {
    name: 'two-streams',
    setting: { engine: 'healthy' },
    command: ['sh', '-c', 'echo out; sleep 0.2; echo err >&2'],
    guilty: [{ kind: 'received', bytes: '\x02' }],
    shows: (events) =>
      receivedText(events) === '\x01\0\0\0\0\0\0\x04out\n\x02\0\0\0\0\0\0\x04err\n',
  },
  {
    name: 'carriage-return',
    setting: { engine: 'healthy' },
    options: ['-t', '--no-stdin'],
    command: ['sh', '-c', 'echo out; echo err >&2'],
    guilty: [{ kind: 'received', bytes: '\r' }],
    shows: (events) => receivedText(events) === 'out\r\nerr\r\n',
  },
  {
    name: 'echoed-twice',
    setting: { engine: 'healthy' },
    command: ['sh', '-c', 'read -r line; echo "you typed $line"'],
    env: { NORAW: '1' },
    async sit(terminal) {
      await terminal.waitFor('── the session')
      await wait(500)
      terminal.type('hello\n')
    },
    guilty: [{ kind: 'sent', bytes: '\n' }],
    shows: (events) =>
      events.some((event) => event.kind === 'sent' && event.hex === '68656c6c6f0a') &&
      receivedText(events) === 'hello\r\nyou typed hello\r\n',
  },
  {
    name: 'resize-refused',
    setting: { practice: 'resize-refused=100' },
    command: ['sh', '-c', 'sleep 1; stty size'],
    // From API 1.42 on, the create brings the first size.
    env: { DOCKER_API_VERSION: '1.41' },
    sit: async () => {},
    guilty: [
      { kind: 'answer', bytes: '500' },
      { kind: 'received', bytes: '0 0' },
    ],
    shows: (events) =>
      // The first try, and ten more.
      events.filter((event) => event.kind === 'answer' && event.status === 500).length === 11 &&
      receivedText(events) === '0 0\r\n',
  },
  {
    name: 'ctrl-c',
    setting: { engine: 'healthy' },
    command: ['sleep', '60'],
    sit: (terminal) => typeRaw(terminal, '\x03'),
    guilty: [{ kind: 'sent', bytes: '\x03' }],
    shows: (events) => events.some((event) => event.kind === 'sent' && event.hex === '03'),
  },
  {
    name: 'ctrl-p',
    setting: { engine: 'healthy' },
    command: ['cat'],
    sit: (terminal) => typeRaw(terminal, 'a', '\x10', 'b', '\r', '\x04'),
    guilty: [{ kind: 'sent', bytes: '\x10' }],
    // The key was pressed 300 ms before the next one, and is sent with it.
    shows: (events) => {
      const sent = events.filter(hasBytes).filter(({ kind }) => kind === 'sent')
      const at = sent.findIndex(({ hex }) => hex === '10')
      const [held, next] = [sent[at], sent[at + 1]]
      return next?.hex === '62' && next.at - (held?.at ?? 0) < 100
    },
  },
  {
    name: 'lost-rest',
    setting: { engine: 'closes-at-half-close' },
    command: ['sh', '-c', 'echo begin; cat; sleep 1; echo rest'],
    endsInputAfterOutput: true,
    guilty: [{ kind: 'answer', bytes: '"Running":true,"ExitCode":null' }],
    shows: (events) =>
      receivedText(events).includes('begin') &&
      !receivedText(events).includes('rest') &&
      answered(events, /\/json$/, /"Running":true/),
  },
  {
    name: 'no-exit-code',
    setting: { engine: 'cuts-output' },
    command: ['sh', '-c', 'echo hello; sleep 3; exit 5'],
    guilty: [{ kind: 'answer', bytes: '"ExitCode":null' }],
    podman: 'Podman answers 0 for an exit code that it does not know yet',
    shows: (events) => answered(events, /\/exec\/\w+\/json$/, /"ExitCode":null/),
  },
  {
    name: 'not-found',
    setting: { engine: 'healthy' },
    command: ['bash'],
    guilty: [{ kind: 'received', bytes: '\x01' }],
    shows: (events) => receivedText(events).includes('executable file not found in $PATH'),
  },
  {
    name: 'received-200',
    setting: { engine: 'drops-upgrade' },
    command: ['echo', 'hello'],
    guilty: [{ kind: 'answer', bytes: '200' }],
    shows: (events) => answered(events, start404, /^200 /),
  },
  {
    name: 'received-403',
    setting: { engine: 'refuses-start' },
    command: ['echo', 'hello'],
    guilty: [{ kind: 'answer', bytes: '403' }],
    shows: (events) => answered(events, start404, /^403 exec is not allowed here/),
  },
  {
    name: 'not-running',
    setting: { engine: 'stopped container' },
    command: ['echo', 'hello'],
    guilty: [{ kind: 'answer', bytes: '409' }],
    podman: 'Podman refuses an exec in a stopped container with 500',
    shows: (events) => answered(events, /\/exec$/, /^409 .* is not running/),
  },
  {
    name: 'no-such-exec',
    setting: { engine: 'starts-elsewhere' },
    command: ['echo', 'hello'],
    guilty: [{ kind: 'answer', bytes: '404' }],
    shows: (events) => answered(events, start404, /^404 .*No such exec instance/),
  },
]

/** Runs it on the engine at `host`, and returns the text of its tape. */
export async function recordRun(run: SymptomRun, host: string): Promise<string> {
  const { setting } = run
  if ('practice' in setting) {
    const text = await withPractice([setting.practice], (daemon) =>
      record(run, daemon.host, daemon.container),
    )
    return text.replaceAll(`${tmpdir()}/practice-`, '/srv/practice-')
  }
  const box = await startContainer()
  try {
    if (setting.engine === 'stopped container') await box.stop()
    const text = await throughProxy(run, setting.engine, host, box.name)
    return withoutTraces(text, box.name, await dataRoot(host))
  } finally {
    await box.release()
  }
}

async function throughProxy(
  run: SymptomRun,
  fault: ProxyFault | 'healthy' | 'stopped container',
  host: string,
  container: string,
): Promise<string> {
  if (fault === 'healthy' || fault === 'stopped container') return record(run, host, container)
  return withPractice([], async (other) => {
    const proxy = await startFaultyProxy(host, fault, other.host)
    try {
      return await record(run, proxy.host, container)
    } finally {
      await proxy.stop()
    }
  })
}

/** How long a client that hangs is watched, in milliseconds. */
const patience = 4000

async function record(run: SymptomRun, host: string, container: string): Promise<string> {
  const file = join(temporaryFolder('wbsy'), 'run.tape')
  const options = ['--plain', '--keep-typed', '--tape', file, '--host', host]
  const words = [...options, ...(run.options ?? []), '7', container, ...run.command]
  const [command, ...args] = script('chapter', ...words)
  const env = { NORAW: undefined, DOCKER_API_VERSION: undefined, ...run.env }
  if (run.sit) {
    const terminal = openTerminal(command, args, { env })
    try {
      await run.sit(terminal)
      await terminal.ended
    } finally {
      await terminal.stop()
    }
  } else {
    const stdin = run.endsInputAfterOutput ? 'open' : (run.input ?? 'ignore')
    const client = start(command, args, { stdin, env })
    // A tape is saved while it grows.
    const tapeHas = (kind: string) =>
      expect
        .poll(() => existsSync(file) && readFileSync(file, 'utf8'))
        .toContain(`"kind":"${kind}"`)
    if (run.endsInputAfterOutput) {
      await tapeHas('received')
      client.endInput()
    }
    if (run.hangs) {
      await tapeHas('half-close')
      await wait(patience)
      client.signal('SIGTERM')
    }
    await client.ended
  }
  return readFileSync(file, 'utf8')
}

async function dataRoot(host: string): Promise<string> {
  const { body } = await call(host, 'GET', '/info')
  return (JSON.parse(body) as { DockerRootDir?: string }).DockerRootDir ?? '/var/lib/docker'
}

/** Replaces what differs from machine to machine. */
function withoutTraces(text: string, container: string, root: string): string {
  return text
    .replaceAll(container, 'box')
    .replaceAll(root, '/var/lib/docker')
    .replaceAll(/\\"SandboxKey\\":\\"[^"]*\/netns\//g, '\\"SandboxKey\\":\\"/var/run/docker/netns/')
    .replaceAll(/\\"Labels\\":\{[^}]*\}/g, '\\"Labels\\":{}')
}

/** The events of a tape's text. */
export function eventsOf(text: string): readonly TapeEvent[] {
  return parseTape(text, 'the tape of a symptom').events
}
