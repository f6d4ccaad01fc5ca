/**
 * A tape as a recording for asciinema players: what the session wrote to the screen, and when.
 *
 * The form is asciicast version 2: a header as one line of JSON, then a line for each event, with
 * its time in seconds, a letter and a text. `o` is output, `i` is input, `r` is a new size of the
 * window, `m` is a marker that a player can jump to. The stages are markers here.
 *
 * @module
 */

import { StringDecoder } from 'node:string_decoder'
import { Failure } from '../process/failure.ts'
import { createDemultiplexer } from '../stream/frames.ts'
import type { Tape, TapeEvent } from '../tape/event.ts'

/** The size of a terminal of which nothing else is known. */
const usualSize = { rows: 24, columns: 80 }

/** What happens in a cast. */
type Cue = readonly [kind: 'o' | 'i' | 'r' | 'm', text: string]

/** Makes the cast of a tape. What was typed is in it only if the tape has it. */
export function castOf({ head, events }: Tape): string {
  const size = events.find((event) => event.kind === 'window') ?? usualSize
  const made = Date.parse(head.made)
  const header = {
    version: 2,
    width: size.columns,
    height: size.rows,
    ...(Number.isFinite(made) && { timestamp: Math.floor(made / 1000) }),
    title: `docker exec, chapters 1 to ${head.chapter}, with ${head.daemon.product} ${head.daemon.version}`,
  }
  const cuesOf = createCues(events, head.typed)
  const lines: object[] = [header]
  let seconds = 0
  for (const event of events) {
    // A player takes times that never go back.
    seconds = Math.max(seconds, event.at / 1000)
    for (const cue of cuesOf(event)) lines.push([Number(seconds.toFixed(6)), ...cue])
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** Makes what gives the cues of an event. It has to see all of them, in order. */
function createCues(events: readonly TapeEvent[], typed: boolean): (event: TapeEvent) => Cue[] {
  const framing = events.find((event) => event.kind === 'upgrade')?.framing ?? 'raw'
  const screen = framing === 'raw' ? rawScreen() : framedScreen()
  // A letter outside ASCII has several bytes, and nothing keeps them in one read.
  const keys = new StringDecoder('utf8')
  const firstWindow = events.find((event) => event.kind === 'window')
  return (event) => {
    switch (event.kind) {
      case 'stage begins':
        return [['m', `${event.number} ${event.name}`]]
      case 'received':
        return received(event, screen)
      case 'sent':
        return typed && event.typed ? text('i', keys.write(bytesOf(event))) : []
      case 'window':
        return event === firstWindow ? [] : [['r', `${event.columns}x${event.rows}`]]
      case 'over':
        return [
          ...text('o', screen.end()),
          ...text('o', event.failure === undefined ? '' : `${event.failure}\r\n`),
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
  if (missing > 0) cues.push(['m', `${missing} bytes that were not kept`])
  return cues
}

function bytesOf({ hex }: Bytes): Buffer {
  return Buffer.from(hex ?? '', 'hex')
}

/** A cue, unless there is nothing in it: half a letter is no text yet. */
function text(kind: 'o' | 'i', written: string): Cue[] {
  return written === '' ? [] : [[kind, written]]
}

/** Takes the bytes of a session and says what they write to a screen. */
type Screen = {
  readonly write: (bytes: Uint8Array) => string
  /** What is left of a letter whose rest never came. */
  readonly end: () => string
}

/** Under a tty the bytes are the screen's own. */
function rawScreen(): Screen {
  const decoder = new StringDecoder('utf8')
  return { write: (bytes) => decoder.write(bytes), end: () => decoder.end() }
}

/**
 * Without one they are payloads of frames, and each of the two streams has letters of its own. The
 * screen that they came to was in no raw mode, so its driver put a `\r` before each `\n`. A player
 * has no driver: without it every line would begin where the last one ends.
 */
function framedScreen(): Screen {
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') }
  let written = ''
  const show = (more: string): void => {
    written += more.replaceAll('\n', '\r\n')
  }
  const feed = createDemultiplexer((target, payload) => {
    show(decoders[target].write(Buffer.from(payload)))
  })
  let broken = false
  const take = (): string => {
    const taken = written
    written = ''
    return taken
  }
  return {
    write(bytes) {
      try {
        if (!broken) feed(bytes)
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        // A message of the daemon, or no frames at all. The session ended there, and says so itself.
        broken = true
      }
      return take()
    },
    end() {
      show(decoders.stdout.end() + decoders.stderr.end())
      return take()
    },
  }
}
