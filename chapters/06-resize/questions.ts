/**
 * The questions of chapter 6: how the window size gets to the container, and
 * who sets it there. Without a tty no size is sent, so none of them is asked.
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

/** The resize requests that the daemon accepted. */
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
  choices: ['between the keys on connection 2', 'in a request on connection 1'],
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
    return `${resize?.request.method} ${resize && shortPath(resize)} is on connection ${resize?.request.connection}. On connection 2 every byte is input for the command. No byte is free to mean “the window is larger now”.`
  },
}

const sizeSetter: Prediction = {
  name: 'size-setter',
  question: 'Who set the size of the container’s terminal?',
  choices: ['our own kernel', 'the shell, which asked us for it', 'the daemon, at our request'],
  scene: 'resize',
  asked: 'after',
  only: 'with a tty',
  answer: (run) => (resizesIn(run).length > 0 ? sizeSetter.choices[2] : undefined),
  why: (run) =>
    `The daemon answered our resize with ${resizesIn(run)[0]?.answer.status}. The container’s terminal is a pseudo-terminal on the daemon’s machine. The command holds one end, the daemon holds the other, and we only have a connection.`,
}

const windowChanges: Prediction = {
  name: 'window-changes',
  question: 'You changed the size of your window. What did our client send?',
  choices: [
    'nothing until a program asks',
    'one more request for each change',
    'the signal SIGWINCH',
  ],
  scene: 'resize',
  asked: 'before',
  only: 'with a tty',
  answer: (run) => (sizesIn(run).length > 1 ? windowChanges.choices[1] : undefined),
  why: (run) =>
    `On the wire: ${sizesIn(run).join(', then ')}. SIGWINCH went only from our kernel to our client, because a signal can’t cross a connection. The kernel on the daemon’s machine sends its own SIGWINCH when the daemon sets the size.`,
}

/** The sizes in the order we sent them, without repeats: `h=24&w=80`. */
function sizesIn(run: WalkResult): string[] {
  const sizes = resizesIn(run).map(({ request }) => request.path.replace(/^.*\?/, ''))
  return sizes.filter((size, at) => size !== sizes[at - 1])
}

/** The questions of chapter 6. */
export const questions: readonly Prediction[] = [resizeConnection, windowChanges, sizeSetter]
