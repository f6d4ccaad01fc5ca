/**
 * Backpressure: slow readers in both directions. The experiments measure how
 * many bytes are where.
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

/** How much the command writes, in bytes. */
const output = 32 * mebibyte

/** The facts of two clients, one of which stops reading. */
type UnreadOutput = {
  /** What the client that stopped reading has read. */
  readonly taken: number
  readonly blocked: ExecStatus
  /** What the client that keeps everything has in memory. */
  readonly kept: number
  readonly finished: ExecStatus
}

const writerThen = {
  ends: 'it exits, and the daemon keeps the unread output',
  waits: 'it blocks in the middle of a write',
  killed: 'it is killed with SIGPIPE',
}

/** Output that the client doesn't read. */
export const unreadOutput: Experiment<UnreadOutput> = {
  name: 'nobody-reads',
  chapter: 5,
  title: 'Output that the client doesn’t read',
  action:
    'You run head -c 33554432 /dev/zero twice, 32 MiB each. One client stops reading after its first read. The other keeps every chunk in memory.',
  question: 'What happens to the command whose output isn’t read?',
  choices: Object.values(writerThen),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const options = { command: ['head', '-c', String(output), '/dev/zero'] }
    const id = await runner.createExec(options)
    const stopped = await runner.startExec(id, options)
    let taken = 0
    void readSocket(stopped, (chunk) => {
      taken += chunk.length
      return false
    })
    const greedy = await runner.runToEnd(options)
    const finished = await runner.awaitExec(greedy.id)
    await waitBriefly()
    const blocked = await runner.inspectExec(id)
    return { taken, blocked, kept: greedy.bytes().length, finished }
  },
  answer({ blocked }) {
    if (blocked.Running) return writerThen.waits
    return blocked.ExitCode === 0 ? writerThen.ends : writerThen.killed
  },
  evidence: ({ taken, blocked, kept, finished }) => [
    'the client that stopped reading:',
    `  has read ${taken} bytes and kept none of them`,
    `  its command: ${statusText(blocked)}`,
    'the client that keeps everything:',
    `  has ${kept} bytes in memory, headers included`,
    `  its command: ${statusText(finished)}`,
  ],
  why: ({ taken, kept }) =>
    `A client doesn’t have to announce that it has stopped reading. The kernel’s buffer for the socket fills up. The daemon’s write blocks, so it stops reading from the command’s pipe. The pipe fills up, and the command’s next write blocks. One client read ${taken} bytes and stopped; the other ended up with ${kept} bytes in memory. With yes instead of head, the second would grow without limit.`,
  report: {
    what: 'Containers that hung because a reader of their output was slow',
    url: 'https://github.com/moby/moby/issues/22502',
  },
  docker:
    'io.Copy and StdCopy in beginOutputStream (cli/command/container/hijack.go) use one buffer and write it out before they read again. Node keeps reading on its own, so writeChunks in src/stream/source.ts tells the loop when to stop.',
}

/** How much the clients send to a daemon that reads slowly, in bytes. */
const input = 8 * mebibyte

/** One read from a pipe, in bytes. */
const portion = 64 * 1024

/** The facts of two clients that send a lot of input. */
type SlowReader = {
  /** Bytes queued in the client that ignores what write returns. */
  readonly queued: number
  /** The most bytes that were queued in the client that waits. */
  readonly most: number
  /** How many bytes of each left the client in the same time. */
  readonly sentByFirst: number
  readonly sentBySecond: number
}

const whereTheyAre = {
  daemon: 'mostly in the daemon',
  client: 'mostly in the client’s memory',
  lost: 'lost',
}

/** A daemon that reads slowly. */
export const slowReader: Experiment<SlowReader> = {
  name: 'slow-reader',
  chapter: 5,
  title: 'A daemon that reads slowly',
  action:
    'You send 8 MiB to cat on a daemon that reads the input slowly, in small pieces. One client writes everything at once and ignores what write returns. The other writes 64 KiB and waits until it has left before it writes more.',
  question: 'Where are the first client’s 8 MiB a moment later?',
  choices: Object.values(whereTheyAre),
  where: 'practice daemon',
  async run(lab) {
    const runner = await openExecRunner(await lab.startPracticeDaemon('slow-reader'), lab.scope)
    const options = { command: ['sh', '-c', 'cat >/dev/null'], stdin: true }
    const { socket: careless } = await runner.runExec(options)
    const { socket: careful } = await runner.runExec(options)

    for (let at = 0; at < input; at += portion) careless.write(Buffer.alloc(portion))

    let most = 0
    let written = 0
    const over = wait(shortDelay).then(() => true)
    for (let isOver = false; !isOver && written < input; ) {
      written += portion
      const flushed = new Promise<void>((resolve) => {
        if (writeChunks([Buffer.alloc(portion)], careful, resolve)) resolve()
      })
      most = Math.max(most, careful.writableLength)
      isOver = (await Promise.race([flushed, over])) === true
    }
    return {
      queued: careless.writableLength,
      most,
      sentByFirst: input - careless.writableLength,
      sentBySecond: written - careful.writableLength,
    }
  },
  answer({ queued }) {
    return queued > input / 2 ? whereTheyAre.client : whereTheyAre.daemon
  },
  evidence: ({ queued, most, sentByFirst, sentBySecond }) => [
    'the client that ignores what write returns:',
    `  has ${queued} bytes queued in memory, and ${sentByFirst} have left`,
    'the client that waits:',
    `  has had up to ${most} bytes queued, and ${sentBySecond} have left`,
  ],
  why: () =>
    'write never refuses. What the kernel doesn’t take goes into a queue without a limit, and write returns false to tell you so. Ignoring that doesn’t get the bytes to the daemon any sooner. Send an 8 GiB file like that and the queue grows toward 8 GiB. With cat file | docker exec -i, docker holds only one buffer at a time.',
  report: {
    what: 'A streaming client without backpressure: it ignored what write returned',
    url: 'https://github.com/BitMiracle-AI/Dormice/issues/23',
  },
  docker:
    'io.Copy in beginInputStream (cli/command/container/hijack.go). In Go a Write returns only when the kernel has all the bytes, so the loop waits on its own.',
}
