/**
 * The exercises: what each one is called, where its solution stands, and its three hints: where to
 * look, what to notice, the line.
 *
 * @module
 */

import { Failure } from '../../src/process/failure.ts'

/** An exercise. */
export type Exercise = {
  /** The number of its chapter. */
  readonly chapter: number
  /** Its file's name without the end: `03-hijack`, `03-hijack-split`. */
  readonly name: string
  /** What its file exports. */
  readonly exports: string
  /** Whether it is the whole stage of the chapter, or a small part of it. */
  readonly main: boolean
  /** The task, as an order. */
  readonly task: string
  /** Where its solution stands, in the folder of its chapter. */
  readonly solution: string
  readonly hints: readonly [where: string, notice: string, line: string]
}

/** A stage of the course with a hole in it; its solution is the chapter. */
function stage(
  name: string,
  exports: string,
  task: string,
  ...hints: [string, string, string]
): Exercise {
  const solution = 'stage.ts'
  return { chapter: Number(name.slice(0, 2)), name, exports, main: true, task, solution, hints }
}

/** A function by itself. */
function small(
  name: string,
  exports: string,
  task: string,
  solution: string,
  ...hints: [string, string, string]
): Exercise {
  return { chapter: Number(name.slice(0, 2)), name, exports, main: false, task, solution, hints }
}

/** All of them, in the order of the chapters. */
export const exercises: readonly Exercise[] = [
  stage(
    '01-create',
    'create',
    'tell the daemon what to run, and get an exec ID for it',
    'Chapter 1, "Why two requests, and why this order": what must not be left behind on the daemon?',
    'Both checks come before the POST. The terminal is not checked with -d. readAnswer makes a Failure of every refusal, so an answer is never used before it.',
    'const { Id: execId } = readAnswer<{ Id?: string }>(reply, kit.engine)',
  ),
  small(
    '01-create-body',
    'execConfig',
    'write the body of the request',
    'stage.ts',
    'The lesson of chapter 1 shows the body under "On the wire"; `npm run chapter 1` shows one of yours.',
    'In the background nothing is attached. Stdin is attached only with -i. Where -t has no detach keys of its own, those of the configuration count.',
    'AttachStdin: !asked.detach && asked.interactive',
  ),
  stage(
    '02-start',
    'start',
    'start the command, and ask for the connection as its terminal',
    'Chapter 2, "Two answers to one request". Which callback of undici is called for which answer?',
    'The answer is passed on whatever its status is. Hold the socket as soon as you have it, or a walk that stops here leaves it open.',
    "connection: socket && kit.scope.hold('connection', socket, () => void socket.destroy())",
  ),
  small(
    '02-start-head',
    'startRequest',
    'write the request by hand, byte by byte',
    'exercises/start-head.solution.ts',
    'Chapter 2 shows the request under "On the wire".',
    'Each line ends with \\r\\n, and an empty line divides the head from the body. Two headers ask for the upgrade, and each is useless without the other.',
    'Content-Length is Buffer.byteLength(body), Connection is Upgrade, and Upgrade is tcp.',
  ),
  stage(
    '03-hijack',
    'hijack',
    'take the connection away from HTTP, and lose nothing on the way',
    'Chapter 3: "Three things have to be right".',
    'The framing follows from the tty that we asked for, not from the Content-Type: an older daemon says raw-stream in both cases.',
    "early: takeEarlyBytes(socket), framing: started.tty ? 'raw' : 'stdcopy'",
  ),
  small(
    '03-hijack-split',
    'splitPacket',
    'divide a packet where HTTP ends',
    'exercises/hijack-split.solution.ts',
    'Chapter 3, "The bytes that came too early": the packet is drawn there.',
    'Search the bytes for 0d 0a 0d 0a, the first one. Make a text of the head only: not all bytes of a session are UTF-8.',
    "Buffer.from(packet).indexOf('\\r\\n\\r\\n')",
  ),
  stage(
    '04-raw-mode',
    'rawMode',
    'make our terminal pass on every key, and give it back',
    'Chapter 4, "When, and when not", and "Read, register, set".',
    'Chapter 4, "Read, register, set": what readModes() returned is what restores the terminal. Without the restore it no longer echoes what you type.',
    "kit.scope.hold('raw mode', 'raw' as const, () => kit.terminal.setModes(modes))",
  ),
  small(
    '04-raw-mode-flags',
    'rawWords',
    'choose the flags that make a terminal raw',
    'exercises/raw-mode-flags.solution.ts',
    'Chapter 4 lists five of them. rawFlags below it has all of them; src/terminal/modes.ts says what each one does.',
    'Ctrl-V and Ctrl-S are keys too: iexten and ixon. A flag that is off already needs no word.',
    "['icanon', 'echo', 'isig', 'iexten', 'ixon', 'icrnl', 'opost'].filter((flag) => flags[flag])",
  ),
  stage(
    '05-copy-loops',
    'copyLoops',
    'write the loop that takes what we type to the daemon',
    'Chapter 5, "When is it over?": what do we tell the daemon when our input ends?',
    'A half-close ends one direction. The search for detach keys is only for a tty; what it lets pass is `pass`, a list of chunks.',
    "void ended.then(() => { socket.end(); resolve('end') })",
  ),
  small(
    '05-copy-loops-header',
    'readFrameHeader',
    'read the header of a frame',
    'exercises/copy-loops-header.solution.ts',
    'src/stream/frames.ts draws two frames. Chapter 5 has two more.',
    'Four bytes, the most significant one first, without a sign. JavaScript shifts 32 bits with a sign; a DataView does not.',
    'new DataView(header.buffer, header.byteOffset, header.byteLength).getUint32(4)',
  ),
  stage(
    '06-resize',
    'resize',
    'give the terminal in the container the size of our window, and keep it so',
    'Chapter 6, "Why now, and why again".',
    'Listen before you send: a window that changes in between would keep the old size. And do not wait for tryAgain: the session goes on meanwhile.',
    "const resizes = kit.scope.hold('window size', 'SIGWINCH' as const, stop)",
  ),
  small(
    '06-resize-path',
    'resizePath',
    'make a request of a size',
    'exercises/resize-path.solution.ts',
    'Chapter 6 shows the request under "On the wire".',
    'h is the height, the number of rows. What would 0 by 0 do to a terminal that has a size?',
    '/exec/fc9c…/resize?h=69&w=236, with execId, rows and columns in it.',
  ),
  stage(
    '07-exit-code',
    'exitCode',
    'wait for the end, give the terminal back, and ask how it ended',
    'Chapter 7, "When there is no code".',
    'Wait first: before the end there is no code. Then release what is held, so that a message lands on a terminal that is in order.',
    'const ending = await resizing.ended; await resizing.rawMode?.release()',
  ),
  small(
    '07-exit-code-note',
    'exitCodeIn',
    'read the exit code in the daemon’s note',
    'exercises/exit-code-note.solution.ts',
    'Chapter 7 shows the note under "On the wire".',
    'A 0 is a code and null is none, and to `||` they are the same.',
    'if (Running) return undefined',
  ),
]

/**
 * Finds an exercise of a chapter.
 *
 * @param name - without it the main one; else a whole name, or what stands behind the chapter's own
 * @throws a {@link Failure} that names those that there are
 */
export function findExercise(chapter: number, name?: string): Exercise {
  const there = exercises.filter((exercise) => exercise.chapter === chapter)
  const main = there.find((exercise) => exercise.main)
  const fits = (exercise: Exercise): boolean =>
    [exercise.name, exercise.name.slice(3), exercise.name.slice((main?.name.length ?? 0) + 1)]
      .filter((text) => text !== '')
      .includes(name ?? '')
  const found = name === undefined ? main : there.find(fits)
  if (found) return found
  throw new Failure(
    there.length === 0
      ? `there is no chapter ${chapter}: they are numbered from 1 to 7`
      : `chapter ${chapter} has no exercise ${name}: there are ${there.map((one) => one.name.slice(3)).join(' and ')}`,
    1,
    'npm run check lists all of them.',
  )
}
