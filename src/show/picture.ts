/**
 * Draws the connections at one moment of a run: you, your terminal, this
 * client, the two connections, the daemon, the container's terminal and the
 * command.
 *
 * @module
 */

import type { Moment } from '../tape/moments.ts'
import { sizesIn } from '../tasks/session-evidence.ts'
import { printableLine } from '../text/printable.ts'
import { cutText, padText, widthOf } from '../text/width.ts'
import type { Page } from './stage-lines.ts'

/** What the picture shows. */
export type Connections = {
  /** What connects you to the client. */
  readonly yours: 'terminal' | 'pipes'
  /** The note under it: `raw, 24x80`. */
  readonly yoursNote: string
  readonly connection1: 'closed' | 'HTTP'
  readonly connection2: Moment['connection2']
  /**
   * Status of the command. `created` means that the exec exists but has not
   * started.
   */
  readonly command: 'unknown' | 'created' | 'running' | 'ended'
  readonly commandName: string
  /** The exit code, once it is known. */
  readonly exitCode: number | undefined
  /**
   * Whether the command has a terminal in the container, and the note under
   * it.
   */
  readonly hasTty: boolean
  readonly ttyNote: string
}

/** Returns the connections before a run: only your side. */
export function beforeRun(yours: Connections['yours']): Connections {
  return {
    ...{ yours, yoursNote: '', connection1: 'closed', connection2: 'not open' },
    ...{ command: 'unknown', commandName: '', exitCode: undefined, hasTty: false, ttyNote: '' },
  }
}

/** Returns the connections after the last of these moments. */
export function connectionsAt(moments: readonly Moment[]): Connections {
  const last = moments.at(-1)
  if (!last) return beforeRun('terminal')
  const { state, window } = last
  const [name = ''] = Array.isArray(state.command) ? (state.command as string[]) : []
  const exitCode = typeof state.exitCode === 'number' ? state.exitCode : undefined
  const hasTty = state.tty === true
  const size = sizeInContainer(moments)
  const raw = last.terminal === 'raw' ? ['raw'] : []
  return {
    yours: last.terminal === 'none' ? 'pipes' : 'terminal',
    yoursNote: [...raw, ...(window ? [`${window.rows}x${window.columns}`] : [])].join(', '),
    connection1: last.connection1 === 'HTTP' ? 'HTTP' : 'closed',
    connection2: last.connection2,
    command: commandAt(moments, exitCode),
    commandName: printableLine(name),
    exitCode,
    hasTty,
    ttyNote: hasTty ? size : '',
  }
}

/** Derives the command's status from the requests and answers. */
function commandAt(
  moments: readonly Moment[],
  exitCode: number | undefined,
): Connections['command'] {
  const { connection2 = 'not open', state = {} } = moments.at(-1) ?? {}
  if (exitCode !== undefined || moments.some(({ event }) => event.kind === 'end')) return 'ended'
  // We closed the connection. The command keeps running.
  if (connection2 === 'ended') return 'running'
  const isDetached = state.detach === true && 'reply' in state
  if (isDetached || connection2 === 'hijacked' || connection2 === 'half-closed') return 'running'
  const wasCreated = moments.some(
    ({ event }) => event.kind === 'answer' && event.status === 201 && event.connection === 1,
  )
  return wasCreated ? 'created' : 'unknown'
}

/** Returns the last size that the daemon accepted, as `24x80`. */
function sizeInContainer(moments: readonly Moment[]): string {
  const size = sizesIn(moments.map(({ event }) => event)).at(-1)
  return size ? `${size.rows}x${size.columns}` : ''
}

/** A narrower window gets a list instead of the picture. */
const narrowest = 72

/** The column of each part in a wide window. */
const layout = { yours: 8, client: 21, left: 24, daemon: 47, right: 49, container: 57 }

/** Returns the picture: three lines, or a list in a narrow window. */
export function pictureLines(connections: Connections, { width, style }: Page): string[] {
  if (width < narrowest) return listLines(connections, { width, style })
  const { yours, yoursNote, command, hasTty, ttyNote } = connections
  const [first, second] = linkTexts(connections)
  const room = layout.right - layout.left - 1
  const link = (corners: string, text: string, line: string): string =>
    text === '' ? ' '.repeat(room + 2) : `${corners[0]}${padLine(text, room, line)}${corners[1]}`
  const [name, note] = commandTexts(connections)
  const toCommand = command === 'created' ? '┄┄' : '──'
  const inContainer =
    command === 'unknown' ? '' : ` ${toCommand} ${hasTty ? `terminal ${toCommand} ${name}` : name}`
  const noteAt = hasTty ? 'terminal ── '.length : 0
  const containerNote = `${padText(hasTty ? ttyNote : '', noteAt)}${note}`
  const isThick = second.includes('═')
  const place = command === 'unknown' ? '' : style.dim('in the container')
  const top = [
    ' '.repeat(layout.left),
    style.first(link('┌┐', first, '─')),
    `${' '.repeat(layout.container - layout.right - 1)}${place}`,
  ].join('')
  const middle = [
    'you ─── ',
    `${padLine(`${yours} `, layout.client - layout.yours - 1, '─')} `,
    padText('this client', layout.daemon - layout.client),
    `daemon${inContainer}`,
  ].join('')
  const bottom = [
    `${' '.repeat(layout.yours)}${padText(cutText(yoursNote, 15), layout.left - layout.yours)}`,
    style.second(link(isThick ? '╚╝' : '└┘', second, isThick ? '═' : '─')),
    `${' '.repeat(layout.container - layout.right - 1)}${containerNote}`,
  ].join('')
  const isEmpty = { top: first === '', bottom: second === '' && yoursNote === '' }
  return [
    ...(isEmpty.top ? [] : [top]),
    cutText(middle, width),
    ...(isEmpty.bottom ? [] : [bottom.trimEnd()]),
  ]
}

/**
 * The labels on the lines of the two connections. Empty for a closed
 * connection.
 */
function linkTexts({ connection1, connection2 }: Connections): readonly [string, string] {
  const first = connection1 === 'HTTP' ? '─1─ HTTP ' : ''
  switch (connection2) {
    case 'not open':
      return [first, '']
    case 'HTTP':
      return [first, '─2─ HTTP ']
    case 'hijacked':
      return [first, '═2═ hijacked ']
    case 'half-closed':
      return [first, '═2═ half-closed ']
    case 'ended':
      return [first, '─2─ closed ']
  }
}

function padLine(text: string, width: number, line: string): string {
  return `${text}${line.repeat(Math.max(0, width - widthOf(text)))}`
}

/** The name of the command, and the note under it. */
function commandTexts({ command, commandName, exitCode }: Connections): readonly [string, string] {
  const name = cutText(commandName || 'the command', 10)
  switch (command) {
    case 'unknown':
      return ['', '']
    case 'created':
      return [name, 'not started']
    case 'running':
      return [name, 'running']
    case 'ended':
      return [name, exitCode === undefined ? 'ended' : `exit code ${exitCode}`]
  }
}

function listLines(connections: Connections, { width, style }: Page): string[] {
  const { yours, yoursNote, hasTty, ttyNote, command } = connections
  const [first, second] = linkTexts(connections)
  const [name, note] = commandTexts(connections)
  const noted = (text: string, extra: string): string => (extra === '' ? text : `${text}: ${extra}`)
  const terminal = hasTty ? ['terminal'] : []
  const line = (text: string): string => cutText(text, width)
  return [
    'you',
    line(`└ ${noted(yours, yoursNote)}`),
    '  └ this client',
    ...(first === '' ? [] : [style.first(line(`    ├${first}── daemon`))]),
    ...(second === '' ? [] : [style.second(line(`    └${second}── daemon`))]),
    ...(command === 'unknown'
      ? []
      : terminal.map((text) => line(`      └ ${noted(text, ttyNote)}`))),
    ...(command === 'unknown' ? [] : [line(`      ${hasTty ? '  ' : ''}└ ${noted(name, note)}`)]),
  ]
}
