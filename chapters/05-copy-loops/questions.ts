/**
 * What chapter 5 asks: how the bytes look that flow, and which side is the first to stop.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import {
  beginningWith,
  inWords,
  outputOf,
  piecesOf,
  stageOf,
  wireOf,
} from '../../src/questions/reading.ts'
import type { WalkResult } from '../../src/run/walk-chapter.ts'
import { bytesIn } from '../../src/tape/event.ts'
import { hexText } from '../../src/text/hex.ts'

const received = (run: WalkResult): Buffer => bytesIn(wireOf(run), 'received')

const inFrames = (run: WalkResult): boolean =>
  stageOf(run, 'copy loops')?.state.framing === 'stdcopy'

const headerLength: Prediction = {
  name: 'header-length',
  question: 'How many bytes does the daemon send before the first letter of the output?',
  choices: ['none', 'one byte', 'four bytes', 'eight bytes'],
  answer(run) {
    const [first] = piecesOf(run)
    if (!stageOf(run, 'copy loops') || !first || first.length === 0) return undefined
    const at = received(run).indexOf(first)
    return beginningWith(headerLength.choices, inWords(at))
  },
  why(run) {
    const start = hexText(received(run).subarray(0, 12))
    return inFrames(run)
      ? `The first bytes are ${start}. Byte 0 says whose output it is, three are zero, and four are the length of the piece, ${received(run).readUInt32BE(4)} bytes. Without this header nobody could tell stdout from stderr.`
      : `The first bytes are ${start}, and they are the output itself. A terminal has one screen, so there is nothing to tell apart.`
  },
}

const firstByte: Prediction = {
  name: 'first-byte',
  question: 'Which byte begins the first piece of output?',
  choices: ['00', '01', '02', 'the first letter of the output'],
  only: 'without a tty',
  answer(run) {
    const [first] = received(run)
    if (!stageOf(run, 'copy loops') || first === undefined) return undefined
    return inFrames(run)
      ? beginningWith(firstByte.choices, hexText(Uint8Array.of(first)))
      : 'the first letter of the output'
  },
  why: (run) =>
    `It began with ${hexText(received(run).subarray(0, 8))}${inFrames(run) ? ': 00 would be stdin, which is never sent back, 01 is stdout, 02 is stderr, and 03 is the daemon itself with an error' : ''}.`,
}

const lineEnd: Prediction = {
  name: 'line-end',
  question: 'The command writes a line. How does its end look on the wire?',
  choices: ['0a', '0d', '0d 0a'],
  answer(run) {
    if (!stageOf(run, 'copy loops')) return undefined
    const end = /\r\n|\n|\r/.exec(outputOf(run).toString('latin1'))?.[0]
    return end === undefined ? undefined : hexText(Buffer.from(end))
  },
  why(run) {
    const output = outputOf(run)
    const at = output.indexOf(lineEnd.answer(run) === '0d' ? '\r' : '\n')
    const seen = hexText(output.subarray(Math.max(0, at - 4), at + 1))
    return stageOf(run, 'copy loops')?.state.tty === true
      ? `The wire has ${seen}. The command wrote 0a. The terminal in the container, whose opost is on, made 0d 0a of it before the daemon ever saw it.`
      : `The wire has ${seen}. There is no terminal between the command and us that would change what it writes.`
  },
  toSee: 'Not one line end came. Let the command write a line.',
}

const firstEnd: Prediction = {
  name: 'first-end',
  question: 'A connection has two directions, and each ends by itself. Whose ends first?',
  choices: ['ours, by a half-close', 'the daemon’s'],
  answer(run) {
    const first = endsOf(run)[0]
    if (!stageOf(run, 'copy loops') || first === undefined) return undefined
    return firstEnd.choices[first === 'half-close' ? 0 : 1]
  },
  why: (run) =>
    endsOf(run)[0] === 'half-close'
      ? `The wire has "Half-close: we write no more" first. Our input was at its end, and nothing else could tell the daemon so: cat would wait for ever. We went on reading${endsOf(run).length > 1 ? ', until the end from the daemon' : ''}.`
      : 'The wire has "End: the daemon writes no more", and no half-close of ours before it. The command was over while our input was still open, and nobody had to press one more key.',
}

function endsOf(run: WalkResult): string[] {
  return wireOf(run)
    .map(({ kind }) => kind)
    .filter((kind) => kind === 'half-close' || kind === 'end')
}

const whoEchoes: Prediction = {
  name: 'who-echoes',
  question: 'You type a command and see its letters. Who writes them on the screen?',
  choices: [
    'our own terminal, as in any shell',
    'the terminal in the container, over the wire',
    'both, so each letter shows twice',
  ],
  only: 'with a tty',
  answer(run) {
    const { terminal } = run
    const word = typedWord(run)
    if (!stageOf(run, 'copy loops') || word === undefined || !terminal) return undefined
    const there = received(run).includes(word)
    const here = (terminal.during ?? terminal.before).flags.echo === true
    if (there) return whoEchoes.choices[here ? 2 : 1]
    return here ? whoEchoes.choices[0] : undefined
  },
  why(run) {
    const word = Buffer.from(typedWord(run) ?? '')
    const echo = (run.terminal?.during ?? run.terminal?.before)?.flags.echo ? 'echo' : '-echo'
    const back = received(run).includes(word) ? 'and came back' : 'and did not come back'
    return `"${word}" went out as ${hexText(word)} ${back} among what the daemon sent. Our own terminal had ${echo} meanwhile.`
  },
  toSee: 'Nothing was typed. Type a command with a tty, ls for instance, then exit.',
}

/** The first letters that were typed one behind the other, at most eight of them. */
function typedWord(run: WalkResult): string | undefined {
  return /[a-z0-9]{2,8}/i.exec(bytesIn(wireOf(run), 'sent').toString('latin1'))?.[0]
}

/** The questions of chapter 5. */
export const questions: readonly Prediction[] = [
  headerLength,
  firstByte,
  lineEnd,
  whoEchoes,
  firstEnd,
]
