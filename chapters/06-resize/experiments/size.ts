/**
 * Sizes that are missing, set from the start, or wrong.
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

/** Prints rows and columns. At 0 by 0 busybox stty fails, so we print 0 0. */
export const printSize = 'set -- $(stty size 2>/dev/null) 0 0; echo $1 $2'

/** Programs move the cursor to row 999, column 999 to find the last cell. */
const probePosition = 999

/** A terminal whose size was never set. */
type NoSize = {
  /** What `stty size` printed. */
  readonly stty: string
  /** The lowest row that `vi` wrote to, or 0 if the container has no vi. */
  readonly lowestRow: number
  /** What vi wrote there, in hexadecimal. */
  readonly lastLine: string
}

const sttyOutput = {
  zero: '0 0',
  usual: '24 80',
  error: 'only an error',
}

/** The size is never set. */
export const noFirstSize: Experiment<NoSize> = {
  name: 'no-first-size',
  chapter: 6,
  title: 'A terminal without a size',
  action:
    'You run stty size with a tty, but without a ConsoleSize and without a resize. Then you run vi the same way.',
  question: 'What does stty size print?',
  choices: Object.values(sttyOutput),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const stty = await runner.runToEnd({ command: ['stty', 'size'], tty: true })
    const vi = await runner.runExec({ command: ['vi'], tty: true, stdin: true })
    await vi.until(({ text }) => lowestRowIn(text()) > 0)
    await waitBriefly()
    const drawn = vi.text()
    const lowestRow = lowestRowIn(drawn)
    const at = drawn.lastIndexOf(`\x1b[${lowestRow};`)
    const lastLine = lowestRow === 0 ? '' : hexOf(Buffer.from(drawn.slice(at, at + 24)))
    return { stty: stty.text().trim(), lowestRow, lastLine }
  },
  answer({ stty }) {
    if (stty === sttyOutput.zero || stty === sttyOutput.usual) return stty
    return /^\d+ \d+$/.test(stty) ? undefined : sttyOutput.error
  },
  evidence: ({ stty, lowestRow, lastLine }) => [
    `stty size: ${JSON.stringify(stty)}`,
    ...(lowestRow > 0
      ? [
          `the lowest row that vi writes to is ${lowestRow}. The bytes it writes there:`,
          ...hexLines(lastLine),
        ]
      : ['this container has no vi']),
  ],
  why: ({ stty }) =>
    `A pseudo-terminal starts at 0 by 0 and stays there until a program sets its size.${/\d/.test(stty) ? '' : ' The stty of busybox treats that as a failure; others print 0 0.'} Most programs that read 0 fall back to 24 rows of 80 columns, the screen of DEC’s VT100 (1978), and draw in one corner of your window. A shell that thinks the line ends at column 80 may return to the start of the same line and overwrite your command.`,
  report: {
    what: 'docker exec leaves the terminal at 0 rows and 0 columns',
    url: 'https://github.com/docker/for-linux/issues/314',
  },
  docker:
    'initTtySize in cli/command/container/tty.go sends the size after the 101. From API 1.42 on, fillConsoleSize in exec.go also puts it into the create and the start.',
}

/** The lowest row the cursor moved to. Probes for the end do not count. */
function lowestRowIn(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
  const rows = [...text.matchAll(/\x1b\[(\d+);\d+H/g)].map(([, row]) => Number(row))
  return Math.max(0, ...rows.filter((row) => row < probePosition))
}

/** What a command read first when the size came with the create. */
type InitialSize = { readonly apiVersion: string; readonly first: string }

const firstSize = { sent: '33 99, as sent', none: '0 0: not set yet' }

/** A size in the create and the start. */
export const consoleSize: Experiment<InitialSize> = {
  name: 'console-size',
  chapter: 6,
  title: 'A size that comes with the create',
  action:
    'You put "ConsoleSize": [33, 99] into the create and the start, send no resize, and run a command that asks for its size at once.',
  question: 'What size does the command read?',
  choices: Object.values(firstSize),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const command = ['sh', '-c', printSize]
    const shell = await runner.runToEnd({ command, tty: true, size: [33, 99] })
    return { apiVersion: runner.engine.apiVersion, first: shell.text().trim() }
  },
  answer({ first }) {
    if (first === '33 99') return firstSize.sent
    return first === '0 0' ? firstSize.none : undefined
  },
  evidence: ({ apiVersion, first }) => [
    `→ POST /v${apiVersion}/containers/…/exec  "ConsoleSize":[33,99]`,
    `→ POST /v${apiVersion}/exec/…/start       "ConsoleSize":[33,99]`,
    `the size that the command reads: ${first}`,
  ],
  why: ({ first }) =>
    first === '33 99'
      ? 'This daemon creates the terminal with the size that you sent, so it never has another one. On older daemons the size comes with a resize after the 101, which is usually too late for a command that asks at once.'
      : 'This daemon doesn’t know the field and ignores it: an unknown name in JSON isn’t an error. The size can only come with a resize after the 101, and a command that asks at once reads 0 by 0. Docker knows the field from API 1.42 on.',
  report: {
    what: 'A request to set the size when the terminal is created, not later',
    url: 'https://github.com/docker/cli/issues/3554',
  },
  docker:
    'fillConsoleSize in cli/command/container/exec.go has done this since 2022, if the daemon speaks API 1.42. The resize is still sent, and usually changes nothing.',
}

/** The daemon's answers to the resizes, and the size after each of them. */
type Sizes = { readonly statuses: readonly number[]; readonly sizes: readonly string[] }

/** Shell code that prints the size in a form that we can find: `<33 99>`. */
export const echoSize = `echo "<$(${printSize})>"`

/** How many times we ask a terminal that doesn't have the new size yet. */
const maxAttempts = 5

/**
 * Asks a shell that runs {@link echoSize} for its size, until it is the one
 * that was sent. Podman answers a resize before it applies it.
 *
 * @returns the size that the shell printed last: `33 99`
 */
export async function sizeAfter(
  shell: Stream,
  [height, width]: readonly [height: number, width: number],
): Promise<string> {
  const printed = (): string[] =>
    [...shell.text().matchAll(/<(\d+ \d+)>/g)].map(([, size]) => `${size}`)
  for (let attempt = 1; ; attempt += 1) {
    const before = printed().length
    shell.send('size\n')
    await shell.until(() => printed().length > before)
    const size = printed().at(-1) ?? ''
    if (size === `${height} ${width}` || attempt === maxAttempts) return size
    await waitBriefly()
  }
}

/** Sends the sizes to a shell and asks it for its size after each one. */
async function sizesAfter(
  runner: ExecRunner,
  changes: readonly (readonly [height: number, width: number])[],
): Promise<Sizes> {
  const command = ['sh', '-c', `stty -echo; echo ready; while read line; do ${echoSize}; done`]
  const shell = await runner.runUntilReady({ command, tty: true, stdin: true })
  const [statuses, sizes]: [number[], string[]] = [[], []]
  for (const change of changes) {
    statuses.push((await runner.resize(shell.id, ...change)).status)
    sizes.push(await sizeAfter(shell, change))
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
    'You set a terminal to 33 rows and 99 columns. Then you send ?h=0&w=0, as a careless client does when its standard output is a file.',
  question: 'What size does the terminal have after that?',
  choices: Object.values(afterZero),
  where: 'any daemon',
  async run(lab) {
    return sizesAfter(await openExecRunner(lab, lab.scope), [
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
    `${sizes[1] === '0 0' ? 'To the kernel, 0 by 0 is a size like any other, and the daemon passes on what it gets.' : 'The kernel would accept 0 by 0 like any other size. This daemon doesn’t pass it on; Docker’s does.'} A client that doesn’t know the size of its window must not send 0 by 0 for it. Otherwise docker exec -t … > file would erase the size that the terminal had.`,
  report: {
    what: 'Should the daemon ignore 0 by 0? It was discussed, and it doesn’t',
    url: 'https://github.com/moby/moby/pull/48694',
  },
  docker:
    'resizeTtyTo in cli/command/container/tty.go sends nothing if both are 0. sendSize in chapter 6 does the same.',
}

const swappedTo = {
  rows: '99 rows of 33 columns',
  columns: '33 rows of 99 columns',
  refused: 'it is refused',
}

/** A resize with height and width swapped. */
export const swapped: Experiment<Sizes> = {
  name: 'swapped',
  chapter: 6,
  title: 'Height and width swapped',
  action:
    'Your window has 33 rows of 99 columns. You send them in the order in which people say them, “99 by 33”: ?h=99&w=33.',
  question: 'What does the terminal get?',
  choices: Object.values(swappedTo),
  where: 'any daemon',
  async run(lab) {
    return sizesAfter(await openExecRunner(lab, lab.scope), [[99, 33]])
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
    'Both are numbers, so the daemon can’t know which one you meant. People say width by height, but the kernel’s struct winsize, stty and this API put rows first. The mistake shows up as text that wraps at a third of the window’s width. In a window of 50 by 50 it doesn’t show up at all.',
  report: {
    what: 'moby itself swapped width and height on Windows',
    url: 'https://github.com/moby/moby/pull/35631',
  },
  docker:
    'ConsoleSize is [height, width]. The query of a resize names them: h and w (resizeTtyTo in cli/command/container/tty.go).',
}
