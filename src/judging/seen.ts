/**
 * Looks for things in what a trial saw.
 *
 * @module
 */

import type { Happening } from './happening.ts'
import type { Seen } from './trial.ts'

/** The requests of a session, in their order. */
export function requestsIn({ happenings }: Seen): (Happening & { readonly kind: 'request' })[] {
  return happenings.filter((happening) => happening.kind === 'request')
}

/** Where the first happening stands that fits, or -1. */
export function indexOf({ happenings }: Seen, kind: Happening['kind'], path = /./): number {
  return happenings.findIndex(
    (happening) => happening.kind === kind && (!('path' in happening) || path.test(happening.path)),
  )
}

/** All bytes of one kind, in one piece. */
export function bytesIn(
  { happenings }: Pick<Seen, 'happenings'>,
  kind: 'sent' | 'received' | 'stdout' | 'stderr',
): Buffer {
  return Buffer.concat(
    happenings.flatMap((happening) =>
      happening.kind === kind && 'bytes' in happening ? [happening.bytes] : [],
    ),
  )
}
