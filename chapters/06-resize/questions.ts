/**
 * What chapter 6 asks: how the size of the window travels, and who sets it. Without a tty no size is
 * sent, and there is nothing to ask.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import {
  type Exchange,
  exchangeOf,
  exchangesOf,
  named,
  nameOf,
  wireOf,
} from '../../src/questions/reading.ts'
import type { WalkResult } from '../../src/run/walk-chapter.ts'

/** The resizes that the daemon took. */
function resizesIn(run: WalkResult): Exchange[] {
  return exchangesOf(wireOf(run)).filter(
    ({ request, answer }) => nameOf(request) === named.resize && answer.status < 300,
  )
}

/** `/exec/…/resize?h=24&w=80` */
function shortPath({ request }: Exchange): string {
  return request.path.replace(/^.*\/exec\/[^/]+/, '/exec/…')
}

const resizeConnection: Prediction = {
  name: 'resize-connection',
  question: 'The size of your window has to reach the container. How do we send it?',
  choices: ['among the keys on connection 2', 'in a request on connection 1'],
  scene: 'resize',
  asked: 'before',
  only: 'with a tty',
  answer(run) {
    const [resize] = resizesIn(run)
    const start = exchangeOf(run, named.start)
    if (!resize || !start) return undefined
    const isSame = resize.request.connection === start.request.connection
    return resizeConnection.choices[isSame ? 0 : 1]
  },
  why(run) {
    const [resize] = resizesIn(run)
    return `${resize?.request.method} ${resize && shortPath(resize)} is on connection ${resize?.request.connection}. On connection 2 every byte is input for the command, so none is left that could mean "the window is larger now".`
  },
}

const sizeSetter: Prediction = {
  name: 'size-setter',
  question: 'Who set the size of the terminal in the container?',
  choices: ['our own kernel', 'the shell, which asked us for it', 'the daemon, at our request'],
  scene: 'resize',
  asked: 'after',
  only: 'with a tty',
  answer: (run) => (resizesIn(run).length > 0 ? sizeSetter.choices[2] : undefined),
  why: (run) =>
    `It answered ${resizesIn(run)[0]?.answer.status} to our resize. That terminal is two files on the daemon’s machine: the command has one of them, the daemon’s side has the other, and we have only a connection.`,
}

const windowChanges: Prediction = {
  name: 'window-changes',
  question: 'You changed the size of your window. What went out for it?',
  choices: ['nothing, until a program asks', 'one more request each time', 'the signal SIGWINCH'],
  scene: 'resize',
  asked: 'before',
  only: 'with a tty',
  answer: (run) => (sizesIn(run).length > 1 ? windowChanges.choices[1] : undefined),
  why: (run) =>
    `The wire has ${sizesIn(run).join(', then ')}. SIGWINCH only told our client; it cannot travel over a connection, and the kernel over there sends its own when the daemon sets the size.`,
}

/** The sizes that were sent one after the other: `h=24&w=80`. */
function sizesIn(run: WalkResult): string[] {
  const sizes = resizesIn(run).map(({ request }) => request.path.replace(/^.*\?/, ''))
  return sizes.filter((size, at) => size !== sizes[at - 1])
}

/** The questions of chapter 6. */
export const questions: readonly Prediction[] = [resizeConnection, windowChanges, sizeSetter]
