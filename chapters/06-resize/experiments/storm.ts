/**
 * Many resizes in a row, as when you drag a window, and their SIGWINCH.
 *
 * @module
 */

import { type ExecRunner, openExecRunner } from '../../../src/exec/session.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { echoSize, sizeAfter } from './size.ts'

/** The answers to the resizes, and the SIGWINCH that a shell counted. */
type Counted = {
  readonly statuses: readonly number[]
  readonly signals: number
  readonly size: string
}

/** Height and width. */
type Size = readonly [height: number, width: number]

/** Sends the sizes without a pause while a shell counts its SIGWINCH. */
async function count(runner: ExecRunner, sizes: readonly Size[]): Promise<Counted> {
  // A signal makes read fail, as EOF does. So read again, at most 200 times.
  const loop = `while [ $m -lt 200 ]; do m=$((m + 1)); line=; read line || continue; [ "$line" = end ] && break; ${echoSize}; done`
  const script = `stty -echo; n=0; m=0; trap 'n=$((n + 1))' WINCH; echo ready; ${loop}; echo "signals $n"`
  const shell = await runner.runUntilReady({
    command: ['sh', '-c', script],
    tty: true,
    stdin: true,
  })
  const replies = await Promise.all(
    sizes.map(([height, width]) => runner.resize(shell.id, height, width)),
  )
  const size = await sizeAfter(shell, sizes.at(-1) ?? [0, 0])
  shell.send('end\n')
  await shell.until(() => false)
  return {
    statuses: replies.map(({ status }) => status),
    signals: Number(/signals (\d+)/.exec(shell.text())?.[1] ?? Number.NaN),
    size,
  }
}

/** The distinct statuses: `200`, if they are all equal. */
function statusText(statuses: readonly number[]): string {
  return [...new Set(statuses)].join(', ')
}

/** 40 sizes, from 20 rows to 59. */
const storm: readonly Size[] = Array.from({ length: 40 }, (_, at) => [20 + at, 100])

const stormEnds = {
  all: `with the last size and ${storm.length} SIGWINCH`,
  fewer: `with the last size and fewer than ${storm.length} SIGWINCH`,
  other: 'with a size from the middle of the drag',
}

/** A burst of resizes. */
export const resizeStorm: Experiment<Counted> = {
  name: 'resize-storm',
  chapter: 6,
  title: 'A burst of resizes',
  action: `You send ${storm.length} resizes without a pause, from 20 rows to 59, as when you drag a window. A shell in the container counts the SIGWINCH it gets.`,
  question: 'How does it end?',
  choices: Object.values(stormEnds),
  where: 'any daemon',
  run: async (lab) => count(await openExecRunner(lab, lab.scope), storm),
  answer({ size, signals }) {
    if (size !== '59 100') return size === '' ? undefined : stormEnds.other
    return signals === storm.length ? stormEnds.all : stormEnds.fewer
  },
  evidence: ({ statuses, signals, size }) => [
    `→ POST /exec/…/resize?h=20&w=100, h=21, … h=59: ${statuses.length} requests`,
    `← ${statusText(statuses)}`,
    `SIGWINCH counted by the shell: ${signals}`,
    `stty size: ${size}`,
  ],
  why: ({ signals }) =>
    `A signal carries no size, and the kernel doesn’t count signals: a SIGWINCH that arrives while another is pending is merged with it. The shell merges too: it runs its trap once for all that arrived in the meantime${signals < storm.length ? `. Here ${storm.length - signals} of ${storm.length} were merged` : ''}. That loses nothing, because a program asks its terminal for the size after the signal, and the terminal has the newest one. The order of the requests does matter. On one connection they are answered one after another, and the last one wins. Sent over several connections at once, any of them could be last.`,
  report: {
    what: 'Every step of a drag was sent, and on a slow connection the terminal was broken until it caught up',
    url: 'https://github.com/coder/coder/issues/6662',
  },
  docker:
    'MonitorTtySize in cli/command/container/tty.go reads SIGWINCH from a channel that holds one signal, and sends one resize at a time. Signals that arrive during a resize are merged there too.',
}

/** One size, six times. */
const same: readonly Size[] = Array.from({ length: 6 }, () => [33, 99])

const signalCount = { once: 'once', each: `${same.length} times`, never: 'never' }

/** The same size, sent repeatedly. */
export const sameSizeAgain: Experiment<Counted> = {
  name: 'same-size-again',
  chapter: 6,
  title: 'The same size again and again',
  action: `You send the same size, 33 rows of 99 columns, ${same.length} times to a terminal that had no size. A shell in the container counts the SIGWINCH it gets.`,
  question: 'How often does the shell get SIGWINCH?',
  choices: Object.values(signalCount),
  where: 'any daemon',
  run: async (lab) => count(await openExecRunner(lab, lab.scope), same),
  answer({ signals }) {
    if (signals === 0) return signalCount.never
    return signals === 1 ? signalCount.once : signalCount.each
  },
  evidence: ({ statuses, signals, size }) => [
    `→ POST /exec/…/resize?h=33&w=99, ${statuses.length} times`,
    `← ${statusText(statuses)}`,
    `SIGWINCH counted by the shell: ${signals}`,
    `stty size: ${size}`,
  ],
  why: () =>
    'The kernel sends SIGWINCH when the size changes, not each time it is set. So sending a resize again just to be sure costs the program nothing. It also means that you can’t make a program redraw by sending the size it already has. Send another size first, then the right one.',
  report: {
    what: 'A workaround that sends SIGWINCH to docker exec by hand, to make it send the size',
    url: 'https://github.com/moby/moby/issues/35407',
  },
  docker:
    'docker sends the current size without comparing it to the last one. On Windows, which has no SIGWINCH, it polls the size every 250 ms and sends only changes (MonitorTtySize in cli/command/container/tty.go).',
}
