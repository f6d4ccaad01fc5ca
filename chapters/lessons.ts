/**
 * What the runner shows beside each stage: where it stands here, and where the same is in Docker.
 *
 * @module
 */

import { join } from 'node:path'
import type { GoSource, Lesson } from '../src/runner/lesson.ts'
import { dockerExec } from './index.ts'
import { predictions } from './predictions/index.ts'

const then = (file: string, name: string, says: string): GoSource => ({
  when: '2015',
  file,
  function: name,
  says,
})
const today = (file: string, name: string, says: string): GoSource => ({
  when: 'today',
  file,
  function: name,
  says,
})

/** Chapter by chapter, the files and functions of Docker's client. */
const inDocker: readonly (readonly GoSource[])[] = [
  [
    then('api/client/exec.go', 'CmdExec', 'Posts the ExecConfig and reads the Id of the answer.'),
    today(
      'cli/command/container/exec.go',
      'RunExec',
      'Inspects the container first, so that nothing is created for one that is not there; then ExecCreate, with the size of the console.',
    ),
  ],
  [
    then('api/client/exec.go', 'CmdExec', 'Checks the terminal, and posts the start if detached.'),
    today(
      'cli/command/container/exec.go',
      'interactiveExec',
      'Attaches to the exec, which is what sends the start with the upgrade.',
    ),
  ],
  [
    then(
      'api/client/hijack.go',
      'hijack',
      'Dials, asks for the upgrade, and takes the connection.',
    ),
    today(
      'client/hijack.go',
      'setupHijackConn',
      'The same, and puts the bytes that came with the answer back before the rest.',
    ),
  ],
  [
    then('pkg/term/term.go', 'SetRawTerminal', 'Switches the terminal, and gives its state back.'),
    today(
      'cli/command/container/hijack.go',
      'setupInput',
      'Switches to raw mode, and wraps the input so that the detach keys are seen.',
    ),
  ],
  [
    then('api/client/hijack.go', 'hijack', 'Two goroutines copy: receiveStdout and sendStdin.'),
    today(
      'cli/command/container/hijack.go',
      'stream',
      'beginOutputStream and beginInputStream; the output decides when it is over.',
    ),
  ],
  [
    then('api/client/utils.go', 'monitorTtySize', 'Sends the size, and again on every SIGWINCH.'),
    today(
      'cli/command/container/tty.go',
      'MonitorTtySize',
      'The same; initTtySize tries ten times, because the process may not run yet.',
    ),
  ],
  [
    then('api/client/utils.go', 'getExecExitCode', 'Inspects the exec and reads its ExitCode.'),
    today(
      'cli/command/container/exec.go',
      'getExecExitStatus',
      'The same; another code than 0 becomes a StatusError, and our own exit code.',
    ),
  ],
]

/** How long the parts of a chapter take in a room, in minutes. */
export type ChapterMinutes = {
  /** The story, at a board or on a screen. */
  readonly tell: number
  /** Everybody guesses, and runs the chapter. */
  readonly run: number
  /** Looking together at the wire, the state and the terminal. */
  readonly look: number
  /** Breaking something, in pairs. */
  readonly experiment: number
  /** The main exercise, alone. */
  readonly exercise: number
}

/**
 * Chapter by chapter. The plans in `docs/workshop.md` are made from these, so they are whole minutes
 * of a room with thirty people in it and not of one person who knows the way.
 */
export const minutes: readonly ChapterMinutes[] = [
  { tell: 3, run: 2, look: 2, experiment: 5, exercise: 8 },
  { tell: 3, run: 2, look: 2, experiment: 5, exercise: 10 },
  { tell: 3, run: 2, look: 2, experiment: 5, exercise: 10 },
  { tell: 3, run: 2, look: 3, experiment: 5, exercise: 10 },
  { tell: 4, run: 2, look: 3, experiment: 6, exercise: 12 },
  { tell: 3, run: 2, look: 2, experiment: 5, exercise: 10 },
  { tell: 2, run: 2, look: 2, experiment: 4, exercise: 8 },
]

/** A lesson for each stage of the course. */
export function lessons(folder: string): Lesson[] {
  return dockerExec.stages.map(({ name }, at) => ({
    file: join(folder, `0${at + 1}-${name.replaceAll(' ', '-')}.ts`),
    depth: join(folder, '..', 'docs', 'lessons', `${at + 1}-${name.replaceAll(' ', '-')}.md`),
    docker: inDocker[at] ?? [],
    predictions: predictions[at] ?? [],
  }))
}
