/**
 * What is shown and kept of a run has no secrets in it, and this file says what a secret is.
 *
 * - The values of environment variables. Their names stay: `NAME=…`.
 * - Headers of authority, and on a request every header that is not one of our own: those come from
 *   the user's docker configuration, and most people put a proxy's token there.
 * - Values that are called token, secret, password or the like, wherever they stand.
 *
 * A tape may be given away, so it also does not say whose machine it was made on: see
 * {@link maskLearner}. What a command printed is bytes, and no rule looks into those.
 *
 * @module
 */

import { homedir, hostname } from 'node:os'
import { userName } from '../process/learner.ts'
import type { Happened, TapedState } from './event.ts'

/** Stands where something was. */
export const masked = '…'

/** Names whose values are nobody's business. */
const secretName =
  /token|secret|passw(or)?d|passphrase|credential|authorization|^auths?$|(api|access|private|encryption|signing)[_-]?key/i

/** Headers that carry authority, whoever sends them. */
const secretHeader = /auth|cookie|token|secret|key|passw(or)?d|credential|x-registry-config/i

/** The headers that our requests have of themselves. */
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
 * `PASSWORD=…`, `--api-key=…`, `token: …` in the middle of a text. The lengths are limited because a
 * search without a limit takes minutes for a long word, and a daemon may send one.
 */
const secretInText =
  /([\w.-]{0,40}(?:token|secret|passw(?:or)?d|passphrase|credential|(?:api|access|private)[_-]?key)[\w.-]{0,40}["']?\s{0,3}[=:]\s{0,3})("[^"]*"|'[^']*'|[^\s"'&;,}]+)/gi

/** `--password` as a word by itself: the next word is the value. */
const secretOption = /^--?[\w-]*(token|secret|passw(or)?d|passphrase|api-?key|access-?key)[\w-]*$/i

/** Masks what has a secret's form or stands behind a secret's name. */
export function maskText(text: string): string {
  return text
    .replace(secretInText, `$1${masked}`)
    .replace(/\b(Bearer|Basic) +[\w.~+/-]{8,}=*/g, `$1 ${masked}`)
    .replace(/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, masked)
    .replace(/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]+@/gi, `$1${masked}@`)
}

/** `NAME=…`. A name without a value has nothing to hide. */
function maskVariable(variable: string): string {
  const end = variable.indexOf('=')
  return end === -1 ? variable : `${variable.slice(0, end)}=${masked}`
}

/** Masks a value of JSON, and whatever is in it. `name` is what it is called where it stands. */
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

/** Leaves of a value only what it is made of. That something is empty or switched off may be seen. */
function maskWhole(value: unknown): unknown {
  if (value === null || value === '' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(maskWhole)
  if (typeof value !== 'object') return masked
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskWhole(inner)]))
}

/** Masks the body of a message: JSON, several JSON documents a line each, or any text. */
export function maskBody(body: string): string {
  if (!/^\s*[[{]/.test(body)) return maskText(body)
  return maskJson(body) ?? body.split('\n').map(maskLine).join('\n')
}

/** Where there is nothing to mask the text stays as its bytes were. Undefined where it is no JSON. */
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
 * One line of a body that begins as JSON does and is not one document. Where it was cut off there is
 * no structure to go by, so everything in it that looks like a variable goes.
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

/** A text that tells whose machine it is, and what to say instead. */
type Trace = readonly [text: string, instead: string]

/** What tells whose machine this is: the home folder, the user, the machine's name, the daemon's address. */
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
  // A home called `/root` is nobody's in particular, and it is the home in most containers. A short
  // text would be found in the middle of others.
  return traces.filter(([text]) => text.length > 3 && text !== '/root')
}

/** Takes these traces out of every text in a value. */
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
