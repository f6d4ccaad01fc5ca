/**
 * Resizes that arrive before the process exists, and how a client copes.
 *
 * @module
 */

import { openExecRunner, waitBriefly, watch } from '../../../src/exec/session.ts'
import { evidenceWidth } from '../../../src/experiments/evidence.ts'
import type { Experiment, ExperimentLab } from '../../../src/experiments/experiment.ts'
import { answersIn } from '../../../src/judging/recorded-events.ts'
import { watchSession } from '../../../src/judging/trial.ts'
import { messageOf } from '../../../src/stream/http.ts'
import { bytesIn, type TapeEvent } from '../../../src/tape/event.ts'
import { wrapText } from '../../../src/text/width.ts'
import { asked } from '../../01-create/asked.ts'
import { dockerExec } from '../../index.ts'
import { printSize } from './size.ts'

/** A session whose resizes the daemon refused. */
type Refused = {
  /** The statuses of the resizes, in order. */
  readonly statuses: readonly number[]
  readonly stderr: string
  readonly size: string
  readonly exitCode: number
}

/** Runs all chapters on a daemon that refuses the first `times` resizes. */
async function runWithRefusals(
  lab: ExperimentLab,
  times: number,
  isDone: (events: readonly TapeEvent[]) => boolean,
): Promise<Refused> {
  const world = await lab.startPracticeDaemon(`resize-refused=${times}`)
  const command = ['sh', '-c', `read line; ${printSize}`]
  const seen = await watchSession(
    {
      stages: dockerExec.stages,
      watched: 6,
      first: asked(world.container, { command, tty: true, interactive: true }),
      terminal: { isTerminal: true, size: { rows: 33, columns: 99 }, open: true },
      async user({ type }, probe) {
        await probe.until(isDone)
        type('\r')
      },
    },
    world,
  )
  return {
    statuses: resizeStatuses(seen.events),
    stderr: bytesIn(seen.events, 'stderr').toString().trim(),
    size: /\d+ \d+/.exec(bytesIn(seen.events, 'stdout').toString())?.[0] ?? '',
    exitCode: Number(seen.finalState?.exitCode),
  }
}

function resizeStatuses(events: readonly TapeEvent[]): number[] {
  return answersIn({ events }, /\/resize\?/).map(({ status }) => status)
}

const resizesSent = {
  1: 'one, then it gives up',
  3: 'three, then it gives up',
  4: 'four: three are refused, one succeeds',
  11: 'eleven, regardless of the answers',
}

/** The daemon refuses three resizes and accepts the fourth. */
export const resizeRefused: Experiment<Refused> = {
  name: 'resize-refused',
  chapter: 6,
  title: 'A resize that is refused three times',
  action:
    'You run all seven chapters with -it on a daemon that answers 500 to the first three resizes, as if the process were not running yet.',
  question: 'How many resizes does chapter 6 send?',
  choices: Object.values(resizesSent),
  where: 'practice daemon',
  run: (lab) => runWithRefusals(lab, 3, (events) => resizeStatuses(events).includes(200)),
  answer: ({ statuses }) => resizesSent[statuses.length as keyof typeof resizesSent],
  evidence: ({ statuses, stderr, size, exitCode }) => [
    `→ POST /exec/…/resize?h=33&w=99  ← ${statuses.join(', then ')}`,
    `stderr: ${stderr || 'nothing'}`,
    `stty size: ${size}; exit code ${exitCode}`,
  ],
  why: () =>
    'The daemon answers 101 as soon as it decides to start the command, and the process appears later. A resize that arrives in between has no terminal to act on. Today’s dockerd makes it wait for the process; older Docker daemons refuse it. Nothing tells the client when the process is running, so all it can do is retry, wait a little longer each time, and stop when a resize succeeds.',
  report: {
    what: 'docker exec sent the size once, too early, and the terminal stayed at 0 by 0',
    url: 'https://github.com/moby/moby/issues/31223',
  },
  docker:
    'initTtySize in cli/command/container/tty.go retries up to ten times, after 10, 20, … 100 ms. Until 2022 it retried five times. The session goes on meanwhile.',
}

const afterRetries = {
  ends: 'it ends the session with an error',
  goesOn: 'it prints one line and goes on',
  retries: 'it keeps retrying until the session ends',
}

/** The daemon refuses every resize. */
export const resizeNever: Experiment<Refused> = {
  name: 'resize-never',
  chapter: 6,
  title: 'A resize that is always refused',
  action:
    'You run all seven chapters with -it on a daemon that answers 500 to every resize, and wait until chapter 6 gives up.',
  question: 'What does the client do in the end?',
  choices: Object.values(afterRetries),
  where: 'practice daemon',
  run: (lab) => runWithRefusals(lab, 100, (events) => bytesIn(events, 'stderr').includes('resize')),
  answer({ stderr, exitCode }) {
    if (exitCode !== 0) return afterRetries.ends
    return stderr === '' ? afterRetries.retries : afterRetries.goesOn
  },
  evidence: ({ statuses, stderr, size, exitCode }) => [
    `→ POST /exec/…/resize?h=33&w=99, ${statuses.length} times`,
    `← ${[...new Set(statuses)].join(', ')}`,
    `stderr: ${stderr}`,
    `stty size: ${size}; exit code ${exitCode}`,
  ],
  why: ({ size }) =>
    `After ten retries, the client stops treating this as a race. A wrong size isn’t a reason to end a session: the command works, it just draws badly. ${size === '33 99' ? 'Here it doesn’t even draw badly: this daemon took the size from the create request.' : 'The terminal keeps the size it had.'} The next SIGWINCH sends the size again. If the daemon accepts that one, the size is right from then on.`,
  report: {
    what: '“failed to resize tty, using default size”: the change that added this message and the retries',
    url: 'https://github.com/docker/cli/pull/1529',
  },
  docker:
    'initTtySize in cli/command/container/tty.go writes the same line to stderr, and docker exec goes on.',
}

/** What the daemon answered to resizes that arrived before the start. */
type TooEarly = {
  readonly answeredAtOnce: boolean
  readonly status: number
  readonly message: string
  /** The second resize. Its exec was started while the resize was waiting. */
  readonly started: { readonly status: number; readonly size: string }
}

const earlyResize = {
  accepted: 'it accepts it and keeps the size for later',
  refused: 'it refuses it at once',
  waits: 'it waits for the process, then refuses it',
}

/** A resize for an exec that hasn't been started. */
export const resizeBeforeStart: Experiment<TooEarly> = {
  name: 'resize-before-start',
  chapter: 6,
  title: 'A resize before the start',
  action:
    'You create an exec with a tty and send a resize at once, without starting it. Then you repeat this with another exec, and start it a moment after its resize.',
  question: 'What does the daemon do with the first resize?',
  choices: Object.values(earlyResize),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const options = { command: ['sh', '-c', `read line; ${printSize}`], tty: true, stdin: true }

    let isAnswered = false
    const first = runner.resize(await runner.createExec(options), 33, 99)
    void first.then(() => {
      isAnswered = true
    })
    await waitBriefly()
    const answeredAtOnce = isAnswered
    if (!answeredAtOnce)
      lab.progress('No answer to the resize yet. A Docker daemon waits for 10 s.')
    const { status, body } = await first

    const id = await runner.createExec(options)
    const second = runner.resize(id, 33, 99)
    await waitBriefly()
    const shell = watch(id, await runner.startExec(id, options), true, lab.limit)
    const started = (await second).status
    shell.send('\n')
    await shell.until(() => false)
    const size = /\d+ \d+/.exec(shell.text())?.[0] ?? ''
    return {
      answeredAtOnce,
      status,
      message: messageOf({ body }),
      started: { status: started, size },
    }
  },
  answer({ answeredAtOnce, status }) {
    if (status < 300) return earlyResize.accepted
    return answeredAtOnce ? earlyResize.refused : earlyResize.waits
  },
  evidence: ({ answeredAtOnce, status, message, started }) => [
    'created, not started:',
    '  → POST /exec/…/resize?h=33&w=99',
    `  a moment later: ${answeredAtOnce ? 'answered' : 'no answer yet'}`,
    ...wrapText(`← ${status} ${message}`, evidenceWidth - 2).map((line) => `  ${line}`),
    'created, and started a moment after the resize:',
    `  ← ${started.status}; stty size: ${started.size}`,
  ],
  why: ({ answeredAtOnce }) =>
    `${answeredAtOnce ? 'This daemon looks for the process, doesn’t find one and says so. A Docker daemon waits up to ten seconds for it.' : 'The terminal doesn’t exist before the process does, so the daemon has nothing to resize. It waits ten seconds for the process, because clients send the start and the resize at about the same time. A client that waits for this answer before it sends the start loses ten seconds for nothing.'} The daemon doesn’t store the size with the exec.`,
  report: {
    what: 'The race between start and resize, and the wait that was added to fix it',
    url: 'https://github.com/moby/moby/pull/37172',
  },
  docker:
    'interactiveExec in cli/command/container/exec.go calls MonitorTtySize after the attach, so the resize follows the 101. ContainerExecResize in daemon/resize.go of moby waits for the process.',
}
