/**
 * A tape as it is kept: newline-delimited JSON, one event a line, the first of which says what it is.
 * Replays and exports read nothing else, so a tape from another machine is as good as one's own.
 *
 * @module
 */

/** The version of the form below. A reader refuses a tape with another one, in a sentence. */
export const tapeVersion = 1

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
  /** Whether what was typed is in here. Without it a `sent` has its length only. */
  readonly typed: boolean
}

/** What every later line has: milliseconds since the run began. */
type Timed = { readonly at: number }

/** Headers in their order, masked where they carry authority. */
type Headers = readonly (readonly [name: string, value: string])[]

/** A state as JSON, masked: `<raw mode: live>` for live things, `NAME=…` for the environment. */
export type TapedState = Readonly<Record<string, unknown>>

/** A line behind the first one. */
export type TapeEvent = Timed &
  (
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
        /** The labels of what is held open behind the stage. */
        readonly held: readonly string[]
        readonly milliseconds: number
      }
    | {
        readonly kind: 'request'
        readonly connection: 1 | 2
        readonly method: string
        readonly path: string
        readonly headers: Headers
        readonly body: string
      }
    | {
        readonly kind: 'answer'
        readonly connection: 1 | 2
        readonly status: number
        readonly reason: string
        readonly headers: Headers
        readonly body: string
      }
    /** The second connection is no HTTP any more. `framing` is how the daemon's bytes come. */
    | { readonly kind: 'upgrade'; readonly framing: 'raw' | 'stdcopy' }
    /** Bytes on the hijacked connection. `length` counts all; `hex` holds those that were kept. */
    | {
        readonly kind: 'sent' | 'received'
        readonly length: number
        readonly hex?: string
        /** True where a person typed them. */
        readonly typed?: true
      }
    /** A frame's header, read off the bytes received before this line. */
    | { readonly kind: 'frame'; readonly stream: number; readonly length: number }
    /** The flags of our terminal, as `stty` names them. */
    | {
        readonly kind: 'terminal'
        readonly moment: 'before' | 'raw' | 'after'
        readonly flags: Readonly<Record<string, boolean>>
      }
    | { readonly kind: 'window'; readonly rows: number; readonly columns: number }
    | { readonly kind: 'signal'; readonly name: string }
    | { readonly kind: 'half-close' | 'end' }
    /** The last line: the exit code where there is one, and why it stopped where it failed. */
    | { readonly kind: 'over'; readonly exitCode: number | null; readonly failure?: string }
  )

/** A whole tape. */
export type RecordedTape = { readonly head: TapeHead; readonly events: readonly TapeEvent[] }
