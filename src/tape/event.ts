/**
 * The events of a run: on the wire, at the terminal, to the window, in the
 * stages.
 *
 * A tape is newline-delimited JSON: a first line that describes the run, then
 * one event per line. Replays and exports read nothing else, so a tape from
 * another machine works as well as your own.
 *
 * @module
 */

/** The version of this format. Reading a tape of another version fails. */
export const tapeVersion = 2

/** The first line of a tape. */
export type TapeHead = {
  readonly kind: 'tape'
  readonly version: typeof tapeVersion
  /** When the run began, as an ISO date and time. */
  readonly made: string
  /** The number of the last stage that the run was asked for. */
  readonly chapter: number
  /** The names of the stages up to that one. */
  readonly stages: readonly string[]
  readonly daemon: {
    readonly product: string
    readonly version: string
    readonly apiVersion: string
  }
  /**
   * Whether the tape holds typed input. If not, a typed `sent` has only its
   * length.
   */
  readonly typed: boolean
}

/** A whole tape. */
export type Tape = { readonly head: TapeHead; readonly events: readonly TapeEvent[] }

/** The first connection carries ordinary requests; the second is hijacked. */
type OnConnection = { readonly connection: 1 | 2 }

/** A request or an answer. Headers are in the order they were sent. */
type HttpMessage = OnConnection & {
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  /** The sizes in which a chunked body was sent, without the last 0. */
  readonly chunks?: readonly number[]
}

/**
 * Transferred bytes. `length` counts all of them; `hex` holds those that were
 * recorded.
 */
type PassedBytes = { readonly length: number; readonly hex?: string }

/**
 * A state as JSON: `<raw mode: live>` for a live resource, `NAME=…` for an
 * environment variable.
 */
export type TapedState = Readonly<Record<string, unknown>>

/** Events of the stages. */
type StageEvent =
  | {
      readonly kind: 'stage begins'
      readonly number: number
      readonly name: string
      readonly title: string
      readonly question: string
      readonly state: TapedState
    }
  | {
      readonly kind: 'stage ended'
      readonly number: number
      /** What happened, in a sentence or two. */
      readonly story: string
      readonly state: TapedState
      /** The labels of the resources that the stages hold open. */
      readonly held: readonly string[]
      readonly milliseconds: number
    }
  /**
   * The stages are done. What follows ends the command and releases what they
   * hold.
   */
  | { readonly kind: 'teardown' }
  /**
   * The last line: the exit code if the run got one, and the error if it
   * failed.
   */
  | { readonly kind: 'over'; readonly exitCode: number | null; readonly failure?: string }

/** Events on the two connections. */
type WireEvent =
  | (HttpMessage & { readonly kind: 'request'; readonly method: string; readonly path: string })
  | (HttpMessage & { readonly kind: 'answer'; readonly status: number; readonly reason: string })
  | (OnConnection & { readonly kind: 'no answer'; readonly reason: string })
  /**
   * The second connection stops being HTTP. `framing` is the format of the
   * daemon's bytes.
   */
  | { readonly kind: 'upgrade'; readonly framing: 'raw' | 'stdcopy' }
  /** Bytes on the hijacked connection. `typed` if they are keyboard input. */
  | (PassedBytes & { readonly kind: 'sent' | 'received'; readonly typed?: true })
  /** A frame header, parsed from the bytes received before this line. */
  | { readonly kind: 'frame'; readonly stream: number; readonly length: number }
  /**
   * We closed our direction; the daemon closed its direction; we destroyed
   * the connection.
   */
  | { readonly kind: 'half-close' | 'end' | 'cut' }
  | { readonly kind: 'keep-alive'; readonly milliseconds: number }

/** Events at our terminal, its window and our process. */
type TerminalEvent =
  /** The terminal's flags by their `stty` names. */
  | {
      readonly kind: 'terminal'
      readonly moment: 'before' | 'raw' | 'after'
      readonly flags: Readonly<Record<string, boolean>>
    }
  | { readonly kind: 'window'; readonly rows: number; readonly columns: number }
  | { readonly kind: 'signal'; readonly name: string }

/**
 * Events seen only while an exercise is checked. Saved tapes never contain
 * them.
 */
type TrialEvent =
  | { readonly kind: 'your stage begins' | 'your stage returned' }
  | (PassedBytes & { readonly kind: 'stdout' | 'stderr' })
  | { readonly kind: 'held' | 'released'; readonly label: string }
  | { readonly kind: 'reads input' | 'stops reading' | 'input ended' }
  /** The input loop returned false, and later called resume. */
  | { readonly kind: 'input waits' | 'input goes on' }
  | { readonly kind: 'listens to the window' | 'stops listening' }

/** An event without its time. */
export type Happened = StageEvent | WireEvent | TerminalEvent | TrialEvent

/** One line of a tape. `at` is in milliseconds since the run began. */
export type TapeEvent = Happened & { readonly at: number }

/** The kind of an event. */
export type EventKind = TapeEvent['kind']

/** Events of one kind. */
export type EventOf<Kind extends EventKind> = Extract<TapeEvent, { readonly kind: Kind }>

/** The kinds of events that carry bytes. */
export type BytesKind = 'sent' | 'received' | 'stdout' | 'stderr'

/** Events that carry bytes. */
export type BytesEvent = EventOf<BytesKind>

/** Whether an event carries bytes. */
export function hasBytes(event: TapeEvent): event is BytesEvent {
  return ['sent', 'received', 'stdout', 'stderr'].includes(event.kind)
}

/** Returns the recorded bytes of an event. */
export function bytesOf({ hex = '' }: { readonly hex?: string }): Buffer {
  return Buffer.from(hex, 'hex')
}

/** Returns the recorded bytes of all events of one kind, concatenated. */
export function bytesIn(events: readonly TapeEvent[], kind: BytesKind): Buffer {
  const hex = events.flatMap((event) => (event.kind === kind ? (event.hex ?? []) : []))
  return Buffer.from(hex.join(''), 'hex')
}

/** A request and its answer, which is undefined until it arrives. */
export type Exchange = {
  readonly request: EventOf<'request'>
  readonly answer: EventOf<'answer'> | undefined
}

/** Pairs each request with the answer that follows on its connection. */
export function exchangesIn(events: readonly TapeEvent[]): Exchange[] {
  return events.flatMap((request, at) => {
    if (request.kind !== 'request') return []
    const next = events.find(
      (event, later): event is EventOf<'request' | 'answer'> =>
        later > at &&
        (event.kind === 'answer' || event.kind === 'request') &&
        event.connection === request.connection,
    )
    return [{ request, answer: next?.kind === 'answer' ? next : undefined }]
  })
}
