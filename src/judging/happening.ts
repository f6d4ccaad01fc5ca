/**
 * What a check sees of a session, in the order in which it happened, and how it is shown.
 *
 * @module
 */

import { hexText, visibleText } from '../text/hex.ts'

/** One thing that happened, on the wire, at the terminal, or in the scope. */
export type Happening =
  | {
      readonly kind: 'request'
      readonly method: string
      /** Without the version: `/exec/fc9c…/start`. */
      readonly path: string
      readonly body: unknown
      /** Whether it asked for the connection: `Upgrade: tcp`. */
      readonly upgrade: boolean
    }
  | { readonly kind: 'answer'; readonly path: string; readonly status: number }
  | { readonly kind: 'sent' | 'received'; readonly bytes: Uint8Array }
  | { readonly kind: 'we half-closed' | 'the daemon ended' | 'we cut the connection' }
  | { readonly kind: 'keep-alive'; readonly milliseconds: number }
  | { readonly kind: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  | { readonly kind: 'raw' | 'restored' | 'reads input' | 'stops reading' | 'input ended' }
  /** The learner's loop has said that it cannot take more yet, and later that it can. */
  | { readonly kind: 'input waits' | 'input goes on' }
  | { readonly kind: 'listens to the window' | 'stops listening' }
  | { readonly kind: 'held' | 'given back'; readonly label: string }
  | { readonly kind: 'your stage begins' | 'your stage has returned' }

/** Things that happened side by side have no order between them, so each has a lane of its own. */
const lanes: Readonly<Record<string, readonly Happening['kind'][]>> = {
  'requests and answers': ['request', 'answer'],
  'the hijacked connection': [
    'sent',
    'received',
    'we half-closed',
    'the daemon ended',
    'we cut the connection',
    'keep-alive',
  ],
  'the terminal': [
    'raw',
    'restored',
    'reads input',
    'stops reading',
    'listens to the window',
    'stops listening',
  ],
  output: ['stdout', 'stderr'],
  'held and given back': ['held', 'given back'],
}

/** Shows what happened, lane by lane. Neighbouring bytes of one kind are one line. */
export function timelineText(happenings: readonly Happening[]): string {
  return Object.entries(lanes)
    .map(([lane, kinds]) => {
      const lines = joinBytes(happenings.filter(({ kind }) => kinds.includes(kind))).map(lineOf)
      return `${lane}\n${lines.map((line) => `  ${line}\n`).join('') || '  nothing\n'}`
    })
    .join('')
}

function joinBytes(happenings: readonly Happening[]): Happening[] {
  const joined: Happening[] = []
  for (const happening of happenings) {
    const last = joined.at(-1)
    if ('bytes' in happening && last?.kind === happening.kind && 'bytes' in last) {
      const bytes = Buffer.concat([last.bytes, happening.bytes])
      joined[joined.length - 1] = { ...happening, bytes }
    } else {
      joined.push(happening)
    }
  }
  return joined
}

function lineOf(happening: Happening): string {
  switch (happening.kind) {
    case 'request': {
      const { method, path, body, upgrade } = happening
      const wants = upgrade ? '  Upgrade: tcp' : ''
      return `→ ${method} ${withoutIds(path)}${wants}${body === undefined ? '' : `  ${JSON.stringify(body)}`}`
    }
    case 'answer':
      return `← ${happening.status}  (${withoutIds(happening.path)})`
    case 'sent':
      return `→ ${bytesText(happening.bytes)}`
    case 'received':
      return `← ${bytesText(happening.bytes)}`
    case 'we half-closed':
      return '→ half-close: we write no more'
    case 'the daemon ended':
      return '← the daemon writes no more'
    case 'we cut the connection':
      return '→ the connection is cut in both directions'
    case 'keep-alive':
      return `  TCP keep-alive after ${happening.milliseconds} ms`
    case 'stdout':
    case 'stderr':
      return `${happening.kind} ${bytesText(happening.bytes)}`
    case 'held':
    case 'given back':
      return `${happening.kind}: ${happening.label}`
    default:
      return happening.kind
  }
}

/** Takes out of a text what differs from run to run and would make every line a difference. */
export function withoutIds(path: string): string {
  return path.replace(/[0-9a-f]{64}/g, 'ID').replace(/\/containers\/[^/]+/, '/containers/box')
}

/** `68 69 0a  hi·`: hexadecimal digits, and the characters that they are. */
export function bytesText(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, 24)
  const more = bytes.length > shown.length ? ` … ${bytes.length} bytes` : ''
  return `${hexText(shown)}${more}  ${visibleText(shown)}`
}
