/**
 * Lines for a POSIX shell that send what a run sent, without the workbook.
 *
 * The lines are computed from the recorded run, so they exist for your own
 * run too. They work in `sh`, `dash`, `bash` and `zsh`, and need `curl` and
 * `node`.
 *
 * @module
 */

import { bytesOf, type EventOf, type TapeEvent } from '../tape/event.ts'
import { type SceneName, sceneOfRequest } from '../tape/scenes.ts'
import { printfText, quoted } from './shell-words.ts'

/** A line, and what it does. */
export type Step = { readonly line: string; readonly says: string }

/** How a reader sends what one event of a run sent. */
export type Reproduction = Step & {
  /** The exchange of the run that it repeats. */
  readonly scene: SceneName
  /** What the shell needs once, in order: a variable and functions. */
  readonly before: readonly Step[]
}

/** Returns what a shell needs once for all of these, in order. */
export function preparationFor(reproductions: readonly Reproduction[]): Step[] {
  const steps = reproductions.flatMap(({ before }) => before)
  return [...new Map(steps.map((step) => [step.line, step])).values()]
}

/**
 * Returns how to send what this event sent. Undefined for an event that sent
 * nothing, and for bytes that the tape does not hold.
 *
 * @param events - all events of the run
 */
export function reproductionOf(
  events: readonly TapeEvent[],
  event: TapeEvent,
): Reproduction | undefined {
  switch (event.kind) {
    case 'request':
      return event.connection === 1 ? ofRequest(events, event) : ofStart(events, event)
    case 'sent':
      return isFirst(events, event) ? ofSession(events, 'session') : undefined
    case 'half-close':
      return ofSession(events, 'half-close')
    case 'terminal':
      return ofTerminal(events, event)
    case 'window':
      return isFirst(events, event) ? ofWindow(event) : undefined
    default:
      return undefined
  }
}

/** The path of the daemon's socket. */
const socketStep: Step = {
  line: [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's.
    'SOCK=${DOCKER_HOST:-/var/run/docker.sock}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's.
    'SOCK=${SOCK#unix://}',
  ].join('\n'),
  says: 'The path of the daemon’s Unix socket: the one in DOCKER_HOST, or the usual one. Your user needs access to it.',
}

/** A function that sends a request, and then its input. */
const wireStep: Step = {
  line: `wire() {
  node -e '
    const socket = require("net").connect(process.argv[1])
    socket.write(process.argv[2])
    socket.once("data", () => process.stdin.pipe(socket))
    socket.pipe(process.stdout)
  ' "$SOCK" "$1" | od -v -A d -t x1c
}`,
  says: 'A function that sends a request, waits for the answer, and sends its own input. When the input ends, it closes its direction of the connection and keeps reading. It prints what comes back in hexadecimal and as characters. curl can’t do this: it speaks only HTTP. The wait matters, because dockerd loses input that arrives together with the request.',
}

/** Returns the request that a scene of the run sent. */
function requestOf(events: readonly TapeEvent[], scene: SceneName): EventOf<'request'> | undefined {
  return events.find(
    (event): event is EventOf<'request'> =>
      event.kind === 'request' && sceneOfRequest(event) === scene,
  )
}

function ofRequest(
  events: readonly TapeEvent[],
  request: EventOf<'request'>,
): Reproduction | undefined {
  const scene = sceneOfRequest(request)
  if (scene === undefined) return undefined
  const says = [
    requestSays(scene, request),
    `curl sends its own Host${request.body ? ', Content-Length' : ''} and User-Agent.`,
  ].join(' ')
  const line = curlLine(request)
  if (scene === 'inspect container' || scene === 'create') {
    return { scene, before: [socketStep], line, says }
  }
  const create = requestOf(events, 'create')
  const run = create && runFor(events, scene)
  if (!run) return undefined
  const before = [socketStep, createStep(create), ...run.before]
  return { scene, before, line: [...run.lines, line].join('\n'), says }
}

/** The seconds from the start to the resize, and from there to the end. */
const [untilResize, afterResize] = [2, 2]

/**
 * Returns the lines that have to run before a request about the exec, and
 * what they need. Undefined if they cannot be computed from the tape.
 */
function runFor(
  events: readonly TapeEvent[],
  scene: SceneName,
): { readonly before: Step[]; readonly lines: string[] } | undefined {
  if (scene === 'start') return { before: [], lines: ['create &&'] }
  const start = requestOf(events, 'start')
  if (start?.connection === 1) {
    return { before: [], lines: ['create &&', `${curlLine(start)} &&`] }
  }
  const session = sessionLine(events)
  if (!start || session === undefined) return undefined
  const before = [wireStep, startStep(start)]
  if (scene === 'resize') {
    const input = `{ sleep ${untilResize + afterResize}; ${lastKeys(events)}}`
    return {
      before,
      lines: ['create', `${input} | wire "$(start)" >/dev/null &`, `sleep ${untilResize}`],
    }
  }
  // A session that reads the keyboard has to show what came.
  const output = piecesOf(events) ? ' >/dev/null' : ''
  return { before, lines: ['create &&', `${session}${output} &&`] }
}

function requestSays(scene: SceneName, request: EventOf<'request'>): string {
  switch (scene) {
    case 'inspect container':
      return `Looks the container up. ${curlOptions} ${ownContainer}`
    case 'create':
      return `Creates an exec, and starts nothing. ${curlOptions} ${ownContainer}`
    case 'start':
      return 'Creates an exec, and starts it without a connection to it.'
    case 'resize':
      return `Creates an exec, starts it in the background, and after ${untilResize} seconds sends the size of the window, here ${request.path.split('?')[1]}. The command ends by itself.`
    default:
      return 'Runs the session once more, and then asks how its command ended.'
  }
}

/** What the options of curl mean. */
const curlOptions =
  'With -sS curl shows errors and no progress, and with -i it prints the head of the answer. The path has no API version, so the daemon uses its newest one. dockerd 20.10 and 28.5 and Podman 4.3 accept that.'

const ownContainer = 'Replace the container’s name in the path by the name of yours.'

/** A function that creates an exec and keeps its ID. */
function createStep(request: EventOf<'request'>): Step {
  const curl = curlLine(request).replace('curl -sSi', 'curl -sS').replaceAll('\n', '\n  ')
  return {
    line: `create() {\n  ID=$(${curl} |\n    tee /dev/stderr | sed -n 's/.*"Id":"\\([^"]*\\)".*/\\1/p')\n  [ "$ID" ]\n}`,
    says: `A function that creates an exec, prints the answer, and keeps the new ID in ID. It fails without one. An exec starts only once, so each exchange below creates its own. ${ownContainer}`,
  }
}

/** Returns the curl line of a request. */
function curlLine({ method, path, body }: EventOf<'request'>): string {
  const json = body.trimEnd()
  return [
    method === 'HEAD' ? 'curl -sSI' : 'curl -sSi',
    method === 'POST' && json === '' ? '-X POST' : '',
    '--unix-socket "$SOCK"',
    json === '' ? '' : `-H 'Content-Type: application/json' \\\n  -d ${quoted(json)} \\\n `,
    urlOf(path),
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** Returns the path without its version, and with `$ID` for the exec's ID. */
function shellPath(path: string): string {
  return path.replace(/^\/v[\d.]+(?=\/)/, '').replace(/^(\/exec\/)[^/]+/, '$1$ID')
}

function urlOf(path: string): string {
  const url = `http://localhost${shellPath(path)}`
  if (/^[\w.:/$-]+$/.test(url)) return url
  return url.includes('$ID') ? `"${url}"` : quoted(url)
}

function ofStart(
  events: readonly TapeEvent[],
  request: EventOf<'request'>,
): Reproduction | undefined {
  const create = requestOf(events, 'create')
  if (!create) return undefined
  const step = startStep(request)
  const keys = piecesOf(events) ? 'the last keys of the run' : 'exit and Enter'
  return {
    scene: 'start',
    before: [socketStep, createStep(create), wireStep],
    line: `${step.line}\ncreate &&\n${firstStart(events)}`,
    says: `${step.says} The lines below the function create an exec and start it${lastKeys(events) ? `. They also send ${keys}, so that the command doesn’t stay behind in the container` : ''}.`,
  }
}

/** Starts the exec without the input of the run, and lets the command end. */
function firstStart(events: readonly TapeEvent[]): string {
  const keys = lastKeys(events)
  if (keys) return `{ sleep 1; ${keys}} | wire "$(start)"`
  return (hasHalfClose(events) ? undefined : sessionLine(events)) ?? 'wire "$(start)" </dev/null'
}

/** Defines a function that prints the bytes of the start request. */
function startStep({ path, body, headers }: EventOf<'request'>): Step {
  const json = body.trimEnd()
  const lines = [
    `"POST ${shellPath(path)} HTTP/1.1" 'Host: localhost' \\`,
    `  'Connection: Upgrade' 'Upgrade: tcp' \\`,
    `  'Content-Type: application/json' 'Content-Length: ${Buffer.byteLength(json)}' ''`,
  ]
  const leftOut = headers
    .map(([name]) => name)
    .filter((name) => !/^(host|connection|upgrade|content-type|content-length)$/i.test(name))
  return {
    line: [
      'start() {',
      `  printf '%s\\r\\n' ${lines.join('\n  ')}`,
      `  printf %s ${quoted(json)}`,
      '}',
    ].join('\n'),
    says: `A function that prints the start request, each line of its head with \\r\\n, and an empty line at the end. A daemon refuses a request without Host, and dockerd one without Content-Type.${leftOut.length > 0 ? ` Left out, because no daemon asks for it: ${leftOut.join(', ')}.` : ''}`,
  }
}

function ofSession(
  events: readonly TapeEvent[],
  scene: 'session' | 'half-close',
): Reproduction | undefined {
  const [create, start] = [requestOf(events, 'create'), requestOf(events, 'start')]
  const line = sessionLine(events)
  if (!create || !start || line === undefined) return undefined
  return {
    scene,
    before: [socketStep, createStep(create), wireStep, startStep(start)],
    line: `create &&\n${line}`,
    says: sessionSays(scene, line, piecesOf(events) !== undefined),
  }
}

function sessionSays(scene: 'session' | 'half-close', line: string, hasInput: boolean): string {
  if (!hasInput) {
    return 'Creates an exec, starts it, waits for the 101, and sends what you type, line by line: this tape has only the lengths of the input. Ctrl-D ends your input. wire then closes its direction of the connection, and still prints what the daemon sends.'
  }
  if (scene === 'half-close') {
    return 'The input of wire ends after the last byte. wire closes its direction of the connection, and still prints what the daemon sends.'
  }
  const pauses = line.includes('sleep') ? ' The pauses give the command time to answer.' : ''
  return `Creates an exec, starts it, waits for the 101, and sends what the run sent.${pauses}`
}

/** Input that the client sent at a time, and when the command answered. */
type Piece = { input: string; at: number; answeredAt: number }

/** The control keys that a program acts on at once. */
const keysThatAct = ['\x03', '\x04', '\n', '\r', '\x1a', '\x1c']

/**
 * The terminal's answer to `ESC[6n`, with the place of the cursor. It is not
 * a key, and a shell that didn't ask takes it for some.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it begins with ESC.
const cursorReport = /\x1b\[\d+;\d+R/g

/** How much input a reader may be asked to type, in bytes. */
const maxInput = 2000

/**
 * Returns the session to its end. If the tape lacks its input, the line reads
 * from the keyboard. Undefined if the run had no session.
 */
function sessionLine(events: readonly TapeEvent[]): string | undefined {
  const pieces = piecesOf(events)
  if (!pieces) return 'wire "$(start)"'
  const [start, ...inputs] = pieces
  if (!start) return undefined
  const steps = inputs.flatMap((piece) => [printfOf(piece), `sleep ${secondsAfter(piece)}`])
  // Without a half-close of ours, the input lasts until the command ends.
  if (hasHalfClose(events)) steps.pop()
  else steps.unshift(`sleep ${secondsAfter(start)}`)
  const [first] = steps
  if (first === undefined) return 'wire "$(start)" </dev/null'
  return `${steps.length > 1 ? `{ ${steps.join('; ')}; }` : first} | wire "$(start)"`
}

/**
 * Returns what the client sent on the hijacked connection: first the start
 * request, as a piece without input, then the input. A piece ends with a key
 * that the program acts on.
 */
function piecesOf(events: readonly TapeEvent[]): Piece[] | undefined {
  const pieces: Piece[] = []
  for (const event of events) {
    const last = pieces.at(-1)
    if (event.kind === 'upgrade') pieces.push({ input: '', at: event.at, answeredAt: event.at })
    if (event.kind === 'sent') {
      const bytes = bytesOf(event)
      if (bytes.length < event.length) return undefined
      const input = bytes.toString('latin1').replaceAll(cursorReport, '')
      if (input === '' || !last) continue
      if (last.input === '' || keysThatAct.includes(last.input.slice(-1))) {
        pieces.push({ input, at: event.at, answeredAt: event.at })
      } else {
        last.input += input
        last.at = event.at
      }
    }
    if ((event.kind === 'received' || event.kind === 'end') && last) last.answeredAt = event.at
  }
  const length = pieces.reduce((sum, { input }) => sum + input.length, 0)
  return length > maxInput ? undefined : pieces
}

function printfOf({ input }: Piece): string {
  return printfText(Buffer.from(input, 'latin1'))
}

/** Returns how long the command took to answer, in whole seconds. */
function secondsAfter({ at, answeredAt }: Piece): number {
  return Math.max(1, Math.ceil((answeredAt - at) / 1000))
}

/**
 * Returns what sends the last keys of a run in a terminal, such as `exit`,
 * which is also the guess if the tape lacks the keys.
 */
function lastKeys(events: readonly TapeEvent[]): string {
  if (hasHalfClose(events)) return ''
  const pieces = piecesOf(events)
  if (!pieces) return "printf 'exit\\r'; sleep 1; "
  const last = pieces.slice(1).at(-1)
  if (!last) return ''
  return `${printfOf(last)}; sleep ${secondsAfter(last)}; `
}

function hasHalfClose(events: readonly TapeEvent[]): boolean {
  return events.some(({ kind }) => kind === 'half-close')
}

function isFirst(events: readonly TapeEvent[], event: TapeEvent): boolean {
  return event === events.find(({ kind }) => kind === event.kind)
}

function ofWindow({ rows, columns }: EventOf<'window'>): Reproduction {
  return {
    scene: 'resize',
    before: [],
    line: 'stty size',
    says: `Prints the rows and columns of your window. In this run they were ${rows} and ${columns}.`,
  }
}

function ofTerminal(
  events: readonly TapeEvent[],
  event: EventOf<'terminal'>,
): Reproduction | undefined {
  if (event.moment === 'after') return undefined
  const before = events.find((other) => other.kind === 'terminal')
  if (event.moment === 'before' || !before) {
    return {
      scene: 'raw mode',
      before: [],
      line: 'stty -a',
      says: 'Prints the flags of your terminal. A minus means that a flag is off.',
    }
  }
  const changed = Object.entries(event.flags)
    .filter(([name, isOn]) => before.flags[name] !== isOn)
    .map(([name, isOn]) => (isOn ? name : `-${name}`))
  return {
    scene: 'raw mode',
    before: [],
    line: [
      `{ old=$(stty -g); stty ${changed.join(' ')}`,
      `  keys=$(dd bs=1 count=3 2>/dev/null | od -t x1c); stty "$old"`,
      `  printf '%s\\n' "$keys"; }`,
    ].join('\n'),
    says: 'Changes the flags that the run changed, reads three bytes from your keyboard, restores the terminal, and prints the bytes. Press an arrow key once, or Ctrl-C three times. The braces make one command of it, so the terminal is restored before your shell reads the next line. If you get stuck in raw mode, type stty sane and press Ctrl-J.',
  }
}
