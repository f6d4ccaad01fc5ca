/**
 * Building blocks for handmade tapes: stages, requests, answers, and bytes
 * received or typed.
 *
 * @module
 */

import { encodeFrame, type stream } from '../../src/stream/frames.ts'
import {
  type Tape,
  type TapedState,
  type TapeEvent,
  type TapeHead,
  tapeVersion,
} from '../../src/tape/event.ts'

/** An event without its time, which {@link tapeOf} adds. */
export type TimelessEvent = TapeEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'at'>
    : never
  : never

const names = ['create', 'start', 'hijack', 'raw mode', 'copy loops', 'resize', 'exit code']

const stages = [
  [
    'tells the daemon what to run, and gets an ID for it',
    'How does the daemon learn what we want to run?',
    'The daemon stored the command for box as exec fc9c11ae6ac4…. Nothing runs yet.',
  ],
  [
    'starts the command, and asks for the connection as its input and output',
    'How does an HTTP request become a session?',
    'The daemon answered 101: it starts the command, and this connection leads to its terminal.',
  ],
  ['takes the connection away from HTTP', 'Whose connection is it now?', 'The socket is ours.'],
  [
    'stops our terminal from interpreting keys',
    'Who interprets a key?',
    'Our terminal no longer interprets keys: it passes each one on as its bytes.',
  ],
  [
    'copies what the command writes to us, and what we type to it',
    'What flows, and when is it over?',
    'Two loops run: one shows the output of the container’s terminal, the other sends our keys.',
  ],
  [
    'keeps the container’s terminal at the size of our window',
    'How large is the container’s terminal?',
    'The terminal in the container has 24 rows and 80 columns, and follows our window.',
  ],
  [
    'waits for the end, restores the terminal, and asks for the exit code',
    'How did it end?',
    'The exit code is 5.',
  ],
] as const

/** Creates a tape with an event every 7.3 milliseconds. */
export function tapeOf(events: readonly TimelessEvent[], head: Partial<TapeHead> = {}): Tape {
  return {
    head: {
      kind: 'tape',
      version: tapeVersion,
      made: '2026-03-04T09:15:02.120Z',
      chapter: 7,
      stages: names,
      daemon: { product: 'Docker', version: '28.5.2', apiVersion: '1.51' },
      typed: false,
      ...head,
    },
    events: events.map((event, place) => ({ ...event, at: place * 7.3 }) as TapeEvent),
  }
}

/** Bytes received from the daemon. */
export function received(bytes: Uint8Array | string): TimelessEvent {
  const kept = Buffer.from(bytes as string)
  return { kind: 'received', length: kept.length, hex: kept.toString('hex') }
}

/**
 * Typed keys. With `keep: false` they have no bytes, as on a tape by default.
 */
export function typed(text: string, keep = true): TimelessEvent {
  const bytes = Buffer.from(text)
  return {
    kind: 'sent',
    length: bytes.length,
    typed: true,
    ...(keep && { hex: bytes.toString('hex') }),
  }
}

/**
 * Output in frames, cut at these offsets. Each chunk is followed by the
 * headers it completes.
 */
export function framed(
  output: readonly (readonly [target: keyof typeof stream, text: string | Uint8Array])[],
  cuts: readonly number[] = [],
): TimelessEvent[] {
  const frames = output.map(([target, text]) => encodeFrame(target, Buffer.from(text as string)))
  const all = Buffer.concat(frames)
  const ends = [...cuts, all.length].filter((end) => end <= all.length)
  const headers = frames.map((frame, at) => ({
    end: frames.slice(0, at).reduce((sum, { length }) => sum + length, 8),
    event: { kind: 'frame' as const, stream: frame[0] ?? 0, length: frame.length - 8 },
  }))
  let start = 0
  return ends.flatMap((end) => {
    const here = headers.filter((header) => header.end > start && header.end <= end)
    const chunk = received(all.subarray(start, end))
    start = end
    return [chunk, ...here.map(({ event }) => event)]
  })
}

/** A stage with its events and the state that it returns. */
export function stage(
  number: number,
  before: TapedState,
  state: TapedState,
  happened: readonly TimelessEvent[],
  held: readonly string[] = [],
  ownStory?: string,
): TimelessEvent[] {
  const [title = '', question = '', usualStory = ''] = stages[number - 1] ?? []
  const story = ownStory ?? usualStory
  return [
    { kind: 'stage begins', number, name: names[number - 1] ?? '', title, question, state: before },
    ...happened,
    { kind: 'stage ended', number, story, state, held, milliseconds: 3.2 },
  ]
}

/** A terminal's flags, by their `stty` names. */
export const flags = {
  cooked: {
    icanon: true,
    echo: true,
    echonl: false,
    isig: true,
    iexten: true,
    ixon: true,
    icrnl: true,
    inlcr: false,
    igncr: false,
    istrip: false,
    ignbrk: false,
    brkint: true,
    parmrk: false,
    parenb: false,
    cs8: true,
    opost: true,
    onlcr: true,
  },
  raw: {
    icanon: false,
    echo: false,
    echonl: false,
    isig: false,
    iexten: false,
    ixon: false,
    icrnl: false,
    inlcr: false,
    igncr: false,
    istrip: false,
    ignbrk: false,
    brkint: false,
    parmrk: false,
    parenb: false,
    cs8: true,
    opost: false,
    onlcr: true,
  },
}

/** A request. */
export function request(
  connection: 1 | 2,
  method: string,
  path: string,
  body = '',
  more: readonly (readonly [string, string])[] = [],
): TimelessEvent {
  const headers = [
    ['Host', 'docker'],
    ...(body
      ? [
          ['Content-Type', 'application/json'],
          ['Content-Length', String(body.length)],
        ]
      : []),
    ...more,
  ] as [string, string][]
  return { kind: 'request', connection, method, path: `/v1.51${path}`, headers, body }
}

/** An answer. */
export function answer(
  connection: 1 | 2,
  status: number,
  reason: string,
  body = '',
  more: readonly (readonly [string, string])[] = [],
): TimelessEvent {
  // The 101 has the headers of the upgrade, every other answer those of the
  // API.
  const everyday: typeof more = [
    ['Api-Version', '1.51'],
    ['Content-Type', 'application/json'],
    ['Server', 'Docker/28.5.2 (linux)'],
  ]
  const headers = status === 101 ? more : [...everyday, ...more]
  return { kind: 'answer', connection, status, reason, headers, body }
}

/** The headers that request an upgrade, and that accept it. */
export const upgradeHeaders = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'tcp'],
] as const
