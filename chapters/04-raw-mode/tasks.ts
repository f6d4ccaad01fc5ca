/**
 * The tasks of chapter 4. It shows the keys and sends them nowhere, so the
 * keys are the evidence.
 *
 * @module
 */

import { bytesText } from '../../src/tasks/session-evidence.ts'
import type { Task } from '../../src/tasks/task.ts'

/** A task whose evidence is in the bytes of one read. */
function keyTask(
  name: string,
  instruction: string,
  find: (read: Buffer) => string | undefined,
): Task {
  return {
    ...{ name, instruction },
    only: 'with a tty',
    inAnyCommand: true,
    find: ({ keys }) =>
      keys.map((read) => find(Buffer.from(read))).find((evidence) => evidence !== undefined),
  }
}

const ctrlC = keyTask('Ctrl-C', 'Press Ctrl-C', (read) =>
  read.includes(0x03) ? `${bytesText(Uint8Array.of(0x03))}, and no signal` : undefined,
)

/** `ESC [ A`, `ESC O A`, and with a modifier `ESC [ 1 ; 5 A`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an arrow begins with ESC.
const arrowKey = /\x1b(?:\[(?:1;\d+)?|O)[A-D]/

const arrow = keyTask('an arrow', 'Press an arrow key', (read) => {
  const [found] = arrowKey.exec(read.toString('latin1')) ?? []
  return found && bytesText(Buffer.from(found))
})

const letter: Task = {
  name: 'é',
  instruction: 'Type or paste a non-ASCII letter: é, ß, 世',
  only: 'with a tty',
  inAnyCommand: true,
  find({ keys }) {
    // The bytes of one letter may be split over two reads. Some keyboards
    // send é as e and an accent.
    const text = Buffer.concat(keys).toString()
    const [found] = /(?![\0-\x7f])\p{L}|\p{L}\p{M}+/u.exec(text) ?? []
    return found && `${found} is ${bytesText(Buffer.from(found))}`
  },
}

const enter = keyTask('Enter', 'Press Enter', (read) =>
  read.includes(0x0d) ? `${bytesText(Uint8Array.of(0x0d))}, and no 0a` : undefined,
)

/** The tasks of chapter 4. */
export const tasks: readonly Task[] = [ctrlC, arrow, letter, enter]
