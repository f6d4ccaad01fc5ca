/**
 * Sizes that are not there, that are there from the beginning, and that are wrong.
 *
 * @module
 */

import {
  type ExecRunner,
  openExecRunner,
  type Stream,
  waitBriefly,
} from '../../../src/exec/session.ts'
import { hexLines, hexOf } from '../../../src/experiments/evidence.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'

/** Prints the size. The stty of busybox has no words for 0 by 0 and prints none. */
export const printSize = 'set -- $(stty size 2>/dev/null) 0 0; echo $1 $2'

/** A position that a program moves the cursor to, beyond which there is none: row and column. */
const furthest = 999

/** What was seen of a terminal that nobody gave a size. */
type NoSize = {
  /** What `stty size` printed. */
  readonly stty: string
  /** The lowest row that `vi` wrote in, or 0 where there is no vi. */
  readonly lowestRow: number
  /** What it wrote there, as hexadecimal digits. */
  readonly lastLine: string
}

const sttySays = {
  zero: '0 0',
  usual: '24 80',
  error: 'nothing but an error',
}

/** No size at all. */
export const noFirstSize: Experiment<NoSize> = {
  name: 'no-first-size',
  chapter: 6,
  title: 'A terminal that nobody gives a size',
  action:
    'You run stty size under a tty without a ConsoleSize and without a resize. Then vi, in the same way.',
  question: 'What does stty size print?',
  choices: Object.values(sttySays),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const stty = await bench.runToEnd({ command: ['stty', 'size'], tty: true })
    const vi = await bench.runExec({ command: ['vi'], tty: true, stdin: true })
    await vi.until(({ text }) => lowestRowIn(text()) > 0)
    await waitBriefly()
    const drawn = vi.text()
    const lowestRow = lowestRowIn(drawn)
    const at = drawn.lastIndexOf(`\x1b[${lowestRow};`)
    const lastLine = lowestRow === 0 ? '' : hexOf(Buffer.from(drawn.slice(at, at + 24)))
    return { stty: stty.text().trim(), lowestRow, lastLine }
  },
  answer({ stty }) {
    if (stty === sttySays.zero || stty === sttySays.usual) return stty
    return /^\d+ \d+$/.test(stty) ? undefined : sttySays.error
  },
  evidence: ({ stty, lowestRow, lastLine }) => [
    `stty size: ${JSON.stringify(stty)}`,
    ...(lowestRow > 0
      ? [`vi writes in no row below ${lowestRow}, whatever your window has:`, ...hexLines(lastLine)]
      : ['there is no vi in this container']),
  ],
  why: ({ stty }) =>
    `A pseudo-terminal has a size as a file has an owner: somebody has to set it, and until then it is 0 by 0.${/\d/.test(stty) ? '' : ' The stty of busybox takes that for a failure, other ones print 0 0.'} A program that finds 0 takes what a terminal of 1978 had, 24 rows of 80 columns, and draws into a corner of your window. A shell wraps its lines at 80, over what it has written before.`,
  report: {
    what: 'docker exec, and rows 0 and columns 0 in the container',
    url: 'https://github.com/docker/for-linux/issues/314',
  },
  docker:
    'initTtySize in cli/command/container/tty.go sends the size behind the 101, and from API 1.42 on fillConsoleSize in exec.go puts it into the create and the start.',
}

/** The lowest row that the cursor was moved to, not counting a look for the end of the screen. */
function lowestRowIn(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
  const rows = [...text.matchAll(/\x1b\[(\d+);\d+H/g)].map(([, row]) => Number(row))
  return Math.max(0, ...rows.filter((row) => row < furthest))
}

/** What was seen of a size that came with the create. */
type FromTheBeginning = { readonly apiVersion: string; readonly first: string }

const firstSize = { sent: '33 99, as sent', none: '0 0: none yet' }

/** A size in the create and the start. */
export const consoleSize: Experiment<FromTheBeginning> = {
  name: 'console-size',
  chapter: 6,
  title: 'A size that comes with the create',
  action:
    'You put "ConsoleSize": [33, 99] into the create and the start, send no resize, and run a command whose first deed is to ask for the size.',
  question: 'What size does the command find?',
  choices: Object.values(firstSize),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const command = ['sh', '-c', printSize]
    const shell = await bench.runToEnd({ command, tty: true, size: [33, 99] })
    return { apiVersion: bench.engine.apiVersion, first: shell.text().trim() }
  },
  answer({ first }) {
    if (first === '33 99') return firstSize.sent
    return first === '0 0' ? firstSize.none : undefined
  },
  evidence: ({ apiVersion, first }) => [
    `→ POST /v${apiVersion}/containers/…/exec  "ConsoleSize":[33,99]`,
    `→ POST /v${apiVersion}/exec/…/start       "ConsoleSize":[33,99]`,
    `the command’s first look at its terminal: ${first}`,
  ],
  why: ({ first }) =>
    first === '33 99'
      ? 'This daemon makes the terminal in the size that was sent, so there is no moment without one. A resize behind the 101 comes too late for a command that looks at once: on older daemons it lost that race in 99 of 100 runs.'
      : 'This daemon does not know the field, and says nothing about it: JSON with an unknown name is no error. The size can only come with a resize, behind the 101, and a command that looks at once finds 0 by 0. Docker knows the field from API 1.42 on.',
  report: {
    what: 'The wish to set the size when the terminal is made, and not behind it',
    url: 'https://github.com/docker/cli/issues/3554',
  },
  docker:
    'fillConsoleSize in cli/command/container/exec.go, since 2022, where the daemon speaks 1.42; the resize is still sent, and mostly confirms it.',
}

/** The sizes that a shell has seen, one after the other. */
type Sizes = { readonly statuses: readonly number[]; readonly sizes: readonly string[] }

/** A line of a shell's script that answers each line with its size: `<33 99>`. */
export const tellSize = `echo "<$(${printSize})>"`

/** How often a terminal is asked that does not have the size yet. */
const questions = 5

/**
 * Asks such a shell for its size, and asks again where it is not the one that was sent: Podman answers
 * a resize before it has done it, and how long that takes nobody knows.
 *
 * @returns what it has, or had when it was asked for the last time
 */
export async function sizeBehind(
  shell: Stream,
  [height, width]: readonly [height: number, width: number],
): Promise<string> {
  const told = (): string[] =>
    [...shell.text().matchAll(/<(\d+ \d+)>/g)].map(([, size]) => `${size}`)
  for (let asked = 1; ; asked += 1) {
    const before = told().length
    shell.send('size\n')
    await shell.until(() => told().length > before)
    const size = told().at(-1) ?? ''
    if (size === `${height} ${width}` || asked === questions) return size
    await waitBriefly()
  }
}

/** Runs a shell, and asks it for its size behind each change. */
async function sizesBehind(
  bench: ExecRunner,
  changes: readonly (readonly [height: number, width: number])[],
): Promise<Sizes> {
  const command = ['sh', '-c', `stty -echo; echo ready; while read line; do ${tellSize}; done`]
  const shell = await bench.runUntilReady({ command, tty: true, stdin: true })
  const [statuses, sizes]: [number[], string[]] = [[], []]
  for (const change of changes) {
    statuses.push((await bench.resize(shell.id, ...change)).status)
    sizes.push(await sizeBehind(shell, change))
  }
  return { statuses, sizes }
}

const afterZero = { kept: 'it keeps 33 99', gone: 'it has 0 0', usual: 'it has 24 80' }

/** A resize to 0 by 0. */
export const zeroByZero: Experiment<Sizes> = {
  name: 'zero-by-zero',
  chapter: 6,
  title: 'A resize to 0 by 0',
  action:
    'You give a terminal 33 rows and 99 columns. Then you send ?h=0&w=0: no size is what a client finds whose standard output is a file.',
  question: 'What size does the terminal have then?',
  choices: Object.values(afterZero),
  where: 'any daemon',
  async run(lab) {
    return sizesBehind(await openExecRunner(lab, lab.scope), [
      [33, 99],
      [0, 0],
    ])
  },
  answer({ sizes }) {
    if (sizes[1] === '33 99') return afterZero.kept
    if (sizes[1] === '24 80') return afterZero.usual
    return sizes[1] === '0 0' ? afterZero.gone : undefined
  },
  evidence: ({ statuses, sizes }) => [
    `→ POST /exec/…/resize?h=33&w=99  ← ${statuses[0]}  the terminal has ${sizes[0]}`,
    `→ POST /exec/…/resize?h=0&w=0    ← ${statuses[1]}  the terminal has ${sizes[1]}`,
  ],
  why: ({ sizes }) =>
    `${sizes[1] === '0 0' ? 'No size is a size for the kernel, and the daemon passes on what it gets.' : 'The kernel would take no size for a size. This daemon does not pass it on; Docker’s does.'} A client that cannot find out how large its window is must not send that as a number: docker exec -t … > file would take away the size that was there.`,
  report: {
    what: 'Shall the daemon ignore 0 by 0? It was discussed, and it does not',
    url: 'https://github.com/moby/moby/pull/48694',
  },
  docker:
    'resizeTTYTo in cli/command/container/tty.go sends nothing where both are 0. So does sendSize in chapter 6.',
}

const swappedTo = {
  rows: '99 rows of 33 columns',
  columns: '33 rows of 99 columns',
  refused: 'it is refused',
}

/** Height and width, the wrong way round. */
export const swapped: Experiment<Sizes> = {
  name: 'swapped',
  chapter: 6,
  title: 'Height and width, the wrong way round',
  action:
    'Your window has 33 rows of 99 columns. You send it in the order in which one says it, “99 by 33”: ?h=99&w=33.',
  question: 'What does the terminal have then?',
  choices: Object.values(swappedTo),
  where: 'any daemon',
  async run(lab) {
    return sizesBehind(await openExecRunner(lab, lab.scope), [[99, 33]])
  },
  answer({ statuses, sizes }) {
    if ((statuses[0] ?? 0) >= 300) return swappedTo.refused
    return sizes[0] === '99 33' ? swappedTo.rows : swappedTo.columns
  },
  evidence: ({ statuses, sizes }) => [
    `→ POST /exec/…/resize?h=99&w=33  ← ${statuses[0]}`,
    `stty size, rows first: ${sizes[0]}`,
  ],
  why: () =>
    'Both are numbers, and no daemon can know which one you meant. People say width by height; the kernel’s struct winsize, stty and this API say rows first. The mistake shows as text that wraps at a third of the window, and not at all in a window of 50 by 50.',
  report: {
    what: 'Width and height were swapped in moby itself, for Windows',
    url: 'https://github.com/moby/moby/pull/35631',
  },
  docker:
    'ConsoleSize is [height, width], and the query of a resize has names: h and w (resizeTTYTo in cli/command/container/tty.go).',
}
