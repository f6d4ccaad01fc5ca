/**
 * Keys that don't reach the command: Ctrl-C without -i, and the detach keys.
 *
 * @module
 */

import {
  type ExecRunner,
  type ExecStatus,
  openExecRunner,
  statusText,
  waitBriefly,
} from '../../../src/exec/session.ts'
import { hexOf } from '../../../src/experiments/evidence.ts'
import type { Experiment, ExperimentLab } from '../../../src/experiments/experiment.ts'
import type { SimulatedUser } from '../../../src/judging/memory-terminal.ts'
import type { Probe } from '../../../src/judging/probe.ts'
import { finalStateOf } from '../../../src/judging/recorded-events.ts'
import { type TrialResult, watchSession } from '../../../src/judging/trial.ts'
import { bytesIn, type TapeEvent } from '../../../src/tape/event.ts'
import { asked } from '../../01-create/asked.ts'
import { dockerExec } from '../../index.ts'

const ctrlC = '\x03'
const ctrlP = '\x10'
const ctrlQ = '\x11'

/** A command that prints `ready` and then sleeps. */
const sleeper = ['sh', '-c', 'echo ready; exec sleep 1000000']

/** What the byte 03 did, with and without stdin attached. */
type Interrupt = {
  readonly without: { readonly shown: string; readonly status: ExecStatus }
  readonly attached: { readonly shown: string; readonly status: ExecStatus }
}

const sleepThen = {
  ends: 'it exits, with exit code 130',
  runsOn: 'it keeps running',
  refused: 'the daemon ends the session',
}

/** Ctrl-C without `-i`. */
export const ctrlCWithoutI: Experiment<Interrupt> = {
  name: 'ctrl-c-without-i',
  chapter: 5,
  title: 'Ctrl-C without -i',
  action:
    'You run sleep 1000000 under a tty, once without stdin attached (-t) and once with it (-it), and send the byte 03. That’s what Ctrl-C sends from a raw terminal.',
  question: 'What happens to the sleep without -i?',
  choices: Object.values(sleepThen),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const without = await interrupted(runner, false)
    const attached = await interrupted(runner, true)
    return { without, attached }
  },
  answer({ without: { status } }) {
    if (status.Running) return sleepThen.runsOn
    return status.ExitCode === 130 ? sleepThen.ends : sleepThen.refused
  },
  evidence: ({ without, attached }) => [
    '-t, stdin not attached:',
    '  → 03',
    `  ← ${JSON.stringify(without.shown)}`,
    `  a moment later: ${statusText(without.status)}`,
    '-it, stdin attached:',
    '  → 03',
    `  ← ${JSON.stringify(attached.shown)}`,
    `  then: ${statusText(attached.status)}`,
  ],
  why: () =>
    'On the wire Ctrl-C is a byte, not a signal. The container’s terminal turns it into SIGINT, but only if the byte gets there, and without AttachStdin the daemon copies no input. At a real keyboard we wouldn’t even send it: without -i our terminal isn’t raw, so Ctrl-C sends SIGINT to the client. The client exits and the command keeps running.',
  report: {
    what: 'Ctrl-C ends docker exec, and the command keeps running',
    url: 'https://github.com/moby/moby/issues/40815',
  },
  docker:
    'setupInput in cli/command/container/hijack.go sets raw mode only if stdin is attached. The signal ends the client; since 28.2 it exits with 0 and prints nothing. Ours says that the command may still be running, and exits with 130.',
}

async function interrupted(runner: ExecRunner, stdin: boolean): Promise<Interrupt['without']> {
  const sleep = await runner.runUntilReady({ command: sleeper, tty: true, stdin })
  sleep.send(ctrlC)
  if (stdin) await sleep.until(() => false)
  else await waitBriefly()
  const status = await (stdin ? runner.awaitExec(sleep.id) : runner.inspectExec(sleep.id))
  return { shown: sleep.text(), status }
}

/** The facts of a session that was left with the detach keys. */
type Detached = {
  readonly sent: string
  readonly message: string
  readonly exitCode: number
  readonly status: ExecStatus
}

const daemonSees = {
  all: 'a, ctrl-p and ctrl-q: 61 10 11',
  some: 'a and ctrl-p: 61 10',
  letter: 'only the a: 61',
}

/** What the daemon receives of the detach keys. */
export const detachKeys: Experiment<Detached> = {
  name: 'detach-keys',
  chapter: 5,
  title: 'What the daemon sees of ctrl-p ctrl-q',
  action:
    'You run all seven chapters with -it and a sleep. You type an a and then ctrl-p ctrl-q, the bytes 10 11.',
  question: 'Which of these keys does the daemon receive?',
  choices: Object.values(daemonSees),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const seen = await typed(lab, runner, sleeper, async ({ type }) => {
      type('a')
      type(`${ctrlP}${ctrlQ}`)
    })
    const { execId, message, exitCode } = finalStateOf(seen)
    await waitBriefly()
    const status = await runner.inspectExec(execId)
    return { sent: hexOf(bytesIn(seen.events, 'sent')), message, exitCode, status }
  },
  answer({ sent }) {
    if (sent === '61') return daemonSees.letter
    return sent === '611011' ? daemonSees.all : sent === '6110' ? daemonSees.some : undefined
  },
  evidence: ({ sent, message, exitCode, status }) => [
    'typed: 61 10 11',
    `→ ${sent}`,
    `the client: ${message}, exit code ${exitCode}`,
    `a moment later, the command: ${statusText(status)}`,
  ],
  why: () =>
    'Detaching happens entirely in the client. It finds the sequence in what you type, drops it, and closes the connection without telling the daemon why. The daemon only sees a closed connection, and the command keeps running without one. You can’t go back, either: an exec can be started only once, and only its start attaches to it.',
  report: {
    what: 'The keys were made configurable because the default gets in the way',
    url: 'https://github.com/moby/moby/pull/15666',
  },
  docker:
    'setupInput in cli/command/container/hijack.go wraps stdin in moby/term’s NewEscapeProxy. That ends the copy with the error “read escape sequence”, and docker exits with 1. The daemon has an escape proxy too, for clients without one.',
}

/** What was sent after each key. */
type HeldBack = { readonly afterEach: readonly string[]; readonly exitCode: number }

const threeKeys = {
  detached: 'nothing: the last two are the sequence, so it detaches',
  two: 'the first ctrl-p, and then it detaches',
  three: 'all three keys: it doesn’t detach',
}

/** A ctrl-p that the client holds back. */
export const ctrlPHeldBack: Experiment<HeldBack> = {
  name: 'ctrl-p-held-back',
  chapter: 5,
  title: 'ctrl-p ctrl-p ctrl-q',
  action:
    'You run all seven chapters with -it and cat -v. You type ctrl-p, ctrl-p again and ctrl-q, one at a time, and then Ctrl-C to end cat.',
  question: 'What has the client sent after the third key?',
  choices: Object.values(threeKeys),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const afterEach: string[] = []
    const command = ['sh', '-c', 'echo ready; exec cat -v']
    const seen = await typed(lab, runner, command, async ({ type }, { events }) => {
      for (const key of [ctrlP, ctrlP, ctrlQ]) {
        type(key)
        afterEach.push(sentIn(events))
      }
      type(ctrlC)
    })
    return { afterEach, exitCode: Number(seen.finalState?.exitCode) }
  },
  answer({ afterEach }) {
    switch (afterEach[2]) {
      case '101011':
        return threeKeys.three
      case '10':
        return threeKeys.two
      default:
        return afterEach[2] === '' ? threeKeys.detached : undefined
    }
  },
  evidence: ({ afterEach, exitCode }) => [
    ...['ctrl-p', 'ctrl-p', 'ctrl-q'].map(
      (key, at) => `typed ${key}: sent so far ${afterEach[at] || 'nothing'}`,
    ),
    `typed ctrl-c: the command exits, exit code ${exitCode}`,
  ],
  why: () =>
    'The first ctrl-p might start the sequence, so the client holds it back until the next key decides. That’s why ctrl-p in bash does nothing until you press another key. The second ctrl-p breaks the sequence, and the client sends both. It doesn’t start a new one, so the ctrl-q has nothing to complete.',
  report: {
    what: 'ctrl-p is held back forever, and a request for a timeout; open since 2017',
    url: 'https://github.com/moby/moby/issues/32895',
  },
  docker:
    'docker does exactly the same, in the escape proxy’s Read in moby/term. If you need ctrl-p in bash or emacs, set other keys with --detach-keys, or detachKeys in ~/.docker/config.json.',
}

/**
 * Runs the whole course at a terminal and types once the command is ready.
 */
function typed(
  lab: ExperimentLab,
  runner: ExecRunner,
  command: readonly string[],
  type: (user: SimulatedUser, probe: Probe) => Promise<void>,
): Promise<TrialResult> {
  const first = asked(lab.container, {
    command,
    tty: true,
    interactive: true,
    env: [runner.marker],
  })
  return watchSession(
    {
      stages: dockerExec.stages,
      watched: 5,
      first,
      terminal: { isTerminal: true, size: { rows: 24, columns: 80 }, open: true },
      async user(user, probe) {
        await probe.until((events) => bytesIn(events, 'stdout').includes('ready'))
        await type(user, probe)
      },
    },
    lab,
  )
}

function sentIn(events: readonly TapeEvent[]): string {
  return hexOf(bytesIn(events, 'sent'))
}
