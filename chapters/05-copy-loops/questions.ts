/**
 * What chapter 5 asks: who echoes, who reads the detach keys, what a frame needs, and how each side
 * learns that the other one is done.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import { named, nameOf, stageOf, wireOf } from '../../src/questions/reading.ts'
import type { WalkResult } from '../../src/run/walk-chapter.ts'
import { bytesIn } from '../../src/tape/event.ts'
import { countOf } from '../../src/text/count.ts'
import { hexText } from '../../src/text/hex.ts'

const received = (run: WalkResult): Buffer => bytesIn(wireOf(run), 'received')
const sent = (run: WalkResult): Buffer => bytesIn(wireOf(run), 'sent')

/** How many bytes passed. The recorder keeps only the first of many, and counts all of them. */
function lengthOf(run: WalkResult, kind: 'sent' | 'received'): number {
  return wireOf(run).reduce((sum, event) => sum + (event.kind === kind ? event.length : 0), 0)
}

const whoEchoes: Prediction = {
  name: 'who-echoes',
  question: 'You typed letters and saw them. Who put them on your screen?',
  choices: ['your own terminal', 'the terminal in the container', 'both of them'],
  scene: 'session',
  asked: 'after',
  only: 'with a tty',
  answer(run) {
    const { terminal } = run
    const word = typedWord(run)
    if (!stageOf(run, 'copy loops') || word === undefined || !terminal) return undefined
    if (!received(run).includes(word)) return undefined
    const here = (terminal.during ?? terminal.before).flags.echo === true
    return whoEchoes.choices[here ? 2 : 1]
  },
  why(run) {
    const word = Buffer.from(typedWord(run) ?? '')
    return isEchoOn(run)
      ? `"${word}" went out as ${hexText(word)} and came back over connection 2. Your own terminal had echo all the while, and wrote it a first time.`
      : `"${word}" went out as ${hexText(word)} and came back over connection 2. Your own terminal had -echo all the while: with a slow network you would see each letter late.`
  },
}

function isEchoOn({ terminal }: WalkResult): boolean {
  return (terminal?.during ?? terminal?.before)?.flags.echo === true
}

/** The first letters that were typed one after the other, at most eight of them. */
function typedWord(run: WalkResult): string | undefined {
  // A shell may ask the terminal where its cursor is. The answer, ESC [ 12 ; 5 R, was not typed.
  const [first = '', ...others] = sent(run).toString('latin1').split('\x1b[')
  const typed = [first, ...others.map((part) => part.replace(/^[0-9;]*[A-Z~]/, ''))].join('')
  return /[a-z0-9]{2,8}/i.exec(typed)?.[0]
}

/** ctrl-p ctrl-q, docker's own detach keys. */
const detachSequence = Buffer.of(0x10, 0x11)

const detachKeys: Prediction = {
  name: 'detach-keys',
  question: 'You pressed ctrl-p ctrl-q, and the session was over. What reached the daemon?',
  choices: ['the bytes 10 11', 'a request to detach', 'nothing of the two keys'],
  scene: 'session',
  asked: 'after',
  only: 'with a tty',
  answer: (run) => (hasDetached(run) ? detachKeys.choices[2] : undefined),
  why: (run) =>
    `You typed 10 11, and neither of them is among the ${countOf(lengthOf(run, 'sent'), 'byte')} that we sent. Our input loop kept them and ended the session; the command still runs.`,
}

/** Whether the keys were typed last and did not go out. */
function hasDetached(run: WalkResult): boolean {
  const typed = Buffer.concat(run.keys ?? [])
  return typed.subarray(-2).equals(detachSequence) && !sent(run).includes(detachSequence)
}

const frameHeader: Prediction = {
  name: 'frame-header',
  question: 'Without a terminal each piece of output comes behind a header. What must it say?',
  choices: [
    'which output it is',
    'which output it is, and its length',
    'its length and a checksum',
  ],
  scene: 'frames',
  asked: 'before',
  only: 'without a tty',
  answer(run) {
    const { framing } = stageOf(run, 'copy loops')?.state ?? {}
    return framing === 'stdcopy' && received(run).length > 8 ? frameHeader.choices[1] : undefined
  },
  why(run) {
    const header = received(run).subarray(0, 8)
    const names: Record<number, string> = {
      1: '01 is stdout, and 02 would be stderr',
      2: '02 is stderr, and 01 would be stdout',
    }
    const stream = names[header[0] ?? 0] ?? '01 would be stdout, and 02 stderr'
    return `The first header is ${hexText(header)}: ${stream}; the last four bytes say that ${countOf(header.readUInt32BE(4), 'byte')} of it follow. Without the length we could not find the next header.`
  },
}

const halfClose: Prediction = {
  name: 'half-close',
  question: 'Our input is over. What tells the command?',
  choices: [
    'a last byte, 04',
    'a request on connection 1',
    'the end of our direction of connection 2',
  ],
  scene: 'half-close',
  asked: 'before',
  only: 'without a tty',
  answer(run) {
    const closed = wireOf(run).some(({ kind }) => kind === 'half-close')
    return stageOf(run, 'copy loops') && closed ? halfClose.choices[2] : undefined
  },
  why: (run) =>
    `We sent ${countOf(lengthOf(run, 'sent'), 'byte')}, ended our direction and went on reading: a half-close. Without it a command that reads its input to the end would wait for more, and we would wait for the command.`,
}

const endSign: Prediction = {
  name: 'end-sign',
  question: 'The command has ended. What tells us?',
  choices: [
    'the answer to a request that we repeat',
    'a last message from the daemon',
    'the end of the daemon’s direction of connection 2',
  ],
  scene: 'end',
  asked: 'before',
  answer(run) {
    if (!stageOf(run, 'copy loops') || hasDetached(run)) return undefined
    const end = wireOf(run).findIndex(({ kind }) => kind === 'end')
    if (end === -1) return undefined
    const asks = wireOf(run)
      .slice(0, end)
      .some((event) => event.kind === 'request' && nameOf(event) === named.inspectExec)
    return endSign.choices[asks ? 0 : 2]
  },
  why: (run) =>
    `The daemon sent ${countOf(lengthOf(run, 'received'), 'byte')} and then ended its direction; no message comes with that. The output decides: a shell that has exited does not wait for one more key of yours.`,
}

/** The questions of chapter 5. */
export const questions: readonly Prediction[] = [
  whoEchoes,
  detachKeys,
  frameHeader,
  halfClose,
  endSign,
]
