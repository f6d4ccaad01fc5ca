/**
 * Keys that are not for the command: Ctrl-C where nobody listens, and the keys that detach.
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

/** A command that says when it is there, and then does nothing. */
const sleeper = ['sh', '-c', 'echo ready; exec sleep 1000000']

/** What was seen of the byte 03, with and without stdin attached. */
type Interrupt = {
  readonly without: { readonly shown: string; readonly note: ExecStatus }
  readonly attached: { readonly shown: string; readonly note: ExecStatus }
}

const sleepThen = {
  ends: 'it ends, with exit code 130',
  runsOn: 'it runs on',
  refused: 'the daemon ends the session',
}

/** Ctrl-C without `-i`. */
export const ctrlCWithoutI: Experiment<Interrupt> = {
  name: 'ctrl-c-without-i',
  chapter: 5,
  title: 'Ctrl-C without -i',
  action:
    'You run sleep 1000000 under a tty, once without stdin attached (-t) and once with it (-it), and send the byte 03, which is what Ctrl-C sends from a raw terminal.',
  question: 'What becomes of the sleep without -i?',
  choices: Object.values(sleepThen),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const without = await interrupted(bench, false)
    const attached = await interrupted(bench, true)
    return { without, attached }
  },
  answer({ without: { note } }) {
    if (note.Running) return sleepThen.runsOn
    return note.ExitCode === 130 ? sleepThen.ends : sleepThen.refused
  },
  evidence: ({ without, attached }) => [
    '-t, stdin is not attached:',
    '  → 03',
    `  ← ${JSON.stringify(without.shown)}`,
    `  a moment later: ${statusText(without.note)}`,
    '-it, stdin is attached:',
    '  → 03',
    `  ← ${JSON.stringify(attached.shown)}`,
    `  then: ${statusText(attached.note)}`,
  ],
  why: () =>
    'Ctrl-C is no signal on the wire, it is a byte. The terminal in the container makes a SIGINT of it, if it gets it: without AttachStdin the daemon copies no input and the byte goes nowhere. At a real keyboard it does not even leave: without -i our terminal is not raw, so Ctrl-C is a SIGINT to the client, which ends and leaves the command behind.',
  report: {
    what: 'Ctrl-C on docker exec, and the command still runs',
    url: 'https://github.com/moby/moby/issues/40815',
  },
  docker:
    'setupInput in cli/command/container/hijack.go sets raw mode only where stdin is attached. The signal ends the client; since 28.2 it exits with 0 and says nothing. Ours says that the command may still run, and exits with 130.',
}

async function interrupted(bench: ExecRunner, stdin: boolean): Promise<Interrupt['without']> {
  const sleep = await bench.runUntilReady({ command: sleeper, tty: true, stdin })
  sleep.send(ctrlC)
  if (stdin) await sleep.until(() => false)
  else await waitBriefly()
  const note = await (stdin ? bench.awaitExec(sleep.id) : bench.inspectExec(sleep.id))
  return { shown: sleep.text(), note }
}

/** What was seen of a session that was left by its keys. */
type Detached = {
  readonly sent: string
  readonly message: string
  readonly exitCode: number
  readonly note: ExecStatus
}

const daemonSees = {
  all: 'a, ctrl-p and ctrl-q: 61 10 11',
  some: 'a and ctrl-p: 61 10',
  letter: 'only the a: 61',
}

/** The detach keys, as the daemon sees them. */
export const detachKeys: Experiment<Detached> = {
  name: 'detach-keys',
  chapter: 5,
  title: 'What the daemon sees of ctrl-p ctrl-q',
  action:
    'You run the seven chapters with -it and a sleep, type an a, and then ctrl-p ctrl-q, the bytes 10 11.',
  question: 'Which of these keys does the daemon see?',
  choices: Object.values(daemonSees),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const seen = await typed(lab, bench, sleeper, async ({ type }) => {
      type('a')
      type(`${ctrlP}${ctrlQ}`)
    })
    const { execId, message, exitCode } = finalStateOf(seen)
    await waitBriefly()
    const note = await bench.inspectExec(execId)
    return { sent: hexOf(bytesIn(seen.events, 'sent')), message, exitCode, note }
  },
  answer({ sent }) {
    if (sent === '61') return daemonSees.letter
    return sent === '611011' ? daemonSees.all : sent === '6110' ? daemonSees.some : undefined
  },
  evidence: ({ sent, message, exitCode, note }) => [
    'typed: 61 10 11',
    `→ ${sent}`,
    `the client: ${message}, exit code ${exitCode}`,
    `a moment later, the command: ${statusText(note)}`,
  ],
  why: () =>
    'Detaching is the client’s own doing. It looks for the sequence in what is typed, takes it out, and goes away without asking anybody. For the daemon a connection was closed, and a command under a tty lives on without one. There is no way back either: an exec can be started once, and attached to only by its start.',
  report: {
    what: 'The keys were made configurable, because they are in everybody’s way',
    url: 'https://github.com/moby/moby/pull/15666',
  },
  docker:
    'NewEscapeProxy of moby/term stands before stdin (setupInput in cli/command/container/hijack.go); it ends the copy with the error “read escape sequence”, and docker exits with 1. The daemon has such a proxy too, for clients that have none.',
}

/** What was sent after each key. */
type HeldBack = { readonly afterEach: readonly string[]; readonly exitCode: number }

const threeKeys = {
  detached: 'nothing: the last two are the sequence, so it detaches',
  two: 'the first ctrl-p, and then it detaches',
  three: 'all three keys: it does not detach',
}

/** A ctrl-p that is held back. */
export const ctrlPHeldBack: Experiment<HeldBack> = {
  name: 'ctrl-p-held-back',
  chapter: 5,
  title: 'ctrl-p ctrl-p ctrl-q',
  action:
    'You run the seven chapters with -it and cat -v, and type ctrl-p, ctrl-p again, and ctrl-q, one by one. Then Ctrl-C, so that it ends.',
  question: 'What has been sent behind the third key?',
  choices: Object.values(threeKeys),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const afterEach: string[] = []
    const command = ['sh', '-c', 'echo ready; exec cat -v']
    const seen = await typed(lab, bench, command, async ({ type }, { events }) => {
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
    `typed ctrl-c: the command ends, exit code ${exitCode}`,
  ],
  why: () =>
    'The first ctrl-p may be the beginning of the sequence, so it waits in the client until the next key tells: this is why bash in a container shows the last command only behind the second ctrl-p. The second one breaks the sequence, and both go out. It does not begin a new one, so the ctrl-q finds nothing to complete.',
  report: {
    what: 'ctrl-p held back for ever, and the wish for a time limit; open since 2017',
    url: 'https://github.com/moby/moby/issues/32895',
  },
  docker:
    'The same, key for key: Read of the escape proxy in moby/term. Whoever lives in bash or emacs sets other keys with --detach-keys or detachKeys in ~/.docker/config.json.',
}

/** Runs the whole course at a terminal, and has a person type as soon as the command is there. */
function typed(
  lab: ExperimentLab,
  bench: ExecRunner,
  command: readonly string[],
  type: (person: SimulatedUser, probe: Probe) => Promise<void>,
): Promise<TrialResult> {
  const first = asked(lab.container, { command, tty: true, interactive: true, env: [bench.marker] })
  return watchSession(
    {
      stages: dockerExec.stages,
      watched: 5,
      first,
      terminal: { isTerminal: true, size: { rows: 24, columns: 80 }, open: true },
      async user(person, probe) {
        await probe.until((events) => bytesIn(events, 'stdout').includes('ready'))
        await type(person, probe)
      },
    },
    lab,
  )
}

function sentIn(events: readonly TapeEvent[]): string {
  return hexOf(bytesIn(events, 'sent'))
}
