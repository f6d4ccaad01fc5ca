/**
 * Resizes that come before there is a process, and what a client does about it.
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

/** What was seen of a session whose resizes are refused. */
type Refused = {
  /** The answers to the resizes, in their order. */
  readonly statuses: readonly number[]
  readonly stderr: string
  readonly size: string
  readonly exitCode: number
}

/** Runs the course on a daemon that refuses so many resizes. */
async function refusing(
  lab: ExperimentLab,
  times: number,
  isEnough: (events: readonly TapeEvent[]) => boolean,
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
        await probe.until(isEnough)
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
  1: 'one, and it gives up',
  3: 'three, and it gives up',
  4: 'four: three are refused, one is taken',
  11: 'eleven, whatever is answered',
}

/** Three refusals, then none. */
export const resizeRefused: Experiment<Refused> = {
  name: 'resize-refused',
  chapter: 6,
  title: 'A resize that is refused three times',
  action:
    'You run the seven chapters with -it on a daemon that answers 500 to the first three resizes, because “the process is not there yet”.',
  question: 'How many resizes does chapter 6 send?',
  choices: Object.values(resizesSent),
  where: 'practice daemon',
  run: (lab) => refusing(lab, 3, (events) => resizeStatuses(events).includes(200)),
  answer: ({ statuses }) => resizesSent[statuses.length as keyof typeof resizesSent],
  evidence: ({ statuses, stderr, size, exitCode }) => [
    `→ POST /exec/…/resize?h=33&w=99  ← ${statuses.join(', then ')}`,
    `stderr: ${stderr || 'nothing'}`,
    `stty size: ${size}; exit code ${exitCode}`,
  ],
  why: () =>
    'The daemon answers 101 as soon as it has decided to start the command, and the process comes later. A resize in between has no terminal to go to. Nothing tells the client when there is one, so it can only try again, each time a little later, and stop when one is taken.',
  report: {
    what: 'docker exec sent the size once, too early, and the terminal stayed at 0 by 0',
    url: 'https://github.com/moby/moby/issues/31223',
  },
  docker:
    'initTtySize in cli/command/container/tty.go tries again up to ten times, after 10, 20, … 100 ms; five times until 2022. The session goes on meanwhile.',
}

const gaveUp = {
  ends: 'it ends the session with an error',
  goesOn: 'it says so in one line and goes on',
  forEver: 'it tries for as long as the session lives',
}

/** Refusals without end. */
export const resizeNever: Experiment<Refused> = {
  name: 'resize-never',
  chapter: 6,
  title: 'A resize that is refused every time',
  action:
    'You run the seven chapters with -it on a daemon that answers 500 to every resize, and wait until chapter 6 has given up.',
  question: 'What does the client do in the end?',
  choices: Object.values(gaveUp),
  where: 'practice daemon',
  run: (lab) => refusing(lab, 100, (events) => bytesIn(events, 'stderr').includes('resize')),
  answer({ stderr, exitCode }) {
    if (exitCode !== 0) return gaveUp.ends
    return stderr === '' ? gaveUp.forEver : gaveUp.goesOn
  },
  evidence: ({ statuses, stderr, size, exitCode }) => [
    `→ POST /exec/…/resize?h=33&w=99, ${statuses.length} times`,
    `← ${[...new Set(statuses)].join(', ')}`,
    `stderr: ${stderr}`,
    `stty size: ${size}; exit code ${exitCode}`,
  ],
  why: ({ size }) =>
    `One try and ten more, and then it is no race any more. A wrong size is no reason to end a session: the command works, it only draws badly. ${size === '33 99' ? 'Here it does not even do that, because this daemon took the size with the create, so the line says too much.' : 'The terminal keeps what it had.'} The next SIGWINCH sends the size again, so dragging the window repairs it.`,
  report: {
    what: '“failed to resize tty, using default size”: the change that brought the line and the tries',
    url: 'https://github.com/docker/cli/pull/1529',
  },
  docker:
    'initTtySize in cli/command/container/tty.go writes the same line to stderr, and docker exec goes on.',
}

/** What was seen of resizes that came before the start. */
type TooEarly = {
  readonly answeredAtOnce: boolean
  readonly status: number
  readonly message: string
  /** A second one, for an exec that was started while the resize waited. */
  readonly started: { readonly status: number; readonly size: string }
}

const early = {
  taken: 'it is taken, and the size is kept for later',
  refused: 'it is refused at once',
  waits: 'it waits for the process, and is refused when none comes',
}

/** A resize before the start. */
export const resizeBeforeStart: Experiment<TooEarly> = {
  name: 'resize-before-start',
  chapter: 6,
  title: 'A resize before the start',
  action:
    'You create an exec with a tty and send a resize at once, without a start. Then once more with another exec, which you start while the resize is on its way.',
  question: 'What does the daemon answer to the first one?',
  choices: Object.values(early),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const wanted = { command: ['sh', '-c', `read line; ${printSize}`], tty: true, stdin: true }

    let isAnswered = false
    const first = bench.resize(await bench.createExec(wanted), 33, 99)
    void first.then(() => {
      isAnswered = true
    })
    await waitBriefly()
    const answeredAtOnce = isAnswered
    if (!answeredAtOnce)
      lab.progress('The resize is not answered yet. A Docker daemon waits for 10 s.')
    const { status, body } = await first

    const id = await bench.createExec(wanted)
    const second = bench.resize(id, 33, 99)
    await waitBriefly()
    const shell = watch(id, await bench.startExec(id, wanted), true, lab.limit)
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
    if (status < 300) return early.taken
    return answeredAtOnce ? early.refused : early.waits
  },
  evidence: ({ answeredAtOnce, status, message, started }) => [
    'created, not started:',
    '  → POST /exec/…/resize?h=33&w=99',
    `  a moment later: ${answeredAtOnce ? 'answered' : 'no answer yet'}`,
    ...wrapText(`← ${status} ${message}`, evidenceWidth - 2).map((line) => `  ${line}`),
    'created, and started while the resize is on its way:',
    `  ← ${started.status}; stty size: ${started.size}`,
  ],
  why: ({ answeredAtOnce }) =>
    `${answeredAtOnce ? 'This daemon looks for a process, finds none, and says so. A Docker daemon waits up to ten seconds for one.' : 'There is no terminal before there is a process, so the daemon has nothing to set. It was taught to wait ten seconds for one, because clients send the resize and the start side by side.'} The size is not kept with the note of the create. A client that waits for the answer before it sends the start has lost ten seconds and gets nothing for it.`,
  report: {
    what: 'The race between start and resize, and the waiting that was put in its way',
    url: 'https://github.com/moby/moby/pull/37172',
  },
  docker:
    'interactiveExec in cli/command/container/exec.go calls MonitorTtySize behind the attach, so the resize follows the 101. ContainerExecResize in daemon/resize.go of moby waits for the process.',
}
