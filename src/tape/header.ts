/**
 * What the header of a stdcopy frame says, in words: for the screen and for the page.
 *
 * @module
 */

/** The two things that a header says. */
export type FrameHeader = { readonly stream: number; readonly length: number }

/** Some of a header's bytes, and what they mean. */
export type HeaderPart = {
  readonly name: 'stream' | 'zero' | 'length'
  /** The place of the first byte, and the one behind the last. */
  readonly from: number
  readonly to: number
  readonly says: string
}

/** `stdout`, by the number in a header's first byte. */
export function streamName(number: number): string {
  const names = ['stdin', 'stdout', 'stderr', 'a message of the daemon']
  return names[number] ?? `stream ${number}, which there is not`
}

/** A header, part by part. */
export function headerParts({ stream, length }: FrameHeader): readonly HeaderPart[] {
  return [
    { name: 'stream', from: 0, to: 1, says: `the stream: ${streamName(stream)}` },
    { name: 'zero', from: 1, to: 4, says: 'always zero' },
    {
      name: 'length',
      from: 4,
      to: 8,
      says: `the payload’s length, ${length}; the first byte weighs most`,
    },
  ]
}
