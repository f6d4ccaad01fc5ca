/**
 * How a command's writes become frames: one byte at a time, and from two
 * pipes at once.
 *
 * @module
 */

import { framesIn, openExecRunner, payloadText, watch } from '../../../src/exec/session.ts'
import { hexLines, hexOf } from '../../../src/experiments/evidence.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { headerLength } from '../../../src/stream/frames.ts'

/** The facts of a program that writes one byte at a time. */
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
  plain: '300: just the letters',
  oneHeader: '308: one header and the letters',
  headers: 'more: many small frames, each with a header',
}

/** A program that writes one byte at a time. */
export const oneByteWrites: Experiment<SmallWrites> = {
  name: 'one-byte-writes',
  chapter: 5,
  title: 'A program that writes one byte at a time',
  action:
    'You run a loop without a tty that writes the letter x 300 times, one write each. You start reading only after the command has exited.',
  question: 'How many bytes arrive over the wire?',
  choices: Object.values(overTheWire),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const loop = `i=0; while [ $i -lt ${letters} ]; do printf x; : $(:); i=$((i + 1)); done`
    const options = { command: ['sh', '-c', loop] }
    const id = await runner.createExec(options)
    const connection = await runner.startExec(id, options)
    await runner.awaitExec(id)
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
    `our reads: ${reads}, with up to ${mostInOneRead} frames in one`,
  ],
  why: ({ frames, wire }) =>
    `The daemon sends whatever it reads from the pipe straight away, because a prompt must not wait for more output. So a one-byte write becomes a nine-byte frame, unless the next byte is already in the pipe: here ${frames} frames and ${wire} bytes. Our client then gets many frames in one read. A client that assumes one frame per read shows headers as text. One that writes each payload separately makes a system call per letter.`,
  report: {
    what: 'A client that stripped 8 bytes from every read got several frames in one',
    url: 'https://github.com/apocas/dockerode/issues/592',
  },
  docker:
    'NewStdWriter in moby’s stdcopy turns each write into a frame. StdCopy in the client unpacks them and writes each payload separately. Ours joins consecutive payloads of one stream into one write.',
}

/** The facts of some commands that write to both streams. */
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
  title: 'Which comes first, stdout or stderr?',
  action: `You run sh -c 'echo out; echo err >&2' ${rounds} times without a tty, and see which frame arrives first.`,
  question: 'The command writes to stdout first. How often does stdout’s frame arrive first?',
  choices: Object.values(outIsFirst),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    lab.progress(`${rounds} commands, one after the other`)
    let outFirst = 0
    let sample = ''
    for (let round = 0; round < rounds; round += 1) {
      const both = await runner.runToEnd({ command: ['sh', '-c', 'echo out; echo err >&2'] })
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
    `Two streams are two pipes, and a pipe doesn’t record when a byte was written. The daemon has a reader for each pipe, and whichever wakes first sends first. ${errFirst === 0 ? 'The order was right this time, but nothing guarantees it.' : 'The order of the writes was lost before any frame existed.'} If you need it, use a tty, or 2>&1 in the command: a single stream keeps its order.`,
  report: {
    what: 'Lines of stdout and stderr arrive in the wrong order; open since 2017',
    url: 'https://github.com/moby/moby/issues/31706',
  },
  docker:
    'docker keeps the order in which the frames arrive and nothing else. In moby’s daemon, CopyStreams copies the two streams in one goroutine each.',
}
