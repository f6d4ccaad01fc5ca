/**
 * The recording of a walk: what went over the wire, in its order.
 *
 * @module
 */

/** When something was: milliseconds by the clock of `performance.now()`, which never goes back. */
export type Timed = { readonly at: number }

/** What a request and an answer have in common, as their bytes were. */
export type Message = Timed & {
  /** 1 for the connection of ordinary requests, 2 for the one that is hijacked. */
  readonly connection: 1 | 2
  /** The headers as they were written, in their order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** `POST /v1.41/exec/…/start`, with its headers and its body. */
export type RequestEvent = Message & {
  readonly kind: 'request'
  readonly method: string
  readonly path: string
}

/** `101 UPGRADED`, with its headers and its body. */
export type AnswerEvent = Message & {
  readonly kind: 'answer'
  readonly status: number
  readonly reason: string
}

/** Bytes on the hijacked connection. `length` counts all of them, `bytes` holds those that were kept. */
export type BytesEvent = Timed & {
  readonly kind: 'sent' | 'received'
  readonly connection: 2
  readonly bytes: Uint8Array
  readonly length: number
}

/** One side ended its direction, or we destroyed the connection before both had. */
export type EndEvent = Timed & {
  readonly kind: 'we half-closed' | 'the daemon ended' | 'we cut the connection'
  readonly connection: 2
}

/** TCP keep-alive was switched on: how long a connection is idle before the first probe. */
export type KeepAliveEvent = Timed & {
  readonly kind: 'keep-alive'
  readonly connection: 2
  readonly milliseconds: number
}

/** Something that happened on the wire. */
export type WireEvent = RequestEvent | AnswerEvent | BytesEvent | EndEvent | KeepAliveEvent

/** Takes an event. What it needs of the bytes it copies. */
export type Recorder = (event: WireEvent) => void

/** A tape that is being recorded. */
export type Tape = {
  readonly record: Recorder
  /** The events since the last call, in order. */
  readonly take: () => WireEvent[]
  /** Shows each event to somebody else as well, as it comes. Returns what ends that. */
  readonly watch: (watcher: Recorder) => () => void
}

/** Bytes kept in each direction. A session may bring gigabytes; the first pages are what people read. */
export const keptPerDirection = 64 * 1024

/** Starts an empty tape. */
export function createTape(): Tape {
  let events: WireEvent[] = []
  const kept = { sent: 0, received: 0 }
  const watchers = new Set<Recorder>()
  return {
    record(event) {
      if (event.kind === 'we cut the connection' || event.kind === 'keep-alive') return
      for (const watcher of watchers) watcher(event)
      if (event.kind !== 'sent' && event.kind !== 'received') {
        events.push(event)
        return
      }
      const room = keptPerDirection - kept[event.kind]
      // A copy: the memory is used again for the next read. (A Buffer's `slice` would be a view.)
      const bytes = Uint8Array.from(event.bytes.subarray(0, Math.max(0, room)))
      kept[event.kind] += bytes.length
      const last = events.at(-1)
      if (bytes.length === 0 && last?.kind === event.kind) {
        // Past the limit, only the count goes on.
        events[events.length - 1] = { ...last, length: last.length + event.length }
      } else {
        events.push({ ...event, bytes })
      }
    },
    take() {
      const taken = events
      events = []
      return taken
    },
    watch(watcher) {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
  }
}
