/**
 * Frame headers that break naive clients: split across reads, or naming an
 * unknown stream.
 *
 * @module
 */

import { openExecRunner } from '../../../src/exec/session.ts'
import { hexLines, hexOf } from '../../../src/experiments/evidence.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { createDemultiplexer, headerLength } from '../../../src/stream/frames.ts'

/** The facts of headers that were split across reads. */
type Cut = {
  readonly reads: readonly string[]
  readonly naive: string
  readonly whole: string
  /** The output for a split after each byte of the first header. */
  readonly everyCut: readonly string[]
}

const shown = {
  all: 'all of it',
  part: 'part of it',
  nothing: 'nothing',
}

/** A header split across two reads. */
export const headerInTwo: Experiment<Cut> = {
  name: 'header-in-two',
  chapter: 5,
  title: 'A header split across two reads',
  action:
    'You run echo hello on a daemon that sends the 8 bytes of each header in two pieces of 4. One client drops the first 8 bytes of every read, because “that’s the header”. The other uses src/stream/frames.ts.',
  question: 'How much of hello does the first client show?',
  choices: Object.values(shown),
  where: 'practice daemon',
  async run(lab) {
    const runner = await openExecRunner(await lab.startPracticeDaemon('split-header=4'), lab.scope)
    let reads: readonly Buffer[] = []
    // If we read too late, the kernel has joined the two pieces. Try again.
    for (let tries = 0; tries < 5 && !reads.some(isCut); tries += 1) {
      const echo = await runner.runToEnd({ command: ['echo', 'hello'] })
      reads = echo.reads
    }
    const bytes = Buffer.concat(reads)
    return {
      reads: reads.map(hexOf),
      naive: Buffer.concat(reads.map((read) => read.subarray(headerLength))).toString(),
      whole: demultiplex(reads),
      everyCut: Array.from({ length: headerLength - 1 }, (_, at) =>
        demultiplex([bytes.subarray(0, at + 1), bytes.subarray(at + 1)]),
      ),
    }
  },
  answer({ naive, whole }) {
    if (naive === whole) return shown.all
    return naive === '' ? shown.nothing : shown.part
  },
  evidence: ({ reads, naive, whole, everyCut }) => [
    ...reads.flatMap((hex) => hexLines(hex)),
    `dropping 8 bytes from each read: ${JSON.stringify(naive)}`,
    `with src/stream/frames.ts:       ${JSON.stringify(whole)}`,
    `split after byte 1, 2, … 7 instead: correct in ${everyCut.filter((text) => text === whole).length} of 7`,
  ],
  why: () =>
    'A connection is a stream of bytes and knows nothing about frames. A read returns whatever has arrived: half a header, or three hundred frames and the beginning of another. With short output on a local socket one frame often arrives as one read, so this bug can pass your tests and only show up across a network.',
  report: {
    what: 'A header in the middle of a chunk shows up as a strange character in the text',
    url: 'https://github.com/sematext/sematext-agent-docker/issues/26',
  },
  docker:
    'StdCopy in moby’s pkg/stdcopy/stdcopy.go keeps reading until it has 8 bytes, and then until it has the whole payload.',
}

function isCut(read: Buffer): boolean {
  return read.length < headerLength
}

/** The text that our demultiplexer extracts from bytes in these pieces. */
function demultiplex(pieces: readonly Uint8Array[]): string {
  const payloads: Uint8Array[] = []
  const feed = createDemultiplexer((_, payload) => payloads.push(payload))
  for (const piece of pieces) feed(piece)
  return Buffer.concat(payloads).toString()
}

/** The facts of a frame with an unknown stream number. */
type Unknown = {
  readonly start: string
  readonly error: string
  readonly shownByOthers: string
}

const reaction = {
  shows: 'write the payload to stdout',
  skips: 'skip this frame',
  stops: 'stop with an error',
}

/** A frame of stream 7. */
export const unknownStream: Experiment<Unknown> = {
  name: 'unknown-stream',
  chapter: 5,
  title: 'A frame of stream 7',
  action:
    'You run echo hello on a daemon whose first header starts with 07. Only streams 0 to 3 exist.',
  question: 'What does a client that follows docker do?',
  choices: Object.values(reaction),
  where: 'practice daemon',
  async run(lab) {
    const runner = await openExecRunner(await lab.startPracticeDaemon('unknown-stream'), lab.scope)
    const echo = await runner.runToEnd({ command: ['echo', 'hello'] })
    const bytes = echo.bytes()
    const shown: Uint8Array[] = []
    let error = ''
    try {
      createDemultiplexer((_, payload) => shown.push(payload))(bytes)
    } catch (thrown) {
      error = (thrown as Error).message
    }
    const length = bytes.length >= headerLength ? bytes.readUInt32BE(4) : 0
    return {
      start: hexOf(bytes.subarray(0, headerLength + length)),
      error,
      shownByOthers: bytes.subarray(headerLength, headerLength + length).toString(),
    }
  },
  answer({ error }) {
    return error ? reaction.stops : undefined
  },
  evidence: ({ start, error, shownByOthers }) => [
    ...hexLines(start),
    `src/stream/frames.ts: ${error}`,
    `a client that treats all but 2 as stdout shows ${JSON.stringify(shownByOthers)}`,
  ],
  why: () =>
    'An invalid stream number means that these bytes aren’t frames. They may be a terminal’s output, which has none, or something that a proxy inserted. The length can’t be trusted either. A client that carries on takes its next header from the middle of the text, and every header after that.',
  report: {
    what: 'docker-modem accepted any byte as a stream number, and the output began with garbage',
    url: 'https://github.com/apocas/docker-modem/pull/195',
  },
  docker:
    'StdCopy in moby’s pkg/stdcopy/stdcopy.go fails with “Unrecognized input header: 7”, and so does docker exec.',
}
