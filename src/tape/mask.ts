/**
 * Removes secrets from what a run shows and records:
 *
 * - The values of environment variables. Their names stay: `NAME=…`.
 * - Authorization headers, and on a request every header that is not our own.
 *   Those come from the learner's docker configuration and often hold a token
 *   for a proxy.
 * - Values named token, secret, password and the like.
 *
 * A tape may be shared, so {@link maskLearner} also removes what identifies
 * the learner's machine. Bytes that a command printed are not searched.
 *
 * @module
 */

import { homedir, hostname } from 'node:os'
import { userName } from '../process/learner.ts'
import type { Happened, TapedState } from './event.ts'

/** Replaces a masked value. */
export const masked = '…'

/** Names whose values are secret. */
const secretName =
  /token|secret|passw(or)?d|passphrase|credential|authorization|^auths?$|(api|access|private|encryption|signing)[_-]?key/i

/** Headers that carry credentials, in either direction. */
const secretHeader = /auth|cookie|token|secret|key|passw(or)?d|credential|x-registry-config/i

/** The headers that our own client sets. */
const ownHeaders = new Set([
  'host',
  'connection',
  'upgrade',
  'user-agent',
  'content-type',
  'content-length',
  'transfer-encoding',
])

/**
 * `PASSWORD=…`, `--api-key=…`, `token: …` anywhere in a text. The lengths are
 * limited because an unlimited search takes minutes on a long word, and a
 * daemon may send one.
 */
const secretInText =
  /([\w.-]{0,40}(?:token|secret|passw(?:or)?d|passphrase|credential|(?:api|access|private)[_-]?key)[\w.-]{0,40}["']?\s{0,3}[=:]\s{0,3})("[^"]*"|'[^']*'|[^\s"'&;,}]+)/gi

/** `--password` as a separate word: the next word is the value. */
const secretOption =
  /^--?[\w-]*(token|secret|passw(or)?d|passphrase|credential|(api|access|private)[_-]?key)[\w-]*$/i

/**
 * Masks the parts of a text that look like a secret or follow a secret's
 * name.
 */
export function maskText(text: string): string {
  return text
    .replace(secretInText, `$1${masked}`)
    .replace(/\b(Bearer|Basic) +[\w.~+/-]{8,}=*/g, `$1 ${masked}`)
    .replace(/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, masked)
    .replace(/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]+@/gi, `$1${masked}@`)
}

/** `NAME=…`. A name without a value stays unchanged. */
function maskVariable(variable: string): string {
  const end = variable.indexOf('=')
  return end === -1 ? variable : `${variable.slice(0, end)}=${masked}`
}

/**
 * Masks a JSON value and everything in it. `name` is its key in the enclosing
 * object.
 */
export function maskValue(value: unknown, name = ''): unknown {
  if (/^env$/i.test(name)) return maskEnvironment(value)
  if (secretName.test(name)) return maskWhole(value)
  if (typeof value === 'string') return maskText(value)
  if (Array.isArray(value)) {
    return value.map((item: unknown, at) => {
      const option: unknown = value[at - 1]
      const isValue = typeof option === 'string' && secretOption.test(option)
      return isValue ? maskWhole(item) : maskValue(item)
    })
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, maskValue(inner, key)]),
  )
}

function maskEnvironment(value: unknown): unknown {
  if (!Array.isArray(value)) return maskWhole(value)
  return value.map((item: unknown) =>
    typeof item === 'string' ? maskVariable(item) : maskWhole(item),
  )
}

/**
 * Masks every leaf of a value. Null, empty strings and booleans stay visible.
 */
function maskWhole(value: unknown): unknown {
  if (value === null || value === '' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(maskWhole)
  if (typeof value !== 'object') return masked
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskWhole(inner)]))
}

/** Masks a message body: JSON, newline-delimited JSON, or plain text. */
export function maskBody(body: string): string {
  if (!/^\s*[[{]/.test(body)) return maskText(body)
  return maskJson(body) ?? body.split('\n').map(maskLine).join('\n')
}

/**
 * Returns the text unchanged if it has nothing to mask, undefined if it is
 * not JSON.
 */
function maskJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const safe = JSON.stringify(maskValue(value))
    return safe === JSON.stringify(value) ? text : safe + (text.endsWith('\n') ? '\n' : '')
  } catch {
    return undefined
  }
}

/**
 * Masks one line of a body that starts like JSON but is not one document. A
 * truncated line cannot be parsed, so everything that looks like a variable
 * is masked.
 */
function maskLine(line: string): string {
  const variable = /"([A-Za-z_]\w*)=(?:[^"\\]|\\.)*("?)/g
  return maskJson(line) ?? maskText(line.replace(variable, `"$1=${masked}$2`))
}

type Header = readonly [name: string, value: string]

/** Masks the headers of a request or of an answer. */
export function maskHeaders(
  headers: readonly Header[],
  direction: 'request' | 'answer',
): readonly Header[] {
  return headers.map(([name, value]) => {
    const isForeign = direction === 'request' && !ownHeaders.has(name.toLowerCase())
    return [name, isForeign || secretHeader.test(name) ? masked : maskText(value)]
  })
}

/** Masks an event, except for bytes. */
export function maskEvent<Event extends Happened>(event: Event): Event {
  switch (event.kind) {
    case 'request':
    case 'answer':
      return {
        ...event,
        headers: maskHeaders(event.headers, event.kind),
        body: maskBody(event.body),
        ...(event.kind === 'request' && { path: maskText(event.path) }),
      }
    case 'stage begins':
      return { ...event, state: maskValue(event.state) as TapedState }
    case 'stage ended':
      return {
        ...event,
        story: maskText(event.story),
        state: maskValue(event.state) as TapedState,
      }
    case 'over':
      return event.failure === undefined ? event : { ...event, failure: maskText(event.failure) }
    default:
      return event
  }
}

/** A text that identifies the machine, and its replacement. */
type Trace = readonly [text: string, instead: string]

/**
 * Lists what identifies this machine: home folder, user, host name, daemon
 * address.
 */
export function tracesOfLearner(daemonHost: string, home = homedir()): Trace[] {
  const machine = hostname()
  const address = daemonHost.replace(/^[a-z]+:\/\//, '')
  const traces: Trace[] = [
    [daemonHost, '<the daemon>'],
    [encodeURIComponent(address), '<the daemon>'],
    [address, '<the daemon>'],
    [`${userName()}@${machine}`, '<you>'],
    [home, '~'],
    [machine, '<this machine>'],
  ]
  // `/root` identifies no particular user; it is the home folder in most
  // containers. A short text would match in the middle of other words.
  return traces.filter(([text]) => text.length > 3 && text !== '/root')
}

/** Replaces these traces in every string of a value. */
export function maskLearner<Value>(value: Value, traces: readonly Trace[]): Value {
  const hide = (inner: unknown): unknown => {
    if (typeof inner === 'string') {
      return traces.reduce((text, [trace, instead]) => text.replaceAll(trace, instead), inner)
    }
    if (Array.isArray(inner)) return inner.map(hide)
    if (typeof inner !== 'object' || inner === null) return inner
    return Object.fromEntries(Object.entries(inner).map(([key, deep]) => [key, hide(deep)]))
  }
  return hide(value) as Value
}
