/**
 * The trials and verdicts of the exercises of chapter 5.
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

/** All 256 byte values, including 10 11, the default detach keys. */
const everyByte = Uint8Array.from({ length: 256 }, (_, at) => at)

const detachKeys = '\x10\x11'

/** More than the buffers between us and a daemon can hold. */
const megabytes = new Uint8Array(4 * 1024 * 1024)
// Neighbouring blocks of 4 KiB differ, so bytes in the wrong place are
// noticed.
for (let at = 0; at < megabytes.length; at += 4096) megabytes.fill(at >> 12, at, at + 4096)

/**
 * Explains how the bytes that were sent differ from the input. Undefined if
 * they don't.
 */
function explainSent(sent: Buffer, input: Uint8Array): string | undefined {
  if (sent.equals(input)) return undefined
  const isPrefix = sent.equals(input.subarray(0, sent.length))
  const rest = Buffer.from(input.subarray(sent.length))
  if (isPrefix && rest.indexOf(detachKeys) === 0) {
    return 'without a tty 10 11 is ordinary data: look for detach keys only under a tty'
  }
  if (isPrefix) {
    return `the daemon got only ${sent.length} of ${input.length} bytes. The next ones were ${bytesText(rest.subarray(0, 4))}. Send every chunk whole, whatever it ends with`
  }
  if (sent.length > input.length && sent.indexOf(input) === 0) {
    return `after the input you sent ${bytesText(sent.subarray(input.length))}. Ctrl-D ends the input only on a terminal; on a pipe it is an ordinary byte. Use a half-close instead`
  }
  if (sent.indexOf(Uint8Array.of(0, 0, 0, 0)) === 0 && sent.indexOf(input) === headerLength) {
    return 'you sent a frame header before the input. Only the daemon’s output is framed, because it carries two streams; there is only one stdin'
  }
  const at = [...input].findIndex((byte, index) => sent[index] !== byte)
  return `you changed the bytes: ${bytesText(input.subarray(at, at + 4))} became ${bytesText(sent.subarray(at, at + 4))}. Treat input as bytes, not text`
}

/** Waits until stdout contains this text. */
function outputContains(probe: Probe, text: string): Promise<void> {
  return probe.until((events) => bytesIn(events, 'stdout').includes(text))
}

/** Whether the loop paused the input and never resumed it. */
function neverResumed(seen: TrialResult): boolean {
  return indexOf(seen, 'input waits') >= 0 && indexOf(seen, 'input goes on') < 0
}

const inputStaysPaused =
  'your take returned false to pause the input, and nothing resumed it. Return what writeChunks returns, and pass it a function that calls input.resume()'

/**
 * Delays the release of raw mode a little. By then the input loop has ended
 * and nothing else has been released, so a half-close made by the loop comes
 * before the one that releasing the wire makes.
 */
function releasesLate(state: object): object {
  const { rawMode } = state as Raw
  const release = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve))
    await rawMode?.release()
  }
  return { ...state, rawMode: rawMode && { ...rawMode, release } }
}

/** The trials of the stage. */
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
        return 'you half-closed before you sent the input, and after a half-close you can’t write. Half-close once input.read resolves and every chunk has been written'
      }
      if (cut >= 0 && (over < 0 || cut < over) && bytesIn(seen.events, 'stdout').length === 0) {
        return 'you closed both directions of the connection when the input ended, so the output of cat could not arrive. A half-close closes only ours'
      }
      if (neverResumed(seen)) return inputStaysPaused
      if (seen.timedOut && over < 0 && closed < 0) {
        return 'you did not half-close when the input ended. The daemon could not know, and cat waited for more input'
      }
      if (bytesIn(seen.events, 'sent').length === 0) {
        return 'the daemon got none of the input: cat got EOF and no line'
      }
      return explainSent(bytesIn(seen.events, 'sent'), Buffer.from('hello\n'))
    },
  },
  {
    title: 'all 256 byte values through a pipe into cat',
    run: inStory(({ container }) => ({
      first: asked(container, { interactive: true, command: ['cat'] }),
      terminal: { input: everyByte },
    })),
    judge: (seen) => explainSent(bytesIn(seen.events, 'sent'), everyByte),
  },
  {
    title: 'four megabytes through a pipe to a slow daemon',
    run: inStory(() => ({
      first: asked('practice', { interactive: true, command: ['wc', '-c'] }),
      terminal: { input: megabytes },
      script: { waitsForInput: true },
    })),
    judge(seen, reference) {
      if (indexOf(seen, 'input waits') < 0 && indexOf(reference, 'input waits') >= 0) {
        return 'you kept reading while earlier chunks were still unsent. The input piles up in memory, or the next read overwrites it. Have take return what writeChunks returns'
      }
      if (neverResumed(seen)) return inputStaysPaused
      const sent = bytesIn(seen.events, 'sent')
      return sent.length === megabytes.length && !sent.equals(megabytes)
        ? 'a chunk was overwritten before it was sent: the next read reuses its memory. The return value of write only says whether there is room for more; writeChunks tells you when the chunk has left'
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
        return 'without -i only our direction has ended, but you closed both, so the output could not arrive. A half-close closes only ours'
      }
      return 'without -i there is no input, and you did not announce that: half-close before you do anything else'
    },
  },
  {
    title: 'the detach keys on a terminal',
    run: inStory(({ container }) => ({
      first: asked(container, {
        interactive: true,
        tty: true,
        command: ['sh', '-c', 'stty -echo; echo ready; read line; echo "got $line"; sleep 300'],
      }),
      terminal: { isTerminal: true, size: { rows: 24, columns: 80 }, open: true },
      async user({ type }, probe) {
        await outputContains(probe, 'ready')
        type('\x10')
        type('hi\r')
        await outputContains(probe, 'hi\r\n')
        // A person types more slowly than we read, so each key is a chunk of
        // its own.
        for (const key of detachKeys) type(key)
      },
      before: releasesLate,
    })),
    judge(seen) {
      const sent = bytesIn(seen.events, 'sent')
      if (sent.includes(detachKeys)) {
        return 'the daemon got the detach keys, 10 11. Your loop has to recognise them and send neither'
      }
      if (seen.timedOut && sent.length === 0) {
        return 'the daemon got none of the keys, so the shell is still waiting for its line'
      }
      if (sent.includes('hi') && !sent.includes('\x10hi')) {
        return 'ctrl-p and then hi were typed, and the daemon did not get the 10. A ctrl-p alone doesn’t detach: the search holds it back until the next key decides, and then returns it in pass. Use the same search for every chunk'
      }
      if (sent.equals(Buffer.from('\x10hi\r\x10'))) {
        return 'the daemon got 10, the first of the detach keys. Send only what the search returns in pass; a key that it holds back isn’t in there'
      }
      if (indexOf(seen, 'half-close') >= 0 && seen.finalState?.message !== 'read escape sequence') {
        return 'the detach keys were typed, and you treated them as the end of the input. Resolve with "detach keys" instead, without a half-close'
      }
      const closed = indexOf(seen, 'half-close')
      const released = seen.events.findIndex(
        (event) => event.kind === 'released' && event.label === 'wire',
      )
      if (closed >= 0 && (released < 0 || closed < released)) {
        return 'you half-closed at the detach keys. A half-close says that the input has ended, but detaching only leaves the session: the command keeps running, and its input has not ended'
      }
      if (seen.timedOut && indexOf(seen, 'stops reading') >= 0) {
        return 'you found the detach keys and closed the input, but you still wait for input.read. It resolves only at the end of the input, which never comes once you close it. Resolve with "detach keys" yourself'
      }
      if (seen.timedOut && bytesIn(seen.events, 'stdout').includes('hi\r\n')) {
        return 'the detach keys, 10 11, were typed and the session went on. The search that createDetachSearch returns sets detached to true once they are complete. Use the same search for every chunk, because each key arrives in its own'
      }
      return seen.passedOn && sent.length > 0
        ? explainSent(sent, Buffer.from('\x10hi\r'))
        : undefined
    },
  },
  {
    title: 'a pasted line before custom detach keys',
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
        return `10 11 was typed in a session whose detach keys are ctrl-x q, so it is ordinary data. detachKeysOf(raw, engine) picks the requested keys, the configured ones or docker's default`
      }
      if (sent.includes('\x18')) {
        return 'the daemon got 18, the ctrl-x of the detach keys ctrl-x q. detachKeysOf(raw, engine) returns the keys that were requested'
      }
      return seen.passedOn && !sent.includes('bye\r')
        ? 'a line and the detach keys arrived in one chunk, and you lost the line. When detached is true, pass still holds what was typed before the keys'
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
        ? 'the window was closed, so the terminal’s input ended, and you did not half-close. Half-close under a tty too: the session is over for you, and the daemon has to know'
        : undefined,
  },
]

const header = (...bytes: number[]): [Uint8Array] => [Uint8Array.from(bytes)]

type ReadHeader = (header: Uint8Array) => FrameHeader

/**
 * A table of cases. An error may have any wording that names the stream's
 * number.
 */
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
      // An expected error is in the results already. Pass on any other, such
      // as `notWritten`.
      return { ...others, results, ...(error && !/\b35\b/.test(error.message) && { error }) }
    },
  }
}

/** The trials of the header. */
const headerTrials: readonly Trial<ReadHeader>[] = [
  headerTable([
    {
      asked: '01 00 00 00 00 00 00 06',
      args: header(1, 0, 0, 0, 0, 0, 0, 6),
      hint: 'stream 1 is stdout, and the last four bytes are the length, most significant byte first',
    },
    {
      asked: '02 00 00 00 00 00 01 00',
      args: header(2, 0, 0, 0, 0, 0, 1, 0),
      hint: 'stream 2 is stderr, and the length starts with its most significant byte',
    },
    {
      asked: '03 00 00 00 01 02 03 04',
      args: header(3, 0, 0, 0, 1, 2, 3, 4),
      hint: 'the length uses all four bytes, and stream 3 is a message from the daemon itself',
    },
    {
      asked: '00 00 00 00 00 00 00 02',
      args: header(0, 0, 0, 0, 0, 0, 0, 2),
      hint: 'stream 0 is stdin: daemons don’t send it, but it is a valid stream',
    },
    {
      asked: '01 00 00 00 ff ff ff f0',
      args: header(1, 0, 0, 0, 0xff, 0xff, 0xff, 0xf0),
      hint: 'the length is unsigned, and a shift by 24 makes it signed',
    },
    {
      asked: '02 00 00 00 00 00 00 04, in the middle of a chunk',
      args: [Uint8Array.from([0x6f, 0x6b, 0x0a, 2, 0, 0, 0, 0, 0, 0, 4, 0x6f]).subarray(3, 11)],
      hint: 'the header is a view into a larger chunk, and starts at byteOffset in its buffer',
    },
    {
      asked: '23 20 00 00 00 00 00 01',
      args: header(0x23, 0x20, 0, 0, 0, 0, 0, 1),
      hint: 'stream 35 does not exist: these are a terminal’s bytes, "# ". Throw an error that names the number ("Unrecognized input header: 35")',
    },
  ]),
  {
    title: 'two streams from a real daemon',
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
        : 'the daemon’s bytes were not split into stdout and stderr correctly',
  },
]

/** The trials of each exercise of the chapter, by its name. */
export const trials: Readonly<Record<string, Trials>> = {
  '05-copy-loops': { reference: copyLoops, trials: stageTrials },
  '05-copy-loops-header': { reference: readFrameHeader, trials: headerTrials },
}
