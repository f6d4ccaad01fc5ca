/**
 * What to try in the session of chapter 6: a window that changes its size while a session runs in it.
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

/** The size alone: how it reached the container is a question of the chapter. */
function sizeText(size: SentSize | undefined): string | undefined {
  return size && `${size.rows} rows, ${size.columns} columns`
}

const askSize: Task = {
  name: 'stty size',
  instruction: 'Type stty size: the shell’s terminal has your size',
  only: 'with a tty',
  find(session) {
    const sizes = sizesIn(session.events).map(({ rows, columns }) => `${rows} ${columns}`)
    const answers = commandsNamed(session, 'stty')
      .filter(({ text, isOver }) => isOver && /^stty size$/.test(text))
      .map(({ output }) => output.toString().trim())
    const found = answers.findLast((answer) => sizes.includes(answer))
    return found && `it says ${found}, the rows and columns of your window`
  },
}

const redraw: Task = {
  name: 'vi',
  instruction: 'Change the size while vi is open, then type :q! to leave it',
  only: 'with a tty',
  find(session) {
    const drawn = drawnAnew(session)
    return drawn === undefined ? undefined : `vi drew ${drawn} bytes anew, and no key was sent`
  },
}

/** How many bytes a full-screen program drew behind a new size and before the next key. */
function drawnAnew({ events }: SessionRecord): number | undefined {
  const places = sizesIn(events).map(({ index }) => index)
  const line = followLine()
  let [isNewSize, drawn] = [false, 0]
  for (const [index, event] of events.entries()) {
    if (places.includes(index)) isNewSize = line.isAlternate()
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
