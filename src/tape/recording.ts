/**
 * Records one walk: everything that happens in it, in one row and with its time, so that it can be
 * stepped through later without a daemon.
 *
 * @module
 */

import { createDemultiplexer } from '../stream/frames.ts'
import type { Terminal, WindowSize } from '../terminal/terminal.ts'
import { maskEvent, maskText, maskValue } from './mask.ts'
import {
  type RecordedTape,
  type TapedState,
  type TapeEvent,
  type TapeHead,
  tapeVersion,
} from './recorded.ts'
import {
  type AnswerEvent,
  type BytesEvent,
  keptPerDirection,
  type Recorder,
  type RequestEvent,
  type WireEvent,
} from './tape.ts'

/** A stage, as far as a tape tells of it. */
export type TapedStage = {
  readonly number: number
  readonly name: string
  readonly title: string
  readonly question: string
}

/** What came of a stage. */
export type TapedResult = {
  readonly number: number
  readonly story: string
  readonly state: TapedState
  readonly held: readonly string[]
  readonly milliseconds: number
}

/** The flags of the terminal, and when they were read. */
export type TapedFlags = {
  readonly moment: 'before' | 'raw' | 'after'
  readonly flags: Readonly<Record<string, boolean>>
}

/** A tape that is being recorded. */
export type Recording = {
  /** Gets what goes over the wire. */
  readonly wire: Recorder
  /** The same terminal. While the stages read its input, what they send is what was typed. */
  readonly watchInput: (terminal: Terminal) => Terminal
  /** A stage is about to run, and takes this state. */
  readonly stageBegins: (stage: TapedStage, state: TapedState) => void
  /** A stage has run. */
  readonly stageEnded: (result: TapedResult) => void
  /** The flags of our terminal were read. */
  readonly terminal: (flags: TapedFlags) => void
  /** The window has this size. */
  readonly window: (size: WindowSize) => void
  /** A signal has come. */
  readonly signal: (name: string) => void
  /** Ends it. Only the first call counts. */
  readonly over: (exitCode: number | null, failure?: string) => void
  /** The tape as it is so far, masked. What was typed is in it. */
  readonly tape: () => RecordedTape
}

/** What stands in the first line and is known before the walk. */
export type RecordingOptions = Pick<TapeHead, 'chapter' | 'stages' | 'daemon'>

/** An event that is not yet in the form of a tape: times are those of the clock, bytes are bytes. */
type Noted =
  | { readonly at: number; readonly event: TapeEvent }
  | { readonly at: number; readonly bytes: Bytes }

type Bytes = {
  readonly kind: 'sent' | 'received'
  readonly typed: boolean
  readonly kept: Uint8Array
  length: number
}

/** Starts a recording. Its clock begins now. */
export function startRecording(options: RecordingOptions): Recording {
  const began = performance.now()
  const made = new Date().toISOString()
  const noted: Noted[] = []
  // Past the limit of what is kept, bytes are only counted, as long as nothing else happens.
  let counting: { sent?: Bytes; received?: Bytes } = {}
  let isOver = false

  function note(event: TapeEventWithoutTime, at = performance.now()): void {
    if (isOver) return
    counting = {}
    const since = Math.max(0, at - began)
    noted.push({ at: since, event: { at: rounded(since), ...event } as TapeEvent })
  }

  const input = watchTyping()
  const room = { sent: keptPerDirection, received: keptPerDirection }
  let framing: 'raw' | 'stdcopy' | undefined
  let asksForTty = false
  const frames = readHeaders((stream, length) => note({ kind: 'frame', stream, length }))

  function bytes({ kind, bytes: chunk, length, at }: BytesEvent): void {
    if (isOver) return
    // A copy: the memory is used again for the next read.
    const kept = Uint8Array.from(chunk.subarray(0, room[kind]))
    room[kind] -= kept.length
    const open = kept.length === 0 ? counting[kind] : undefined
    if (open) {
      open.length += length
      return
    }
    const typed = kind === 'sent' && input.isTyped(chunk)
    const piece: Bytes = { kind, typed, kept, length }
    if (kept.length === 0) counting[kind] = piece
    noted.push({ at: Math.max(0, at - began), bytes: piece })
    // Headers are read as far as bytes are kept: a tape explains nothing that is not in it, and a
    // program that writes byte by byte makes more headers than anybody wants to have.
    if (kind === 'received' && framing === 'stdcopy') frames(kept)
  }

  function wire(event: WireEvent): void {
    switch (event.kind) {
      case 'sent':
      case 'received':
        bytes(event)
        break
      case 'we half-closed':
        note({ kind: 'half-close' }, event.at)
        break
      case 'the daemon ended':
        note({ kind: 'end' }, event.at)
        break
      case 'request':
      case 'answer':
        exchange(event)
    }
  }

  function exchange(event: RequestEvent | AnswerEvent): void {
    const { at, ...safe } = maskEvent(event)
    note(safe, at)
    if (event.connection !== 2) return
    if (event.kind === 'request') asksForTty = asksTty(event.body)
    if (event.kind === 'answer' && event.status === 101) {
      framing = asksForTty ? 'raw' : 'stdcopy'
      note({ kind: 'upgrade', framing }, at)
    }
  }

  return {
    wire,
    watchInput: input.watch,
    stageBegins({ number, name, title, question }, state) {
      const safe = maskValue(state) as TapedState
      note({ kind: 'stage begins', number, name, title, question, state: safe })
    },
    stageEnded({ number, story, state, held, milliseconds }) {
      const safe = { story: maskText(story), state: maskValue(state) as TapedState, held }
      note({ kind: 'stage ended', number, ...safe, milliseconds: rounded(milliseconds) })
    },
    terminal: ({ moment, flags }) => note({ kind: 'terminal', moment, flags }),
    window: ({ rows, columns }) => note({ kind: 'window', rows, columns }),
    signal: (name) => note({ kind: 'signal', name }),
    over(exitCode, failure) {
      const why = failure === undefined ? {} : { failure: maskText(failure) }
      note({ kind: 'over', exitCode, ...why })
      isOver = true
    },
    tape() {
      const head: TapeHead = { kind: 'tape', version: tapeVersion, made, ...options, typed: true }
      // An exchange is told when it is over, with the times at which its two halves began. Sorting
      // leaves what has the same time in the order in which it was told.
      const sorted = noted.toSorted((one, other) => one.at - other.at)
      return { head, events: sorted.map(asEvent) }
    },
  }
}

type TapeEventWithoutTime = TapeEvent extends infer Event
  ? Event extends TapeEvent
    ? Omit<Event, 'at'>
    : never
  : never

function asEvent(noted: Noted): TapeEvent {
  if ('event' in noted) return noted.event
  const { kind, typed, kept, length } = noted.bytes
  const hex = kept.length > 0 ? { hex: Buffer.from(kept).toString('hex') } : {}
  return { at: rounded(noted.at), kind, length, ...hex, ...(typed && { typed }) }
}

/** Microseconds are as fine as it makes sense. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}

/**
 * Whose Tty decides about the framing: that of the request which was answered with the 101. The
 * content type of the answer does not tell on older daemons.
 */
function asksTty(body: string): boolean {
  try {
    return (JSON.parse(body) as { Tty?: unknown } | null)?.Tty === true
  } catch {
    return false
  }
}

/** Reads frames' headers off bytes that come cut anywhere, until they make no sense any more. */
function readHeaders(found: (stream: number, length: number) => void): (chunk: Uint8Array) => void {
  const feed = createDemultiplexer(() => {}, found)
  let makesSense = true
  return (chunk) => {
    if (!makesSense) return
    try {
      feed(chunk)
    } catch {
      // The copy loop says what is wrong with it. The header that made no sense has been found.
      makesSense = false
    }
  }
}

/** What {@link Recording.watchInput} does, and what it finds out. */
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
