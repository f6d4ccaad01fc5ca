/**
 * Received bytes cut where a stdcopy frame's header begins and ends.
 *
 * The connection knows nothing of frames: one read may bring half a header, the next one its rest
 * and twenty frames more. Where the headers are is told by the frames on the tape, each of which
 * begins where the one before it ends.
 *
 * @module
 */

import { headerLength } from '../../stream/frames.ts'
import type { TapeEvent } from '../../tape/recorded.ts'

/** Bytes that belong together. */
export type Piece = {
  readonly bytes: Uint8Array
  /** The frame that they are of. Undefined under a tty, where there are none. */
  readonly frame?: { readonly stream: number; readonly length: number }
  /** For bytes of a header: how many of its bytes came before them. */
  readonly headerAt?: number
}

/** A frame, and where its header begins in all that was received. */
type Placed = { readonly stream: number; readonly length: number; readonly start: number }

/**
 * Cuts the bytes of a tape into pieces.
 *
 * @returns the pieces of each event that has bytes, by the event
 */
export function piecesOf(events: readonly TapeEvent[]): ReadonlyMap<TapeEvent, readonly Piece[]> {
  const frames = placedFrames(events)
  const pieces = new Map<TapeEvent, readonly Piece[]>()
  let received = 0
  let first = 0
  for (const event of events) {
    if (event.kind !== 'sent' && event.kind !== 'received') continue
    const bytes = Buffer.from(event.hex ?? '', 'hex')
    if (event.kind === 'sent') {
      pieces.set(event, bytes.length > 0 ? [{ bytes }] : [])
      continue
    }
    // The frames that ended before these bytes began are not looked at again.
    while (endOf(frames[first]) <= received) first += 1
    pieces.set(event, cut(bytes, received, frames, first))
    received += event.length
  }
  return pieces
}

function placedFrames(events: readonly TapeEvent[]): readonly Placed[] {
  let start = 0
  return events.flatMap((event) => {
    if (event.kind !== 'frame') return []
    const placed = { stream: event.stream, length: event.length, start }
    start += headerLength + event.length
    return [placed]
  })
}

function endOf(frame: Placed | undefined): number {
  return frame ? frame.start + headerLength + frame.length : Number.POSITIVE_INFINITY
}

/** Cuts bytes that begin at `start` of all that was received. */
function cut(bytes: Buffer, start: number, frames: readonly Placed[], first: number): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  const take = (end: number, rest: Omit<Piece, 'bytes'>): void => {
    const piece = bytes.subarray(at, Math.max(at, end - start))
    if (piece.length > 0) pieces.push({ bytes: piece, ...rest })
    at += piece.length
  }
  for (let index = first; at < bytes.length; index += 1) {
    const frame = frames[index]
    if (!frame) {
      take(Number.POSITIVE_INFINITY, {})
      break
    }
    const headerAt = start + at - frame.start
    take(frame.start + headerLength, { frame, headerAt })
    take(endOf(frame), { frame })
  }
  return pieces
}
