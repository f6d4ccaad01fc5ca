/**
 * What the runner shows beside each stage: where it stands here, and where the same is in Docker.
 *
 * @module
 */

import { join } from 'node:path'
import type { GoSource, Lesson } from '../../src/questions/lesson.ts'
import { dockerExec } from '../index.ts'
import { chapterFolder, root } from './paths.ts'
import { predictions } from './questions.ts'

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

/** What is done with a chapter in a room, and what to say when it is over. */
export type ChapterInRoom = {
  /** What to look at together. */
  readonly look: string
  /** What is broken in pairs, by the name of the experiment. */
  readonly experiment: string
  /** What to say when it is over. True on every daemon. */
  readonly broken: string
  /** What to ask or to say when the exercise is over. */
  readonly written: string
  /** Another experiment, for whoever is quick. */
  readonly another: string
}

/**
 * Chapter by chapter. One experiment is enough for five minutes: it runs in seconds, and the rest is for
 * the guess before it and the explanation behind it.
 */
export const inRoom: readonly ChapterInRoom[] = [
  {
    look: 'The POST and its 201 on the wire, and `execId` in the state: everybody has another one.',
    experiment: 'never-started',
    broken:
      'A create makes a note and no process. Nobody comes for it, and no request takes it back: it stays until its container is removed. That is why both checks stand before it.',
    written:
      'Who had the check of the terminal behind the POST? So had docker in 2015, and each run without a terminal left a note behind.',
    another: 'misspelt-field',
  },
  {
    look: 'The two headers of the start and the 101 below them, on the second connection, and `connection` in the state.',
    experiment: 'command-not-found',
    broken:
      'The 101 came before anybody had looked for the program. What goes wrong behind it has no status any more: there is a sentence in the output, which dockerd puts on stdout and Podman on stderr, and there is the exit code.',
    written:
      'Who closes the connection if the walk stops here? And why is a refusal passed on and not thrown: who has the words for it?',
    another: 'started-twice',
  },
  {
    look: 'The wire, on which there is nothing, and `early` in the state: who has another number than 0?',
    experiment: 'early-output',
    broken:
      'What stands behind the empty line is the session, and the HTTP parser had it in its hand. In many runs nothing is there, so nobody notices when it is thrown away.',
    written:
      'Early bytes, framing, keep-alive: which of the three mistakes would a test on this machine have found?',
    another: 'other-tty',
  },
  {
    look: 'The flags before and after, and the bytes of the keys: Ctrl-C is 03, and an arrow is three bytes.',
    experiment: 'doubled-echo',
    broken:
      'Two terminals did the same work, so one has to stop. It is ours, because only the one in the container knows which program is in front of it.',
    written:
      'Where is the terminal given back if the next line throws? It was registered in the breath in which it was taken, and that is all the answer there is.',
    another: 'cooked-ctrl-c',
  },
  {
    look: "The first eight bytes without a tty: `echo 'ls; exit 5' | npm run chapter 5`.",
    experiment: 'no-half-close',
    broken:
      'Only we can see that our input is over. As long as nobody says so, cat waits for more and we wait for cat, and neither of them has done anything wrong.',
    written:
      'What does your loop do with a daemon that reads slowly? What `pour` gives back is the answer, and who ignored it has the whole input in memory.',
    another: 'header-in-two',
  },
  {
    look: 'Make the window larger while the shell runs, then leave the shell and count the requests with resize in them.',
    experiment: 'no-first-size',
    broken:
      'A terminal has no size until somebody sets it, and the one who holds its other end is the daemon, which has no window. So the size has to be sent, and a quick program asks before it is there.',
    written:
      'Who sent the size first and listened then? A window that changes in between keeps the wrong size, once in a very long time, and nobody will ever find out why.',
    another: 'resize-never',
  },
  {
    look: 'The last page: the requests in the order of the daemon’s log of 2015, which is in `docs/seed.md`.',
    experiment: 'late-exit-code',
    broken:
      'null is not 0. A client that takes it for 0 tells a script that a failure was a success, and only on a day when the daemon is busy.',
    written:
      'Detached, broken off, daemon gone: which number did you give to each, and what will a script make of it?',
    another: 'gone-before-inspect',
  },
]

/** A lesson for each stage of the course. */
export function lessons(): Lesson[] {
  return dockerExec.stages.map((_, at) => ({
    file: join(root, chapterFolder(at + 1), 'stage.ts'),
    depth: join(root, chapterFolder(at + 1), 'lesson.md'),
    docker: inDocker[at] ?? [],
    predictions: predictions[at] ?? [],
  }))
}
