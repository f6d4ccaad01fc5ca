/**
 * Records the events of a run in one timeline. A run can be shown live, and
 * replayed later without a daemon.
 *
 * @module
 */

import type { Terminal } from '../terminal/terminal.ts'
import {
  type BytesEvent,
  type BytesKind,
  type Happened,
  type Tape,
  type TapeEvent,
  type TapeHead,
  tapeVersion,
} from './event.ts'
import { maskEvent } from './mask.ts'
import { createFrameCutter } from './pieces.ts'

/**
 * How many bytes are recorded in each direction. A session may transfer
 * gigabytes.
 */
export const keptPerDirection = 64 * 1024

/** The parts of the first line that the run supplies. */
export type RunFacts = Pick<TapeHead, 'chapter' | 'stages' | 'daemon'>

/** Collects events. Events before `begin` and after `over` are dropped. */
export type Recorder = {
  /** Starts a new tape. Its clock begins now. */
  readonly begin: () => void
  /**
   * Records an event. `at` is a time of `performance.now()`; the default is
   * now.
   */
  readonly note: (event: Happened, at?: number) => void
  /** Records bytes. They are copied, so the caller may reuse the chunk. */
  readonly bytes: (kind: BytesKind, chunk: Uint8Array, at?: number) => void
  /**
   * Wraps a terminal. Bytes sent to the daemon while its input is open count
   * as typed.
   */
  readonly watchInput: (terminal: Terminal) => Terminal
  /** The events so far, ordered by time. */
  readonly events: () => readonly TapeEvent[]
  /** The tape so far, including typed input. */
  readonly tape: (facts: RunFacts) => Tape
  /**
   * Calls the listener for each recorded event. Returns a function that
   * removes it.
   */
  readonly watch: (listener: (event: TapeEvent) => void) => () => void
}

/** The part of a recorder that a connection uses. */
export type EventLog = Pick<Recorder, 'note' | 'bytes'>

/** Options of a recorder. */
export type RecorderOptions = {
  /** How many bytes of each kind to record. */
  readonly keep?: number
  /**
   * False when an exercise is checked: that needs the real bytes and saves no
   * tape.
   */
  readonly masks?: boolean
}

/** Creates a recorder. */
export function createRecorder({
  keep = keptPerDirection,
  masks = true,
}: RecorderOptions = {}): Recorder {
  let typing = watchTyping()
  const listeners = new Set<(event: TapeEvent) => void>()
  let began = 0
  let made = ''
  let isRunning = false
  let events: TapeEvent[] = []
  let connection = followConnection()
  let left: Record<BytesKind, number> = { sent: 0, received: 0, stdout: 0, stderr: 0 }
  // Past the limit, bytes are only counted. Each run of them is one event.
  let counting: Partial<Record<BytesKind, BytesEvent>> = {}

  function add(happened: Happened, at: number): TapeEvent {
    const event = { at: rounded(Math.max(0, at - began)), ...happened }
    // An answer is dated by its start. The other connection may have been
    // active since then.
    const place = events.findLastIndex((earlier) => earlier.at <= event.at) + 1
    events.splice(place, 0, event)
    for (const listener of listeners) listener(event)
    return event
  }

  function note(happened: Happened, at = performance.now()): void {
    if (!isRunning) return
    counting = {}
    add(masks ? maskEvent(happened) : happened, at)
    const framing = connection.framingAfter(happened)
    if (framing) add({ kind: 'upgrade', framing }, at)
    if (happened.kind === 'over') isRunning = false
  }

  function bytes(kind: BytesKind, chunk: Uint8Array, at = performance.now()): void {
    if (!isRunning) return
    const kept = chunk.subarray(0, left[kind])
    left[kind] -= kept.length
    const counted = kept.length === 0 ? counting[kind] : undefined
    if (counted) {
      addToCount(counted, chunk.length)
      return
    }
    const typed = kind === 'sent' && typing.isTyped(chunk)
    const hex = kept.length > 0 && Buffer.from(kept).toString('hex')
    const happened = { kind, length: chunk.length, ...(hex && { hex }), ...(typed && { typed }) }
    const event = add(happened as Happened, at) as BytesEvent
    if (kept.length === 0) counting[kind] = event
    // Only recorded bytes are searched for headers: a tape explains only
    // bytes that it holds.
    if (kind === 'received') {
      for (const frame of connection.framesIn(kept)) add({ kind: 'frame', ...frame }, at)
    }
  }

  function addToCount(event: BytesEvent, length: number): void {
    const more = { ...event, length: event.length + length }
    events[events.lastIndexOf(event)] = more
    counting[event.kind] = more
    for (const listener of listeners) listener(more)
  }

  return {
    begin() {
      began = performance.now()
      made = new Date().toISOString()
      events = []
      connection = followConnection()
      typing = watchTyping()
      left = { sent: keep, received: keep, stdout: keep, stderr: keep }
      counting = {}
      isRunning = true
    },
    note,
    bytes,
    watchInput: (terminal) => typing.watch(terminal),
    events: () => events,
    tape: (facts) => ({
      head: { kind: 'tape', version: tapeVersion, made, ...facts, typed: true },
      events: [...events],
    }),
    watch(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Rounds to microseconds. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}

/**
 * Determines the framing of the hijacked connection, and finds the frames in
 * it.
 */
function followConnection(): {
  readonly framingAfter: (event: Happened) => 'raw' | 'stdcopy' | undefined
  readonly framesIn: (chunk: Uint8Array) => { stream: number; length: number }[]
} {
  let asksForTty = false
  let framing: 'raw' | 'stdcopy' | undefined
  const cut = createFrameCutter()
  return {
    framingAfter(event) {
      // The Tty of the request that got the 101 decides the framing. On older
      // daemons the content type of the answer does not.
      if (event.kind === 'request' && event.connection === 2) asksForTty = asksTty(event)
      if (event.kind !== 'answer' || event.status !== 101) return undefined
      framing = asksForTty ? 'raw' : 'stdcopy'
      return framing
    },
    framesIn(chunk) {
      if (framing !== 'stdcopy') return []
      return cut(chunk).flatMap(({ frame, headerAt }) => (headerAt !== undefined && frame) || [])
    },
  }
}

function asksTty({ body }: { readonly body: string }): boolean {
  try {
    return (JSON.parse(body) as { Tty?: unknown } | null)?.Tty === true
  } catch {
    return false
  }
}

/** Tells typed input from bytes that the client sends on its own. */
type Typing = {
  readonly watch: (terminal: Terminal) => Terminal
  /** Whether bytes sent to the daemon were typed. */
  readonly isTyped: (bytes: Uint8Array) => boolean
}

/**
 * Tells typed input from the Ctrl-C and Ctrl-D that we send to end an
 * abandoned command while standard input is not being read. In doubt, bytes
 * count as typed: they may have waited for a slow daemon and go out after the
 * input has closed.
 */
function watchTyping(): Typing {
  let reading = false
  let hasTyped = false
  return {
    watch: (terminal) => ({
      ...terminal,
      openInput() {
        const input = terminal.openInput()
        reading = true
        return {
          ...input,
          close() {
            reading = false
            input.close()
          },
        }
      },
    }),
    isTyped(bytes) {
      hasTyped ||= reading
      return hasTyped || !bytes.every((byte) => byte === 0x03 || byte === 0x04)
    },
  }
}
