/**
 * Text that is cut where a character is not over.
 *
 * @module
 */

import { openExecRunner } from '../../../src/exec/session.ts'
import { hexLines, hexOf } from '../../../src/experiments/evidence.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { createDemultiplexer } from '../../../src/stream/frames.ts'

/** What was seen of two characters in pieces. */
type Pieces = {
  /** The reads, as hexadecimal digits. */
  readonly reads: readonly string[]
  /** The payloads, as hexadecimal digits. */
  readonly payloads: readonly string[]
  /** Each payload made into text by itself. */
  readonly apart: string
  /** All of them, by a decoder that remembers. */
  readonly streaming: string
}

const shown = { whole: 'é', twoMarks: '�� (two marks for “no character”)', nothing: 'nothing' }

/** UTF-8 that comes in two frames. */
export const utf8InTwo: Experiment<Pieces> = {
  name: 'utf8-in-two',
  chapter: 5,
  title: 'A character that comes in two frames',
  action:
    'You run a command that writes the bytes C3 | A9 E6 97 | A5 0A, é and 日, in three writes, and that waits for a line from you after each. One client makes text of every payload by itself, the other one has a decoder that remembers.',
  question: 'What does the first client show of é, whose bytes are C3 and A9?',
  choices: Object.values(shown),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const script =
      "printf '\\303'; read go; printf '\\251\\346\\227'; read go; printf '\\245\\n'; read go"
    const writer = await bench.runExec({ command: ['sh', '-c', script], stdin: true })
    for (const length of [1, 4, 6]) {
      await writer.until(({ bytes }) => Buffer.concat(payloadsOf([bytes()])).length >= length)
      writer.send('\n')
    }
    await writer.until(() => false)
    const payloads = payloadsOf(writer.reads)
    const decoder = new TextDecoder()
    return {
      reads: writer.reads.map(hexOf),
      payloads: payloads.map(hexOf),
      apart: payloads.map((payload) => payload.toString()).join(''),
      streaming: payloads.map((payload) => decoder.decode(payload, { stream: true })).join(''),
    }
  },
  answer({ apart }) {
    if (apart.startsWith('é')) return shown.whole
    return apart.startsWith('��') ? shown.twoMarks : shown.nothing
  },
  evidence: ({ reads, payloads, apart, streaming }) => [
    ...reads.flatMap((hex) => hexLines(hex)),
    `payloads: ${payloads.join(' | ')}`,
    `each by itself:             ${JSON.stringify(apart)}`,
    `by a decoder that remembers: ${JSON.stringify(streaming)}`,
  ],
  why: () =>
    'A character of UTF-8 has up to four bytes, and frames and reads are cut between any two of them. Made into text by itself, C3 is the beginning of nothing, and so is A9 the end of nothing: each becomes U+FFFD, and no later step can tell what it was. A copy loop has no business with text at all. Where it must be text, a decoder keeps the unfinished bytes for the next chunk, one for stdout and one for stderr.',
  report: {
    what: 'docker-compose ended with UnicodeDecodeError where a character was cut',
    url: 'https://github.com/docker/compose/issues/2255',
  },
  docker:
    'It copies bytes from beginning to end and never makes a string of them (beginOutputStream in cli/command/container/hijack.go).',
}

function payloadsOf(reads: readonly Uint8Array[]): Buffer[] {
  const payloads: Buffer[] = []
  const feed = createDemultiplexer((_, payload) => payloads.push(Buffer.from(payload)))
  for (const read of reads) feed(read)
  return payloads
}
