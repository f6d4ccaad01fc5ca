/**
 * The requests of an exec: how to recognize each, and what it is for.
 *
 * @module
 */

import type { EventOf } from '../event.ts'

/** The kinds of requests. */
export type RequestKind = 'inspect container' | 'create' | 'start' | 'resize' | 'inspect' | 'other'

const kinds: readonly (readonly [RegExp, RequestKind])[] = [
  [/\/containers\/[^/]+\/json/, 'inspect container'],
  [/\/containers\/[^/]+\/exec/, 'create'],
  [/\/exec\/[^/]+\/start/, 'start'],
  [/\/exec\/[^/]+\/resize/, 'resize'],
  [/\/exec\/[^/]+\/json/, 'inspect'],
]

/** Returns the kind of a request. */
export function kindOf({ path }: Pick<EventOf<'request'>, 'path'>): RequestKind {
  return kinds.find(([pattern]) => pattern.test(path))?.[1] ?? 'other'
}

const purposes: Readonly<Record<RequestKind, string>> = {
  'inspect container':
    'We look up the container, so a mistyped name is reported before anything else happens.',
  create: 'We tell the daemon what to run. It records this as an exec and starts nothing yet.',
  start:
    'We ask the daemon to start the command. The two upgrade headers ask it to use this second connection for the command’s input and output.',
  resize: 'We tell the daemon the size of our window: h is rows, w is columns.',
  inspect: 'We ask for the daemon’s record of the exec. It holds the exit code.',
  other: 'We send a request.',
}

/** Says what a request is for. */
export function purposeOf(request: EventOf<'request'>): string {
  const kind = kindOf(request)
  return kind === 'start' && request.connection === 1
    ? 'We ask the daemon to start the command in the background.'
    : purposes[kind]
}
