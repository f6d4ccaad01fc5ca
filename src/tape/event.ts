/**
 * What happens in a run: on the wire, at the terminal, to the window, in the stages.
 *
 * An event is one line of a tape. A tape is newline-delimited JSON; its first line says what it is,
 * and replays and exports read nothing else, so a tape from another machine works as well as one's
 * own.
 *
 * @module
 */

/** The version of the form below. A reader refuses a tape with another one, in a sentence. */
export const tapeVersion = 2

/** The first line. */
export type TapeHead = {
  readonly kind: 'tape'
  readonly version: typeof tapeVersion
  /** When the run began, as an ISO date with its time. */
  readonly made: string
  /** The number of the last stage that was to run. */
  readonly chapter: number
  /** The names of the stages up to it. */
  readonly stages: readonly string[]
  readonly daemon: {
    readonly product: string
    readonly version: string
    readonly apiVersion: string
  }
  /** Whether the tape holds what was typed. Without it a `sent` has its length only. */
  readonly typed: boolean
}

/** A whole tape. */
export type Tape = { readonly head: TapeHead; readonly events: readonly TapeEvent[] }

/** The first connection carries ordinary requests, the second one is hijacked. */
type OnConnection = { readonly connection: 1 | 2 }

/** A request or an answer as its bytes were. Headers are in their order. */
type HttpMessage = OnConnection & {
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** Bytes that passed. `length` counts all of them; `hex` holds those that were kept. */
type PassedBytes = { readonly length: number; readonly hex?: string }

/** A state as JSON: `<raw mode: live>` for live things, `NAME=…` for the environment. */
export type TapedState = Readonly<Record<string, unknown>>

/** What the stages do. */
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
      /** The labels of what the stages hold open. */
      readonly held: readonly string[]
      readonly milliseconds: number
    }
  /** The walk is over. What follows ends the command, and releases what the stages hold. */
  | { readonly kind: 'teardown' }
  /** The last line: the exit code if the run got that far, and why it stopped if it failed. */
  | { readonly kind: 'over'; readonly exitCode: number | null; readonly failure?: string }

/** What passes on the two connections. */
type WireEvent =
  | (HttpMessage & { readonly kind: 'request'; readonly method: string; readonly path: string })
  | (HttpMessage & { readonly kind: 'answer'; readonly status: number; readonly reason: string })
  | (OnConnection & { readonly kind: 'no answer'; readonly reason: string })
  /** The second connection stops being HTTP. `framing` is how the daemon's bytes come. */
  | { readonly kind: 'upgrade'; readonly framing: 'raw' | 'stdcopy' }
  /** Bytes on the hijacked connection. `typed` if a person typed them. */
  | (PassedBytes & { readonly kind: 'sent' | 'received'; readonly typed?: true })
  /** The header of a frame, read from the bytes received before this line. */
  | { readonly kind: 'frame'; readonly stream: number; readonly length: number }
  /** We write no more; the daemon writes no more; we destroyed the connection. */
  | { readonly kind: 'half-close' | 'end' | 'cut' }
  | { readonly kind: 'keep-alive'; readonly milliseconds: number }

/** What happens to our terminal, to its window, and to us. */
type TerminalEvent =
  /** Its flags, as `stty` names them. */
  | {
      readonly kind: 'terminal'
      readonly moment: 'before' | 'raw' | 'after'
      readonly flags: Readonly<Record<string, boolean>>
    }
  | { readonly kind: 'window'; readonly rows: number; readonly columns: number }
  | { readonly kind: 'signal'; readonly name: string }

/** What only a watched kit sees, when an exercise is on trial. No tape that is kept has it. */
type TrialEvent =
  | { readonly kind: 'your stage begins' | 'your stage returned' }
  | (PassedBytes & { readonly kind: 'stdout' | 'stderr' })
  | { readonly kind: 'held' | 'released'; readonly label: string }
  | { readonly kind: 'reads input' | 'stops reading' | 'input ended' }
  /** The input loop returned false, and later called resume. */
  | { readonly kind: 'input waits' | 'input goes on' }
  | { readonly kind: 'listens to the window' | 'stops listening' }

/** What happened, without its time. */
export type Happened = StageEvent | WireEvent | TerminalEvent | TrialEvent

/** A line of a tape: what happened, and when, in milliseconds since the run began. */
export type TapeEvent = Happened & { readonly at: number }

/** The name of a kind of event. */
export type EventKind = TapeEvent['kind']

/** The event of one kind. */
export type EventOf<Kind extends EventKind> = Extract<TapeEvent, { readonly kind: Kind }>

/** Kinds of events that have bytes. */
export type BytesKind = 'sent' | 'received' | 'stdout' | 'stderr'

/** The events that have bytes of their own. */
export type BytesEvent = EventOf<BytesKind>

/** Whether an event has bytes. */
export function hasBytes(event: TapeEvent): event is BytesEvent {
  return ['sent', 'received', 'stdout', 'stderr'].includes(event.kind)
}

/** The bytes of an event that were kept. */
export function bytesOf({ hex = '' }: { readonly hex?: string }): Buffer {
  return Buffer.from(hex, 'hex')
}

/** All bytes of one kind, as far as they were kept, in one piece. */
export function bytesIn(events: readonly TapeEvent[], kind: BytesKind): Buffer {
  const hex = events.flatMap((event) => (event.kind === kind ? (event.hex ?? []) : []))
  return Buffer.from(hex.join(''), 'hex')
}

/** A request with its answer. The answer is undefined while there is none. */
export type Exchange = {
  readonly request: EventOf<'request'>
  readonly answer: EventOf<'answer'> | undefined
}

/** Each request with the answer that follows on its connection. */
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
