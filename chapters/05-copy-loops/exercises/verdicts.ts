/**
 * Verdicts on exercise 5.
 *
 * @module
 */

import type { AnyStage } from '../../../src/course/stage.ts'
import { inCourse } from '../../../src/judging/in-course.ts'
import type { Trials } from '../../../src/judging/judge.ts'
import type { Probe } from '../../../src/judging/probe.ts'
import { indexOf } from '../../../src/judging/recorded-events.ts'
import { type Case, table } from '../../../src/judging/table.ts'
import { bytesText } from '../../../src/judging/timeline.ts'
import {
  resultsOnly,
  type Trial,
  type TrialResult,
  watchSession,
} from '../../../src/judging/trial.ts'
import { headerLength } from '../../../src/stream/frames.ts'
import { bytesIn } from '../../../src/tape/event.ts'
import { asked } from '../../01-create/asked.ts'
import type { Raw } from '../../04-raw-mode/stage.ts'
import { dockerExec } from '../../index.ts'
import { copyLoops } from '../stage.ts'
import { readFrameHeader } from './copy-loops-header.solution.ts'
import type { FrameHeader } from './copy-loops-header.ts'

const inStory = inCourse(dockerExec, 5)

/** Every byte that there is; 10 11, the detach keys of a terminal, are among them. */
const everyByte = Uint8Array.from({ length: 256 }, (_, at) => at)

const detachKeys = '\x10\x11'

/** More than the buffers between here and any daemon hold. */
const megabytes = new Uint8Array(4 * 1024 * 1024)
// No two neighbours of four kilobytes are the same: what lands in the wrong place shows.
for (let at = 0; at < megabytes.length; at += 4096) megabytes.fill(at >> 12, at, at + 4096)

/** What there is to say of bytes that were sent, and that are not those that came in. */
function aboutSent(sent: Buffer, input: Uint8Array): string | undefined {
  if (sent.equals(input)) return undefined
  const isPrefix = sent.equals(input.subarray(0, sent.length))
  const rest = Buffer.from(input.subarray(sent.length))
  if (isPrefix && rest.indexOf(detachKeys) === 0) {
    return 'without a tty 10 11 are data like any other: detach keys are looked for only where somebody types'
  }
  if (isPrefix) {
    return `the daemon got ${sent.length} of ${input.length} bytes, and ${bytesText(rest.subarray(0, 4))} is what comes next: each chunk goes out whole, whatever it ends with`
  }
  if (sent.length > input.length && sent.indexOf(input) === 0) {
    return `behind the input you sent ${bytesText(sent.subarray(input.length))}: Ctrl-D ends an input only in a terminal, on a pipe it is a byte like any other. Here a half-close is the end`
  }
  if (sent.indexOf(Uint8Array.of(0, 0, 0, 0)) === 0 && sent.indexOf(input) === headerLength) {
    return 'you put a header before the input: only what comes from the daemon is in frames, because it has two streams. There is one stdin'
  }
  const at = [...input].findIndex((byte, index) => sent[index] !== byte)
  return `the bytes changed on the way: ${bytesText(input.subarray(at, at + 4))} became ${bytesText(sent.subarray(at, at + 4))}. Input is bytes, and not text`
}

/** Waits until standard output has this in it. */
function output(probe: Probe, text: string): Promise<void> {
  return probe.until((events) => bytesIn(events, 'stdout').includes(text))
}

/** Whether the loop said that it cannot take more, and then did not take more. */
function neverWentOn(seen: TrialResult): boolean {
  return indexOf(seen, 'input waits') >= 0 && indexOf(seen, 'input goes on') < 0
}

const nobodySaidGoOn =
  'you said that you cannot take more, and nobody said go on: take returns what pour returns, and what pour calls when the socket has taken it all is input.resume()'

/**
 * Releases raw mode a moment late. The input loop is over by then and nothing else is released yet, so
 * a half-close of the loop's own comes before the one that the release of the wire makes.
 */
function releasesLate(state: object): object {
  const { rawMode } = state as Raw
  const release = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve))
    await rawMode?.release()
  }
  return { ...state, rawMode: rawMode && { ...rawMode, release } }
}

/** Trials of the stage. */
const stageTrials: readonly Trial<AnyStage>[] = [
  {
    title: 'a pipe into cat',
    run: inStory(({ container }) => ({
      first: asked(container, { interactive: true, command: ['cat'] }),
      terminal: { input: 'hello\n' },
    })),
    judge(seen) {
      const over = indexOf(seen, 'end')
      const closed = indexOf(seen, 'half-close')
      const cut = indexOf(seen, 'cut')
      if (closed >= 0 && seen.error === undefined && bytesIn(seen.events, 'sent').length === 0) {
        return 'you half-closed before the input had gone to the daemon: behind a half-close nothing more can be written. It comes when input.read says that the input is over, and what was taken has been poured'
      }
      if (cut >= 0 && (over < 0 || cut < over) && bytesIn(seen.events, 'stdout').length === 0) {
        return 'you cut the connection in both directions when the input was at its end: the answer of cat could not come any more. A half-close ends only ours'
      }
      if (neverWentOn(seen)) return nobodySaidGoOn
      if (seen.timedOut && over < 0 && closed < 0) {
        return 'you did not half-close: the input was at its end, nobody told the daemon, and cat waited for more'
      }
      if (bytesIn(seen.events, 'sent').length === 0) {
        return 'nothing of the input went to the daemon: cat got an end and not a line'
      }
      return aboutSent(bytesIn(seen.events, 'sent'), Buffer.from('hello\n'))
    },
  },
  {
    title: 'every byte there is, through a pipe into cat',
    run: inStory(({ container }) => ({
      first: asked(container, { interactive: true, command: ['cat'] }),
      terminal: { input: everyByte },
    })),
    judge: (seen) => aboutSent(bytesIn(seen.events, 'sent'), everyByte),
  },
  {
    title: 'four megabytes through a pipe, and a daemon that takes its time',
    run: inStory(() => ({
      first: asked('practice', { interactive: true, command: ['wc', '-c'] }),
      terminal: { input: megabytes },
      script: { waitsForInput: true },
    })),
    judge(seen, reference) {
      if (indexOf(seen, 'input waits') < 0 && indexOf(reference, 'input waits') >= 0) {
        return 'you read on while the daemon had not taken what you wrote: all of the input piles up in memory, or is written over by the next read. What pour returns is what take has to return'
      }
      if (neverWentOn(seen)) return nobodySaidGoOn
      const sent = bytesIn(seen.events, 'sent')
      return sent.length === megabytes.length && !sent.equals(megabytes)
        ? 'what you wrote had other bytes in it when it was sent: a chunk lies in memory that the next read fills again, and write says only that there is room for more. pour says when the chunk is gone'
        : undefined
    },
  },
  {
    title: 'without -i',
    run: inStory(({ container }) => ({
      first: asked(container, { command: ['echo', 'hello'] }),
    })),
    judge(seen) {
      const closed = indexOf(seen, 'half-close')
      if (!seen.passedOn || (closed >= 0 && closed < indexOf(seen, 'your stage returned'))) {
        return undefined
      }
      if (indexOf(seen, 'cut') >= 0 && closed < 0) {
        return 'without -i only our direction is over, and you cut the connection in both: what the command writes could not come any more. A half-close ends only ours'
      }
      return 'without -i the input is over before it began, and you did not say so: the half-close is the first thing that we send'
    },
  },
  {
    title: 'a terminal, and the detach keys',
    run: inStory(({ container }) => ({
      first: asked(container, {
        interactive: true,
        tty: true,
        command: ['sh', '-c', 'stty -echo; echo ready; read line; echo "got $line"; sleep 300'],
      }),
      terminal: { isTerminal: true, size: { rows: 24, columns: 80 }, open: true },
      async user({ type }, probe) {
        await output(probe, 'ready')
        type('\x10')
        type('hi\r')
        await output(probe, 'hi\r\n')
        // A person's fingers are slower than a read: the keys come one by one.
        for (const key of detachKeys) type(key)
      },
      before: releasesLate,
    })),
    judge(seen) {
      const sent = bytesIn(seen.events, 'sent')
      if (sent.includes(detachKeys)) {
        return 'the daemon got the detach keys, 10 11: they are found on their way and go no further'
      }
      if (seen.timedOut && sent.length === 0) {
        return 'nothing of what was typed went to the daemon: the shell waits for its line'
      }
      if (sent.includes('hi') && !sent.includes('\x10hi')) {
        return 'ctrl-p and then hi were typed, and the daemon got no 10: alone it is no detach key. The search holds it back until the next key tells, and then it is in pass: so it has to be the same search for every chunk'
      }
      if (sent.equals(Buffer.from('\x10hi\r\x10'))) {
        return 'the daemon got 10, the first of the detach keys: what the search holds back is not in pass, and pass is all that goes out'
      }
      if (indexOf(seen, 'half-close') >= 0 && seen.finalState?.message !== 'read escape sequence') {
        return 'the detach keys were typed, and you ended the input as if it were over: they leave the session, and the promise has to say "detach keys"'
      }
      const closed = indexOf(seen, 'half-close')
      const released = seen.events.findIndex(
        (event) => event.kind === 'released' && event.label === 'wire',
      )
      if (closed >= 0 && (released < 0 || closed < released)) {
        return 'you half-closed at the detach keys: a half-close says that the input is over, and the detach keys only leave the session. The command and its input stay as they are'
      }
      if (seen.timedOut && indexOf(seen, 'stops reading') >= 0) {
        return 'you found the detach keys and closed the input, and you still wait for input.read: it resolves at the end of the input, and a terminal that is closed has none. Resolve "detach keys" yourself'
      }
      if (seen.timedOut && bytesIn(seen.events, 'stdout').includes('hi\r\n')) {
        return 'the detach keys, 10 11, were typed and the session went on: what createDetachSearch gives back says when they are complete, and it has to be the same search for every chunk, because each key comes in a chunk of its own'
      }
      return seen.passedOn && sent.length > 0 ? aboutSent(sent, Buffer.from('\x10hi\r')) : undefined
    },
  },
  {
    title: 'a terminal, detach keys of one’s own, and a line pasted before them',
    run: inStory(() => ({
      first: asked('practice', {
        ...{ interactive: true, tty: true, command: ['sh'], detachKeys: 'ctrl-x,q' },
      }),
      terminal: { isTerminal: true, size: { rows: 24, columns: 80 }, open: true },
      script: { waitsForInput: true },
      async user({ type }, { until }) {
        await until((events) => events.some(({ kind }) => kind === 'reads input'))
        type(`${detachKeys}ok\r`)
        await until((events) => bytesIn(events, 'sent').includes('ok\r'))
        type('bye\r\x18q')
      },
    })),
    judge(seen) {
      const sent = bytesIn(seen.events, 'sent')
      if (seen.passedOn && !sent.includes(`${detachKeys}ok`)) {
        return `10 11 were typed, and the session has other detach keys, ctrl-x q: here they are data. detachKeysOf(raw, engine) knows what was asked for, the configuration, and docker's own`
      }
      if (sent.includes('\x18')) {
        return 'the daemon got 18, ctrl-x, of the detach keys ctrl-x q: detachKeysOf(raw, engine) knows those that were asked for'
      }
      return seen.passedOn && !sent.includes('bye\r')
        ? 'a line and the detach keys came in one chunk, and the line is lost: what was typed before the keys is in pass, also where detached is true'
        : undefined
    },
  },
  {
    title: 'a terminal that hangs up',
    run: inStory(() => ({
      first: asked('practice', { interactive: true, tty: true, command: ['sh'] }),
      terminal: { isTerminal: true, size: { rows: 24, columns: 80 }, open: true },
      script: { waitsForInput: true },
      async user({ type, endInput }, { until }) {
        await until((events) => events.some(({ kind }) => kind === 'reads input'))
        type('ls\r')
        endInput()
      },
    })),
    judge: (seen) =>
      seen.passedOn && indexOf(seen, 'half-close') < 0
        ? 'the window was closed, so the input of the terminal is over, and you did not half-close: with a tty as without one the daemon is told'
        : undefined,
  },
]

const header = (...bytes: number[]): [Uint8Array] => [Uint8Array.from(bytes)]

type ReadHeader = (header: Uint8Array) => FrameHeader

/** As a table; an error may have any words, if the number of the stream is among them. */
function headerTable(cases: readonly Case<[Uint8Array]>[]): Trial<ReadHeader> {
  const strict = table<[Uint8Array], FrameHeader>('headers', cases)
  return {
    ...strict,
    async run(read, world) {
      const seen = await strict.run(read, world)
      const results = seen.results.map(({ asked: call, got }) => ({
        asked: call,
        got: got.replace(/^throws: .*\b35\b.*$/s, 'an error that names 35'),
      }))
      const { error, ...others } = seen
      // What was thrown is among the results already; only an exercise that is not written is more.
      return { ...others, results, ...(error && !/\b35\b/.test(error.message) && { error }) }
    },
  }
}

/** Trials of the header. */
const headerTrials: readonly Trial<ReadHeader>[] = [
  headerTable([
    {
      asked: '01 00 00 00 00 00 00 06',
      args: header(1, 0, 0, 0, 0, 0, 0, 6),
      hint: 'stream 1 is stdout, and the length is in the last four bytes, the most significant first',
    },
    {
      asked: '02 00 00 00 00 00 01 00',
      args: header(2, 0, 0, 0, 0, 0, 1, 0),
      hint: 'stream 2 is stderr, and the most significant byte of the length comes first',
    },
    {
      asked: '03 00 00 00 01 02 03 04',
      args: header(3, 0, 0, 0, 1, 2, 3, 4),
      hint: 'the length has four bytes, not one and not two, and stream 3 is the daemon itself',
    },
    {
      asked: '00 00 00 00 00 00 00 02',
      args: header(0, 0, 0, 0, 0, 0, 0, 2),
      hint: 'stream 0 is stdin: no daemon sends it, and it is a stream all the same',
    },
    {
      asked: '01 00 00 00 ff ff ff f0',
      args: header(1, 0, 0, 0, 0xff, 0xff, 0xff, 0xf0),
      hint: 'a length has no sign, and a shift by 24 gives it one',
    },
    {
      asked: '02 00 00 00 00 00 00 04, in the middle of a chunk',
      args: [Uint8Array.from([0x6f, 0x6b, 0x0a, 2, 0, 0, 0, 0, 0, 0, 4, 0x6f]).subarray(3, 11)],
      hint: 'a header is a view of a larger chunk: its buffer begins earlier, at byteOffset',
    },
    {
      asked: '23 20 00 00 00 00 00 01',
      args: header(0x23, 0x20, 0, 0, 0, 0, 0, 1),
      hint: 'there is no stream 35: these are a terminal’s bytes, "# ", and an error has to say so ("Unrecognized input header: 35")',
    },
  ]),
  {
    title: 'what the daemon sends for two streams',
    async run(read, world) {
      const seen = await watchSession(
        {
          ...dockerExec,
          watched: 5,
          first: asked(world.container, { command: ['sh', '-c', 'echo out; echo oops >&2'] }),
        },
        world,
      )
      const bytes = bytesIn(seen.events, 'received')
      const streams: Record<string, string> = {}
      for (let at = 0; at < bytes.length; ) {
        const { stream, length } = read(bytes.subarray(at, at + headerLength))
        const end = at + headerLength + length
        streams[stream] = `${streams[stream] ?? ''}${bytes.subarray(at + headerLength, end)}`
        at = end
      }
      return resultsOnly(
        ['stdout', 'stderr'].map((name) => ({ asked: name, got: JSON.stringify(streams[name]) })),
      )
    },
    judge: (seen, reference) =>
      seen.results.every(({ got }, at) => got === reference.results[at]?.got)
        ? undefined
        : 'what the daemon sent for two streams did not come apart into the two',
  },
]

/** What each exercise of the chapter has to pass, by its name. */
export const trials: Readonly<Record<string, Trials>> = {
  '05-copy-loops': { reference: copyLoops, trials: stageTrials },
  '05-copy-loops-header': { reference: readFrameHeader, trials: headerTrials },
}
