/**
 * How what a command writes becomes frames: byte by byte, and from two pipes at once.
 *
 * @module
 */

import { framesIn, openExecRunner, payloadText, watch } from '../../../src/exec/session.ts'
import { hexLines, hexOf } from '../../../src/experiments/evidence.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { headerLength } from '../../../src/stream/frames.ts'

/** What was seen of a program that writes byte by byte. */
type SmallWrites = {
  readonly payload: number
  readonly wire: number
  readonly frames: number
  readonly reads: number
  readonly mostInOneRead: number
  readonly start: string
}

const letters = 300

const overTheWire = {
  plain: '300: they are only letters',
  oneHeader: '308: one header, and the letters',
  headers: 'more: many small frames, each with its header',
}

/** A program that writes one byte at a time. */
export const oneByteWrites: Experiment<SmallWrites> = {
  name: 'one-byte-writes',
  chapter: 5,
  title: 'A program that writes byte by byte',
  action:
    'You run a loop that writes the letter x 300 times, one write each, without a tty, and read only when the command is over.',
  question: 'How many bytes come over the wire?',
  choices: Object.values(overTheWire),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const loop = `i=0; while [ $i -lt ${letters} ]; do printf x; : $(:); i=$((i + 1)); done`
    const wanted = { command: ['sh', '-c', loop] }
    const id = await bench.createExec(wanted)
    const connection = await bench.startExec(id, wanted)
    await bench.awaitExec(id)
    const writer = watch(id, connection, false, lab.limit)
    await writer.until(() => false)
    const bytes = writer.bytes()
    return {
      payload: payloadText(bytes).length,
      wire: bytes.length,
      frames: framesIn(bytes).length,
      reads: writer.reads.length,
      mostInOneRead: Math.max(0, ...writer.reads.map((read) => framesIn(read).length)),
      start: hexOf(bytes.subarray(0, 27)),
    }
  },
  answer({ wire, payload }) {
    if (payload !== letters) return undefined
    if (wire === payload) return overTheWire.plain
    return wire === payload + headerLength ? overTheWire.oneHeader : overTheWire.headers
  },
  evidence: ({ payload, wire, frames, reads, mostInOneRead, start }) => [
    ...hexLines(start),
    `${payload} letters, ${frames} frames, ${wire} bytes on the wire`,
    `reads of ours: ${reads}, with up to ${mostInOneRead} frames in one`,
  ],
  why: ({ frames, wire }) =>
    `The daemon sends what a read of the pipe gives it, at once, because a prompt must not wait for more. A write of one byte becomes a frame of nine, unless the next ones are there already: here ${frames} frames and ${wire} bytes. Our side then gets many of them in one read. A client that takes a read for a frame shows headers as text, and one that writes every payload by itself makes a system call for each letter.`,
  report: {
    what: 'A client that cut 8 bytes off every read, and found several frames in one',
    url: 'https://github.com/apocas/dockerode/issues/592',
  },
  docker:
    'NewStdWriter in moby’s stdcopy makes a frame of each write; StdCopy in the client takes them apart and writes each payload by itself. Ours collects neighbours of one stream into one write.',
}

/** What was seen of some commands that write to both streams. */
type Order = { readonly outFirst: number; readonly errFirst: number; readonly sample: string }

const rounds = 10

const outIsFirst = {
  always: 'always',
  never: 'never',
  sometimes: 'sometimes',
}

/** The order of stdout and stderr. */
export const orderOfStreams: Experiment<Order> = {
  name: 'order-of-streams',
  chapter: 5,
  title: 'What comes first, stdout or stderr?',
  action: `You run sh -c 'echo out; echo err >&2' ${rounds} times without a tty, and look whose frame is first.`,
  question: 'The command writes out first. How often does out come first?',
  choices: Object.values(outIsFirst),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    lab.progress(`${rounds} commands, one behind the other`)
    let outFirst = 0
    let sample = ''
    for (let round = 0; round < rounds; round += 1) {
      const both = await bench.runToEnd({ command: ['sh', '-c', 'echo out; echo err >&2'] })
      const first = framesIn(both.bytes())[0]?.stream
      if (first === 1) outFirst += 1
      if (sample === '' || first === 2) sample = hexOf(both.bytes())
    }
    return { outFirst, errFirst: rounds - outFirst, sample }
  },
  answer({ outFirst, errFirst }) {
    if (errFirst === 0) return outIsFirst.always
    return outFirst === 0 ? outIsFirst.never : outIsFirst.sometimes
  },
  evidence: ({ outFirst, errFirst, sample }) => [
    ...hexLines(sample),
    `of ${rounds} runs: stdout first ${outFirst} times, stderr first ${errFirst} times`,
  ],
  why: ({ errFirst }) =>
    `Two streams are two pipes, and nothing in a pipe says when a byte was written. The daemon has a reader for each, and the one that is woken first sends first. ${errFirst === 0 ? 'It went well this time; nothing promises it.' : 'The order of the writes was lost before a frame was made.'} Whoever needs it uses a tty, or 2>&1 in the command: one stream has one order.`,
  report: {
    what: 'Lines on stdout and stderr in the wrong order, open since 2017',
    url: 'https://github.com/moby/moby/issues/31706',
  },
  docker:
    'It keeps the order in which the frames come, no more. The two copies run in CopyStreams in moby’s daemon, one goroutine each.',
}
