/**
 * Exports a tape as a recording for asciinema players: what the session wrote
 * to the screen, and when.
 *
 * The format is asciicast version 2: a header as one line of JSON, then a
 * line per event with its time in seconds, a letter and a text. `o` is
 * output, `i` input, `r` a new window size, `m` a marker that a player can
 * jump to. Each stage is a marker.
 *
 * @module
 */

import { StringDecoder } from 'node:string_decoder'
import { bytesOf, type Tape, type TapeEvent } from '../tape/event.ts'
import { printable, printableLine } from '../text/printable.ts'
import { createOutput, isFramed } from './session-output.ts'

/** The size of a terminal if the tape has none. */
const defaultSize = { rows: 24, columns: 80 }

/** An event of a cast, without its time. */
type Cue = readonly [kind: 'o' | 'i' | 'r' | 'm', text: string]

/**
 * Returns the cast of a tape. Typed input is included only if the tape has
 * it.
 */
export function castOf({ head, events }: Tape): string {
  const size = events.find((event) => event.kind === 'window') ?? defaultSize
  const made = Date.parse(head.made)
  const { product, version } = head.daemon
  const header = {
    version: 2,
    width: size.columns,
    height: size.rows,
    ...(Number.isFinite(made) && { timestamp: Math.floor(made / 1000) }),
    title: printableLine(`docker exec, chapters 1 to ${head.chapter}, with ${product} ${version}`),
  }
  const cuesOf = createCues(events, head.typed)
  const lines: object[] = [header]
  let seconds = 0
  for (const event of events) {
    // Players require times that never decrease.
    seconds = Math.max(seconds, event.at / 1000)
    for (const cue of cuesOf(event)) lines.push([Number(seconds.toFixed(6)), ...cue])
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

/**
 * Returns a function that converts an event to cues. It must see all events
 * in order.
 */
function createCues(events: readonly TapeEvent[], typed: boolean): (event: TapeEvent) => Cue[] {
  const screen = createScreen(events)
  // A character outside ASCII has several bytes, which may arrive in
  // different reads.
  const keys = new StringDecoder('utf8')
  const firstWindow = events.find((event) => event.kind === 'window')
  return (event) => {
    switch (event.kind) {
      case 'stage begins':
        return [['m', printableLine(`${event.number} ${event.name}`)]]
      case 'received':
        return received(event, screen)
      case 'sent':
        return typed && event.typed ? text('i', keys.write(bytesOf(event))) : []
      case 'window':
        return event === firstWindow ? [] : [['r', `${event.columns}x${event.rows}`]]
      case 'over':
        return [
          ...text('o', screen.end()),
          ...text(
            'o',
            event.failure === undefined
              ? ''
              : `${printable(event.failure).replaceAll('\n', '\r\n')}\r\n`,
          ),
          ['m', event.exitCode === null ? 'over' : `over: exit code ${event.exitCode}`],
        ]
      default:
        return []
    }
  }
}

type Bytes = Extract<TapeEvent, { readonly kind: 'sent' | 'received' }>

function received(event: Bytes, screen: Screen): Cue[] {
  const bytes = bytesOf(event)
  const missing = event.length - bytes.length
  const cues = text('o', screen.write(bytes))
  if (missing > 0) cues.push(['m', `${missing} bytes not recorded`])
  return cues
}

/**
 * Returns a cue unless its text is empty: part of a character produces no
 * text yet.
 */
function text(kind: 'o' | 'i', written: string): Cue[] {
  return written === '' ? [] : [[kind, written]]
}

/**
 * Converts the bytes of a session to the text that they write to a screen.
 */
type Screen = {
  readonly write: (bytes: Uint8Array) => string
  /** Returns what is left of an incomplete character. */
  readonly end: () => string
}

/**
 * Under a tty the bytes go to the screen unchanged. Without one, each stream
 * is decoded on its own. The learner's terminal was then not raw, so its
 * driver turned `\n` into `\r\n`. A player has no driver, so we do that here.
 */
function createScreen(events: readonly TapeEvent[]): Screen {
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') }
  const unpack = createOutput(events)
  const lineEnd = isFramed(events) ? '\r\n' : '\n'
  const shown = (text: string): string => text.replaceAll('\n', lineEnd)
  return {
    write: (bytes) =>
      unpack(bytes)
        .map((written) => shown(decoders[written.stream].write(Buffer.from(written.bytes))))
        .join(''),
    end: () => shown(decoders.stdout.end() + decoders.stderr.end()),
  }
}
