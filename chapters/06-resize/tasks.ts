/**
 * The tasks for the session of chapter 6: change the size of the window while
 * a command runs.
 *
 * @module
 */

import { bytesOf } from '../../src/tape/event.ts'
import { followLine } from '../../src/tasks/screen-line.ts'
import {
  commandsNamed,
  firstChange,
  type SentSize,
  sizesIn,
} from '../../src/tasks/session-evidence.ts'
import type { SessionRecord, Task } from '../../src/tasks/task.ts'

const smaller: Task = {
  name: 'smaller',
  instruction: 'Make the window smaller',
  only: 'with a tty',
  inAnyCommand: true,
  find: ({ events }) => sizeText(firstChange(events, 'smaller')),
}

const larger: Task = {
  name: 'larger',
  instruction: 'Make the window larger',
  only: 'with a tty',
  inAnyCommand: true,
  find: ({ events }) => sizeText(firstChange(events, 'larger')),
}

/** Only the size. How it got to the container is one of the questions. */
function sizeText(size: SentSize | undefined): string | undefined {
  return size && `${size.rows} rows, ${size.columns} columns`
}

const askSize: Task = {
  name: 'stty size',
  instruction: 'Type stty size to see the size of the container’s terminal',
  only: 'with a tty',
  find(session) {
    const sizes = sizesIn(session.events).map(({ rows, columns }) => `${rows} ${columns}`)
    const answers = commandsNamed(session, 'stty')
      .filter(({ text, isOver }) => isOver && /^stty size$/.test(text))
      .map(({ output }) => output.toString().trim())
    const found = answers.findLast((answer) => sizes.includes(answer))
    return found && `it prints ${found}, the rows and columns of your window`
  },
}

const redraw: Task = {
  name: 'vi',
  instruction: 'Resize the window while vi is open, then type :q!',
  only: 'with a tty',
  find(session) {
    const bytes = redrawnBytes(session)
    return bytes === undefined
      ? undefined
      : `vi sent ${bytes} bytes to redraw its screen, before you pressed a key`
  },
}

/** Counts the bytes that vi draws after a resize and before the next key. */
function redrawnBytes({ events }: SessionRecord): number | undefined {
  const resizes = sizesIn(events).map(({ index }) => index)
  const line = followLine()
  let [isNewSize, drawn] = [false, 0]
  for (const [index, event] of events.entries()) {
    if (resizes.includes(index)) isNewSize = line.isAlternate()
    if (event.kind === 'sent') isNewSize = false
    if (event.kind !== 'received') continue
    line.write(bytesOf(event))
    if (isNewSize) drawn += event.length
    if (drawn > 0 && !line.isAlternate()) return drawn
  }
  return undefined
}

/** The tasks of chapter 6. */
export const tasks: readonly Task[] = [smaller, larger, askSize, redraw]
