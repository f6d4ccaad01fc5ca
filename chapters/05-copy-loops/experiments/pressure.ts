/**
 * Readers that are slower than those who write, in both directions. What is measured is bytes,
 * and where they are.
 *
 * @module
 */

import { setTimeout as wait } from 'node:timers/promises'
import { readSocket } from '../../../src/engine/socket.ts'
import {
  type ExecStatus,
  openExecRunner,
  shortDelay,
  statusText,
  waitBriefly,
} from '../../../src/exec/session.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { writeChunks } from '../../../src/stream/source.ts'

const mebibyte = 1024 * 1024

/** What the command writes. */
const output = 32 * mebibyte

/** What was seen of two clients, one of which does not read on. */
type NobodyReads = {
  /** What the client that says no has read. */
  readonly taken: number
  readonly blocked: ExecStatus
  /** What the client that keeps everything has in memory. */
  readonly kept: number
  readonly finished: ExecStatus
}

const writerThen = {
  ends: 'it ends, and the daemon keeps what was not read',
  waits: 'it waits in the middle of a write',
  killed: 'it is killed, with SIGPIPE',
}

/** Output that nobody reads. */
export const nobodyReads: Experiment<NobodyReads> = {
  name: 'nobody-reads',
  chapter: 5,
  title: 'Output that nobody reads',
  action:
    'You run head -c 33554432 /dev/zero twice, 32 MiB each. One client takes one read and then says no to the next; the other one keeps every chunk.',
  question: 'What becomes of the command whose output is not read?',
  choices: Object.values(writerThen),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const wanted = { command: ['head', '-c', String(output), '/dev/zero'] }
    const id = await bench.createExec(wanted)
    const refusing = await bench.startExec(id, wanted)
    let taken = 0
    void readSocket(refusing, (chunk) => {
      taken += chunk.length
      return false
    })
    const keeping = await bench.runToEnd(wanted)
    const finished = await bench.awaitExec(keeping.id)
    await waitBriefly()
    const blocked = await bench.inspectExec(id)
    return { taken, blocked, kept: keeping.bytes().length, finished }
  },
  answer({ blocked }) {
    if (blocked.Running) return writerThen.waits
    return blocked.ExitCode === 0 ? writerThen.ends : writerThen.killed
  },
  evidence: ({ taken, blocked, kept, finished }) => [
    'the client that says no:',
    `  has read ${taken} bytes and keeps none of them`,
    `  its command: ${statusText(blocked)}`,
    'the client that keeps everything:',
    `  has ${kept} bytes in memory, headers and all`,
    `  its command: ${statusText(finished)}`,
  ],
  why: ({ taken, kept }) =>
    `Saying no to a read needs no message. The kernel’s buffer for the socket fills, then the daemon cannot write and stops reading from the pipe, then the pipe fills, and the command’s next write waits. So ${taken} bytes were enough for one client, and the other one needed ${kept} and would need as many again for the next command. With yes instead of head it would have no end.`,
  report: {
    what: 'Containers that stood still because a reader of their output was slow',
    url: 'https://github.com/moby/moby/issues/22502',
  },
  docker:
    'io.Copy and StdCopy in beginOutputStream (cli/command/container/hijack.go) use one buffer and write it out before they read again. Node reads on by itself: pour in src/stream/source.ts says no until the write is out.',
}

/** What the clients give to a daemon that reads slowly. */
const input = 8 * mebibyte

/** A read of a pipe. */
const portion = 64 * 1024

/** What was seen of two clients that have much to say. */
type SlowReader = {
  /** In the memory of the client that does not listen. */
  readonly waiting: number
  /** The most that was in the memory of the one that does. */
  readonly most: number
  /** What the daemon has taken of each in the same time. */
  readonly takenFromFirst: number
  readonly takenFromSecond: number
}

const whereTheyAre = {
  daemon: 'most of them in the daemon',
  client: 'most of them in the memory of the client',
  lost: 'lost',
}

/** A daemon that reads slowly. */
export const slowReader: Experiment<SlowReader> = {
  name: 'slow-reader',
  chapter: 5,
  title: 'A daemon that reads slowly',
  action:
    'You send 8 MiB to a cat, on a daemon that takes the input in small portions. One client writes all of it at once and does not look at what write gives back; the other one waits whenever a portion is not out.',
  question: 'Where are the 8 MiB of the first client, a moment later?',
  choices: Object.values(whereTheyAre),
  where: 'practice daemon',
  async run(lab) {
    const bench = await openExecRunner(await lab.startPracticeDaemon('slow-reader'), lab.scope)
    const wanted = { command: ['sh', '-c', 'cat >/dev/null'], stdin: true }
    const { socket: deaf } = await bench.runExec(wanted)
    const { socket: patient } = await bench.runExec(wanted)

    for (let at = 0; at < input; at += portion) deaf.write(Buffer.alloc(portion))

    let most = 0
    let given = 0
    const over = wait(shortDelay).then(() => true)
    for (let isOver = false; !isOver && given < input; ) {
      given += portion
      const flushed = new Promise<void>((resolve) => {
        if (writeChunks([Buffer.alloc(portion)], patient, resolve)) resolve()
      })
      most = Math.max(most, patient.writableLength)
      isOver = (await Promise.race([flushed, over])) === true
    }
    return {
      waiting: deaf.writableLength,
      most,
      takenFromFirst: input - deaf.writableLength,
      takenFromSecond: given - patient.writableLength,
    }
  },
  answer({ waiting }) {
    return waiting > input / 2 ? whereTheyAre.client : whereTheyAre.daemon
  },
  evidence: ({ waiting, most, takenFromFirst, takenFromSecond }) => [
    'the client that writes on:',
    `  has ${waiting} bytes waiting in memory, and ${takenFromFirst} are out`,
    'the client that waits:',
    `  has had up to ${most} bytes waiting, and ${takenFromSecond} are out`,
  ],
  why: () =>
    'write never refuses: what the kernel does not take at once is kept in a queue without a limit, and write gives back false to say so. The daemon gets the bytes no sooner for it. With a file of 8 GiB instead, the client that does not listen needs 8 GiB of memory, while cat file | docker exec -i needs the size of a pipe.',
  report: {
    what: 'A streaming client whose backpressure was none: nobody looked at what write gave back',
    url: 'https://github.com/BitMiracle-AI/Dormice/issues/23',
  },
  docker:
    'io.Copy in beginInputStream (cli/command/container/hijack.go): a Write in Go returns when the kernel has the bytes, so it waits by itself.',
}
