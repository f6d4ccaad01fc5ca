/**
 * Headers that do not come as one imagines them: cut in two, or of a stream that there is not.
 *
 * @module
 */

import { openExecRunner } from '../../../src/exec/session.ts'
import { hexLines, hexOf } from '../../../src/experiments/evidence.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { createDemultiplexer, headerLength } from '../../../src/stream/frames.ts'

/** What was seen of headers that are cut. */
type Cut = {
  readonly reads: readonly string[]
  readonly naive: string
  readonly whole: string
  /** The output for a cut behind each byte of the first header. */
  readonly everyCut: readonly string[]
}

const shown = {
  all: 'all of it',
  part: 'a part of it',
  nothing: 'nothing',
}

/** A header in two reads. */
export const headerInTwo: Experiment<Cut> = {
  name: 'header-in-two',
  chapter: 5,
  title: 'A header that comes in two pieces',
  action:
    'You run echo hello on a daemon that sends the 8 bytes of each header in two pieces of 4. One client drops the first 8 bytes of every read, because “that is the header”; the other one is src/stream/frames.ts.',
  question: 'What does the first client show of hello?',
  choices: Object.values(shown),
  where: 'practice daemon',
  async run(lab) {
    const bench = await openExecRunner(await lab.startPracticeDaemon('split-header=4'), lab.scope)
    let reads: readonly Buffer[] = []
    // The kernel joins what we are too late to read apart, so it may take a second run.
    for (let tries = 0; tries < 5 && !reads.some(isCut); tries += 1) {
      const echo = await bench.runToEnd({ command: ['echo', 'hello'] })
      reads = echo.reads
    }
    const bytes = Buffer.concat(reads)
    return {
      reads: reads.map(hexOf),
      naive: Buffer.concat(reads.map((read) => read.subarray(headerLength))).toString(),
      whole: fed(reads),
      everyCut: Array.from({ length: headerLength - 1 }, (_, at) =>
        fed([bytes.subarray(0, at + 1), bytes.subarray(at + 1)]),
      ),
    }
  },
  answer({ naive, whole }) {
    if (naive === whole) return shown.all
    return naive === '' ? shown.nothing : shown.part
  },
  evidence: ({ reads, naive, whole, everyCut }) => [
    ...reads.flatMap((hex) => hexLines(hex)),
    `8 bytes dropped from each read: ${JSON.stringify(naive)}`,
    `put together by src/stream/frames.ts:  ${JSON.stringify(whole)}`,
    `cut behind byte 1, 2, … 7 instead: right ${everyCut.filter((text) => text === whole).length} times of 7`,
  ],
  why: () =>
    'A connection is a stream of bytes and knows nothing of frames. A read gives what has arrived: half a header, or three hundred frames and the beginning of another one. On a local socket one frame nearly always comes as one read, so the mistake passes every test and shows behind a network.',
  report: {
    what: 'A header in the middle of a chunk, shown as a strange character in the text',
    url: 'https://github.com/sematext/sematext-agent-docker/issues/26',
  },
  docker:
    'StdCopy in api/pkg/stdcopy/stdcopy.go of moby reads on until it has 8 bytes, and then until it has the whole payload.',
}

function isCut(read: Buffer): boolean {
  return read.length < headerLength
}

/** What our demultiplexer makes of the bytes in these pieces. */
function fed(pieces: readonly Uint8Array[]): string {
  const payloads: Uint8Array[] = []
  const feed = createDemultiplexer((_, payload) => payloads.push(payload))
  for (const piece of pieces) feed(piece)
  return Buffer.concat(payloads).toString()
}

/** What was seen of a stream that there is not. */
type Unknown = {
  readonly start: string
  readonly error: string
  readonly shownByOthers: string
}

const reaction = {
  shows: 'shows the payload on stdout',
  skips: 'leaves this frame out',
  stops: 'stops with an error',
}

/** A frame of stream 7. */
export const unknownStream: Experiment<Unknown> = {
  name: 'unknown-stream',
  chapter: 5,
  title: 'A frame of stream 7',
  action:
    'You run echo hello on a daemon whose first header begins with 07. There are the streams 0 to 3.',
  question: 'What does a client do that works as docker does?',
  choices: Object.values(reaction),
  where: 'practice daemon',
  async run(lab) {
    const bench = await openExecRunner(await lab.startPracticeDaemon('unknown-stream'), lab.scope)
    const echo = await bench.runToEnd({ command: ['echo', 'hello'] })
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
    `a client for which all but 2 is stdout shows ${JSON.stringify(shownByOthers)}`,
  ],
  why: () =>
    'A first byte that makes no sense means that these are no frames: a terminal’s output, which has none, or something that a proxy has put in between. The length behind it makes no sense either, so whoever goes on reads the next header from the middle of a text, and every one that follows.',
  report: {
    what: 'docker-modem took every byte for a stream, and the output began with rubbish',
    url: 'https://github.com/apocas/docker-modem/pull/195',
  },
  docker:
    'StdCopy in api/pkg/stdcopy/stdcopy.go of moby ends with “Unrecognized input header: 7”, and so does docker exec.',
}
