/**
 * What to try in the session of chapter 5: how many bytes a command takes,
 * and what the keys turn into.
 *
 * @module
 */

import { bytesOf, type TapeEvent } from '../../src/tape/event.ts'
import {
  bytesText,
  commandsNamed,
  fullScreenLeft,
  interrupted,
  trafficOf,
} from '../../src/tasks/session-evidence.ts'
import type { Task } from '../../src/tasks/task.ts'

const list: Task = {
  name: 'ls',
  instruction: 'Type ls / and press Enter',
  only: 'with a tty',
  find(session) {
    const done = commandsNamed(session, 'ls').find(({ isOver }) => isOver)
    return done && trafficOf(done)
  },
}

const interrupt: Task = {
  name: 'Ctrl-C',
  instruction: 'Run sleep 100 and press Ctrl-C',
  only: 'with a tty',
  find: (session) => interrupted(commandsNamed(session, 'sleep')) && bytesText(Uint8Array.of(0x03)),
}

const fullScreen: Task = {
  name: 'vi',
  instruction: 'Open vi, then type :q! to quit',
  only: 'with a tty',
  find(session) {
    const left = fullScreenLeft(session)
    if (!left) return undefined
    return left.isAlternate
      ? `${left.drawn} bytes on the alternate (second) screen, ESC[?1049h to ESC[?1049l`
      : `it wrote ${left.drawn} bytes, and the prompt came back`
  },
}

const endOfInput: Task = {
  name: 'Ctrl-D',
  instruction: 'End the shell with Ctrl-D',
  only: 'with a tty',
  find: ({ events }) =>
    events.some(({ kind }) => kind === 'end') && lastTyped(events) === '04'
      ? `${bytesText(Uint8Array.of(0x04))}; then the shell exited`
      : undefined,
}

/** The last byte that was typed, in hexadecimal. */
function lastTyped(events: readonly TapeEvent[]): string | undefined {
  const last = events.findLast((event) => event.kind === 'sent' && event.typed)
  return last?.kind === 'sent' ? bytesOf(last).toString('hex').slice(-2) : undefined
}

const listInFrames: Task = {
  ...list,
  only: 'without a tty',
  find(session) {
    // `cat` would only send the line back.
    const done = commandsNamed(session, 'ls').find(
      ({ text, output, frames }) =>
        frames.some(({ stream }) => stream === 1) && output.toString().trim() !== text,
    )
    return done && trafficOf(done)
  },
}

const errors: Task = {
  name: 'stderr',
  instruction: 'Type ls /nope: its error arrives on stream 2',
  only: 'without a tty',
  find(session) {
    const frames = commandsNamed(session, 'ls').flatMap((command) => command.frames)
    const frame = frames.find(({ stream }) => stream === 2)
    return frame && `a frame on stream 2, ${frame.length} bytes`
  },
}

const halfClose: Task = {
  name: 'Ctrl-D',
  instruction: 'Press Ctrl-D at the start of a line',
  only: 'without a tty',
  find({ events }) {
    const kinds = events.map(({ kind }) => kind)
    const [ours, theirs] = [kinds.indexOf('half-close'), kinds.indexOf('end')]
    return ours !== -1 && theirs > ours
      ? 'Ctrl-D sent no byte: we half-closed, and then the shell exited'
      : undefined
  },
}

/** The tasks of chapter 5. */
export const tasks: readonly Task[] = [
  ...[list, interrupt, fullScreen, endOfInput],
  ...[listInFrames, errors, halfClose],
]
