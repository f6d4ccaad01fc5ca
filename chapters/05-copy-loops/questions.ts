/**
 * The questions of chapter 5: who echoes, who acts on the detach keys, what a
 * frame header contains, and how each side learns that the other has
 * finished.
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

/**
 * The number of bytes. The recorder counts them all but keeps only the first
 * 64 KiB.
 */
function lengthOf(run: WalkResult, kind: 'sent' | 'received'): number {
  return wireOf(run).reduce((sum, event) => sum + (event.kind === kind ? event.length : 0), 0)
}

const whoEchoes: Prediction = {
  name: 'who-echoes',
  question: 'You typed letters and saw them. What put them on your screen?',
  choices: ['your own terminal', 'the container: its terminal or its shell', 'both of them'],
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
      ? `"${word}" went out as ${hexText(word)} and came back over connection 2. Your own terminal had echo on the whole time, so it had already shown it once.`
      : `"${word}" went out as ${hexText(word)} and came back over connection 2. Your own terminal had -echo the whole time, so the letters you saw are those that came back. The container’s terminal echoes while its own echo is on. At a prompt the shell often turns that off and prints each letter itself.`
  },
}

function isEchoOn({ terminal }: WalkResult): boolean {
  return (terminal?.during ?? terminal?.before)?.flags.echo === true
}

/** The first two to eight letters or digits that were typed in a row. */
function typedWord(run: WalkResult): string | undefined {
  // A shell may ask for the cursor's position. The reply, ESC [ 12 ; 5 R,
  // wasn't typed.
  const [first = '', ...others] = sent(run).toString('latin1').split('\x1b[')
  const typed = [first, ...others.map((part) => part.replace(/^[0-9;]*[A-Z~]/, ''))].join('')
  return /[a-z0-9]{2,8}/i.exec(typed)?.[0]
}

/** ctrl-p ctrl-q, docker's default detach keys. */
const detachSequence = Buffer.of(0x10, 0x11)

const detachKeys: Prediction = {
  name: 'detach-keys',
  question: 'You pressed ctrl-p ctrl-q and the session ended. What did the daemon receive?',
  choices: ['the bytes 10 11', 'a request to detach', 'neither key'],
  scene: 'session',
  asked: 'after',
  only: 'with a tty',
  answer: (run) => (hasDetached(run) ? detachKeys.choices[2] : undefined),
  why: (run) =>
    `Your last two keys were 10 11, and that pair isn’t among the ${countOf(lengthOf(run, 'sent'), 'byte')} that we sent. Our input loop recognised them, dropped them and ended the session. The command keeps running.`,
}

/** Whether the detach keys were typed last and were not sent. */
function hasDetached(run: WalkResult): boolean {
  const typed = Buffer.concat(run.keys ?? [])
  return typed.subarray(-2).equals(detachSequence) && !sent(run).includes(detachSequence)
}

const frameHeader: Prediction = {
  name: 'frame-header',
  question: 'Without a tty each piece of output has a header. What does the header have to say?',
  choices: [
    'which stream it is',
    'which stream it is, and the length',
    'the length and a checksum',
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
    return `The first header is ${hexText(header)}: ${stream}; the last four bytes give the length, ${countOf(header.readUInt32BE(4), 'byte')}. Without the length we couldn’t find the next header.`
  },
}

const halfClose: Prediction = {
  name: 'half-close',
  question: 'We have nothing left to send. How does the daemon find out?',
  choices: [
    'we send a last byte, 04',
    'we send a request on connection 1',
    'we close our half of connection 2',
  ],
  scene: 'half-close',
  asked: 'before',
  only: 'without a tty',
  answer(run) {
    const closed = wireOf(run).some(({ kind }) => kind === 'half-close')
    return stageOf(run, 'copy loops') && closed ? halfClose.choices[2] : undefined
  },
  why: (run) =>
    `We sent ${countOf(lengthOf(run, 'sent'), 'byte')}, closed our half of the connection and went on reading: a half-close. Without it, a command that reads until EOF would wait for more input while we waited for the command.`,
}

const endSign: Prediction = {
  name: 'end-sign',
  question: 'The command has exited. How do we find out?',
  choices: [
    'we poll the daemon with a request',
    'the daemon sends a last message',
    'the daemon closes its half of connection 2',
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
    `The daemon sent ${countOf(lengthOf(run, 'received'), 'byte')} and then closed its half, without any message. The end of the output ends the session: we don’t wait for our own input to end.`,
}

/** The questions of chapter 5. */
export const questions: readonly Prediction[] = [
  whoEchoes,
  detachKeys,
  frameHeader,
  halfClose,
  endSign,
]
