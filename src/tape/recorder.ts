/**
 * Records a run: everything that happens in it, in one row and with its time, so that it can be
 * shown while it happens and stepped through later without a daemon.
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

/** Bytes kept in each direction. A session may bring gigabytes; people read the first pages. */
export const keptPerDirection = 64 * 1024

/** What the first line says that is not known before the run. */
export type RunFacts = Pick<TapeHead, 'chapter' | 'stages' | 'daemon'>

/** Takes events as they happen. Before `begin` and after the event `over` it drops them. */
export type Recorder = {
  /** Starts a new tape. Its clock begins now. */
  readonly begin: () => void
  /** Something happened: at this time of `performance.now()`, or now. */
  readonly note: (event: Happened, at?: number) => void
  /** Bytes passed. The chunk is valid during the call only: what is kept is copied. */
  readonly bytes: (kind: BytesKind, chunk: Uint8Array, at?: number) => void
  /** The same terminal. While a stage reads its input, what goes to the daemon was typed. */
  readonly watchInput: (terminal: Terminal) => Terminal
  /** The events so far, in the order of their times. */
  readonly events: () => readonly TapeEvent[]
  /** The tape so far. What was typed is on it. */
  readonly tape: (facts: RunFacts) => Tape
  /** Calls the listener with each event as it is recorded. Returns what ends that. */
  readonly watch: (listener: (event: TapeEvent) => void) => () => void
}

/** What a connection needs of a recorder. */
export type EventLog = Pick<Recorder, 'note' | 'bytes'>

/** How a recorder is to record. */
export type RecorderOptions = {
  /** Bytes to keep of each kind. */
  readonly keep?: number
  /** False for a trial, which judges what really went over the wire and keeps no tape. */
  readonly masks?: boolean
}

/** Makes a recorder. */
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
  // Past the limit of what is kept, bytes are only counted, as long as nothing else happens.
  let counting: Partial<Record<BytesKind, BytesEvent>> = {}

  function add(happened: Happened, at: number): TapeEvent {
    const event = { at: rounded(Math.max(0, at - began)), ...happened }
    // An answer is complete later than it began, and another connection may have been busy since.
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
      countOn(counted, chunk.length)
      return
    }
    const typed = kind === 'sent' && typing.isTyped(chunk)
    const hex = kept.length > 0 && Buffer.from(kept).toString('hex')
    const happened = { kind, length: chunk.length, ...(hex && { hex }), ...(typed && { typed }) }
    const event = add(happened as Happened, at) as BytesEvent
    if (kept.length === 0) counting[kind] = event
    // Headers are read as far as bytes are kept: a tape explains nothing that is not on it.
    if (kind === 'received') {
      for (const frame of connection.framesIn(kept)) add({ kind: 'frame', ...frame }, at)
    }
  }

  function countOn(event: BytesEvent, length: number): void {
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

/** Microseconds are as fine as it makes sense. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}

/** Finds out how the daemon's bytes come on the hijacked connection, and reads their frames. */
function followConnection(): {
  readonly framingAfter: (event: Happened) => 'raw' | 'stdcopy' | undefined
  readonly framesIn: (chunk: Uint8Array) => { stream: number; length: number }[]
} {
  let asksForTty = false
  let framing: 'raw' | 'stdcopy' | undefined
  const cut = createFrameCutter()
  return {
    framingAfter(event) {
      // Whose Tty decides: that of the request which was answered with the 101. The content type
      // of the answer does not tell on older daemons.
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

/** What {@link Recorder.watchInput} does, and what it finds out. */
type Typing = {
  readonly watch: (terminal: Terminal) => Terminal
  /** Whether bytes that go to the daemon were typed. */
  readonly isTyped: (bytes: Uint8Array) => boolean
}

/**
 * Tells what was typed from what we send by ourselves. The one thing that we send is Ctrl-C and
 * Ctrl-D, to end a command that nobody stays for, and nobody reads standard input then. In doubt
 * it was typed: bytes may wait for a slow daemon and go out when the input is closed already.
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
