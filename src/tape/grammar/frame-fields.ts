/**
 * The fields of frames: stream, zero bytes, length, payload. A read may end
 * anywhere in a frame.
 *
 * @module
 */

import { headerLength, stream } from '../../stream/frames.ts'
import { countOf } from '../../text/count.ts'
import type { FrameHeader, Piece } from '../pieces.ts'
import { type AnyRule, type Field, fieldOf, type Rule } from './rule.ts'
import { api, docker } from './sources.ts'

const names = ['stdin', 'stdout', 'stderr', 'a message from the daemon']

/** Returns the name for the number in a header's first byte: `stdout`. */
export function streamName(number: number): string {
  return names[number] ?? `unknown stream ${number}`
}

const streamMeanings: readonly string[] = [
  'stdin. Go’s stdcopy writes it to standard output, and so do we.',
  'stdout. The payload goes to our standard output.',
  'stderr. The payload goes to our standard error.',
  'a message from the daemon. It says what failed, and we stop after it.',
]

const streamByte: Rule<number> = {
  rule: 'frame stream',
  name: 'stream',
  always: 'The first byte of a header says which stream the payload belongs to.',
  says: (_, number) => {
    const meaning = streamMeanings[number]
    return meaning === undefined
      ? `${number} is no stream. These bytes are not a frame, so we stop.`
      : `${number} is ${meaning}`
  },
  brief: (number) => `stream: ${streamName(number)}`,
  source: docker.streams,
}

const zeros: Rule = {
  rule: 'frame zeros',
  name: 'zeros',
  always: 'Three bytes without a meaning. Daemons send zeros, and clients do not look at them.',
  says: (text) =>
    /^\0*$/.test(text)
      ? 'All of them are zero.'
      : `Not zero: ${shown(text)}. No daemon sends that.`,
  brief: () => 'always zero',
  source: api.frames,
}

type LengthPart = { readonly frame: FrameHeader | undefined; readonly isWhole: boolean }

const length: Rule<LengthPart> = {
  rule: 'frame length',
  name: 'payload length',
  always: 'The number of payload bytes: 32 bits, the most significant byte first (big-endian).',
  says: (_, { frame, isWhole }) => {
    if (!frame) return 'The first bytes of the length. The rest comes with the next read.'
    if (frame.stream > stream.systemError) return `As a length it would be ${frame.length}.`
    const bytes = `${countOf(frame.length, 'byte')} of payload follow${frame.length === 1 ? 's' : ''}`
    return isWhole ? `${bytes}.` : `With the bytes of the other read: ${bytes}.`
  },
  brief: ({ frame }) => `payload length: ${frame?.length} (big-endian)`,
  source: api.frames,
}

/** A piece of payload and its place in the frame. */
type PayloadPart = { readonly bytes: Uint8Array; readonly frame: FrameHeader }

const payload: Rule<PayloadPart> = {
  rule: 'frame payload',
  name: 'payload',
  always:
    'What the command wrote, unchanged. One write may become several frames, and several writes one.',
  says: (text, { bytes, frame }) => {
    const name = frame.stream === stream.stdin ? 'stdout' : streamName(frame.stream)
    const part = bytes.length < frame.length ? ', not the whole frame' : ''
    return `${name} gets ${countOf(bytes.length, 'byte')}${part}: ${shown(text)}.`
  },
  source: api.frames,
}

const message: Rule<PayloadPart> = {
  rule: 'frame message',
  name: 'message',
  always: 'An error of the daemon in the middle of the stream. It ends the session.',
  says: (text) => `The daemon reports: ${text.trim()}`,
  source: docker.streams,
}

const stray: Rule = {
  rule: 'no frame',
  always: 'After an invalid header we cannot tell where the next frame begins.',
  says: (text) => `${shown(text)} belongs to no frame. We do not show it.`,
  source: docker.streams,
}

/** The rules of frames. */
export const frameRules: readonly AnyRule[] = [streamByte, zeros, length, payload, message, stray]

/** Quotes the beginning of a text, with visible line ends. */
export function shown(text: string): string {
  const start = text.length > 40 ? `${text.slice(0, 40)}…` : text
  return `“${JSON.stringify(start).slice(1, -1).replaceAll('\\"', '"')}”`
}

/** Returns the fields of a piece: of a header, or the payload. */
export function pieceFields({ bytes, frame, headerAt }: Piece): Field[] {
  if (headerAt !== undefined) return headerFieldsOf(bytes, headerAt, frame)
  if (!frame) return [fieldOf(stray, bytes, undefined)]
  const rule = frame.stream === stream.systemError ? message : payload
  return [fieldOf(rule, bytes, { bytes, frame })]
}

/** Returns the fields of a whole frame header. */
export function fieldsOfHeader(frame: FrameHeader): Field[] {
  const bytes = Buffer.alloc(headerLength)
  bytes[0] = frame.stream
  bytes.writeUInt32BE(frame.length, 4)
  return headerFieldsOf(bytes, 0, frame)
}

/**
 * Returns a label for part of a header. Undefined for a header in one piece.
 */
export function partOfHeader({ bytes, headerAt = 0 }: Piece): string | undefined {
  if (bytes.length === headerLength) return undefined
  return headerAt > 0 ? 'rest of a header' : 'start of a header: the rest comes with the next read'
}

/**
 * Returns the fields of a frame header, of which these bytes may be a part.
 */
function headerFieldsOf(
  bytes: Uint8Array,
  headerAt: number,
  frame: FrameHeader | undefined,
): Field[] {
  const part = (from: number, to: number): Uint8Array =>
    bytes.subarray(Math.max(0, from - headerAt), Math.max(0, to - headerAt))
  const lengthBytes = part(4, headerLength)
  return [
    fieldOf(streamByte, part(0, 1), part(0, 1)[0] ?? 0),
    fieldOf(zeros, part(1, 4), undefined),
    fieldOf(length, lengthBytes, { frame, isWhole: lengthBytes.length === 4 }),
  ].filter((field) => field.bytes.length > 0)
}
