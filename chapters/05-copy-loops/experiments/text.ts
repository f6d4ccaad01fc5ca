/**
 * Text that is split in the middle of a character.
 *
 * @module
 */

import { openExecRunner } from '../../../src/exec/session.ts'
import { hexLines, hexOf } from '../../../src/experiments/evidence.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { createDemultiplexer } from '../../../src/stream/frames.ts'

/** The facts of two characters that arrived in pieces. */
type Pieces = {
  /** The reads, as hexadecimal digits. */
  readonly reads: readonly string[]
  /** The payloads, as hexadecimal digits. */
  readonly payloads: readonly string[]
  /** Each payload decoded separately. */
  readonly apart: string
  /** All of them, decoded by one streaming decoder. */
  readonly streaming: string
}

const shown = { whole: 'é', twoMarks: '�� (two replacement characters)', nothing: 'nothing' }

/** A UTF-8 character split across two frames. */
export const utf8InTwo: Experiment<Pieces> = {
  name: 'utf8-in-two',
  chapter: 5,
  title: 'A character split across two frames',
  action:
    'You run a command that writes é and 日 in three writes, C3 | A9 E6 97 | A5 0A, and waits for a line from you after each. One client decodes every payload separately. The other uses a streaming decoder, which remembers incomplete characters.',
  question: 'What does the first client show for é, whose bytes are C3 and A9?',
  choices: Object.values(shown),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const script =
      "printf '\\303'; read go; printf '\\251\\346\\227'; read go; printf '\\245\\n'; read go"
    const writer = await runner.runExec({ command: ['sh', '-c', script], stdin: true })
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
    `each decoded separately: ${JSON.stringify(apart)}`,
    `by a streaming decoder:  ${JSON.stringify(streaming)}`,
  ],
  why: () =>
    'A UTF-8 character has up to four bytes, and a frame or a read can end between any two of them. Decoded separately, neither C3 nor A9 is a valid character. Each becomes U+FFFD, and nothing later can recover it. 日 becomes two marks: one for the incomplete E6 97, one for A5. A copy loop should copy bytes and never decode them. If you do need text, use a streaming decoder, which keeps incomplete bytes for the next chunk: one for stdout and one for stderr.',
  report: {
    what: 'docker-compose failed with UnicodeDecodeError when a character was split',
    url: 'https://github.com/docker/compose/issues/2255',
  },
  docker:
    'docker copies bytes all the way and never turns them into strings (beginOutputStream in cli/command/container/hijack.go).',
}

function payloadsOf(reads: readonly Uint8Array[]): Buffer[] {
  const payloads: Buffer[] = []
  const feed = createDemultiplexer((_, payload) => payloads.push(Buffer.from(payload)))
  for (const read of reads) feed(read)
  return payloads
}
