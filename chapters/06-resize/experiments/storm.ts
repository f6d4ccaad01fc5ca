/**
 * Many resizes: what a window sends that somebody drags, and what of it arrives.
 *
 * @module
 */

import { type ExecRunner, openExecRunner } from '../../../src/exec/session.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { sizeBehind, tellSize } from './size.ts'

/** What a shell has seen that counts its SIGWINCH. */
type Counted = {
  readonly statuses: readonly number[]
  readonly signals: number
  readonly size: string
}

/** A size: height and width. */
type Size = readonly [height: number, width: number]

/** Sends the sizes without a pause and has a shell count what arrives. */
async function count(bench: ExecRunner, sizes: readonly Size[]): Promise<Counted> {
  // A signal ends the read as the end of the input would, and the shell reads again; but not for ever.
  const loop = `while [ $m -lt 200 ]; do m=$((m + 1)); line=; read line || continue; [ "$line" = end ] && break; ${tellSize}; done`
  const script = `stty -echo; n=0; m=0; trap 'n=$((n + 1))' WINCH; echo ready; ${loop}; echo "signals $n"`
  const shell = await bench.runUntilReady({ command: ['sh', '-c', script], tty: true, stdin: true })
  const replies = await Promise.all(
    sizes.map(([height, width]) => bench.resize(shell.id, height, width)),
  )
  const size = await sizeBehind(shell, sizes.at(-1) ?? [0, 0])
  shell.send('end\n')
  await shell.until(() => false)
  return {
    statuses: replies.map(({ status }) => status),
    signals: Number(/signals (\d+)/.exec(shell.text())?.[1] ?? Number.NaN),
    size,
  }
}

/** Statuses that are all the same are one number. */
function statusText(statuses: readonly number[]): string {
  return [...new Set(statuses)].join(', ')
}

/** 40 heights from 20 on. */
const storm: readonly Size[] = Array.from({ length: 40 }, (_, at) => [20 + at, 100])

const stormEnds = {
  all: `with the last size, and ${storm.length} SIGWINCH`,
  fewer: `with the last size, and fewer than ${storm.length} SIGWINCH`,
  other: 'with some size that was on the way',
}

/** A storm of resizes. */
export const resizeStorm: Experiment<Counted> = {
  name: 'resize-storm',
  chapter: 6,
  title: 'A window that is dragged',
  action: `You send ${storm.length} resizes without a pause, from 20 rows to 59, as a window does that somebody drags. A shell in the container counts its SIGWINCH.`,
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
    `SIGWINCH that the shell has counted: ${signals}`,
    `stty size: ${size}`,
  ],
  why: ({ signals }) =>
    `A signal carries no size and is not counted by the kernel: one that comes while another one waits is the same one${signals < storm.length ? `, so ${storm.length - signals} of ${storm.length} are in the others` : ''}. Nothing is lost by it, because the program asks its terminal when the signal has come, and the terminal has the newest size. The order of the requests does matter: on one connection they are answered one behind the other, and the last one wins. Sent on many connections at once, any of them can be last.`,
  report: {
    what: 'Every step of a drag was sent, and a slow line was busy with it for long',
    url: 'https://github.com/coder/coder/issues/6662',
  },
  docker:
    'MonitorTtySize in cli/command/container/tty.go reads SIGWINCH from a channel with room for one, and sends one resize behind the other: what came meanwhile is one signal as well.',
}

/** The same size, six times. */
const same: readonly Size[] = Array.from({ length: 6 }, () => [33, 99])

const sameSize = { once: 'once', each: `${same.length} times`, never: 'never' }

/** The same size again and again. */
export const sameSizeAgain: Experiment<Counted> = {
  name: 'same-size-again',
  chapter: 6,
  title: 'The same size again',
  action: `You send the same size ${same.length} times, 33 by 99, to a terminal that had none. A shell in the container counts its SIGWINCH.`,
  question: 'How often does the shell get SIGWINCH?',
  choices: Object.values(sameSize),
  where: 'any daemon',
  run: async (lab) => count(await openExecRunner(lab, lab.scope), same),
  answer({ signals }) {
    if (signals === 0) return sameSize.never
    return signals === 1 ? sameSize.once : sameSize.each
  },
  evidence: ({ statuses, signals, size }) => [
    `→ POST /exec/…/resize?h=33&w=99, ${statuses.length} times`,
    `← ${statusText(statuses)}`,
    `SIGWINCH that the shell has counted: ${signals}`,
    `stty size: ${size}`,
  ],
  why: () =>
    'The kernel sends SIGWINCH when a size changes, and not when it is set. So a resize that is only to make sure costs the program nothing. It also explains a workaround that does not work: to make a program draw again, one has to send another size first and then the right one.',
  report: {
    what: 'A workaround that sends SIGWINCH to docker exec by hand, so that it sends the size',
    url: 'https://github.com/moby/moby/issues/35407',
  },
  docker:
    'It sends what it has and does not compare. On Windows, which has no SIGWINCH, it asks for the size every 250 ms and sends only changes (MonitorTtySize in cli/command/container/tty.go).',
}
