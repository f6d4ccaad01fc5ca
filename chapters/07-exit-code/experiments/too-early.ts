/**
 * A code that is asked for before there is one, or where there never is one.
 *
 * @module
 */

import { type ExecStatus, openExecRunner, statusText } from '../../../src/exec/session.ts'
import { evidenceWidth } from '../../../src/experiments/evidence.ts'
import type { Experiment, ExperimentLab } from '../../../src/experiments/experiment.ts'
import { finalStateOf, requestsIn } from '../../../src/judging/recorded-events.ts'
import { watchSession } from '../../../src/judging/trial.ts'
import { wrapText } from '../../../src/text/width.ts'
import { asked } from '../../01-create/asked.ts'
import { dockerExec } from '../../index.ts'

/** What was seen of a command that was asked about three times. */
type Asked = {
  readonly before: ExecStatus
  readonly running: ExecStatus
  readonly over: ExecStatus
}

const whileRunning = {
  null: 'null, and Running true',
  zero: '0, and Running true',
  blocks: 'none: the daemon answers when the command is over',
}

/** The exit code asked for too early. */
export const askedTooEarly: Experiment<Asked> = {
  name: 'asked-too-early',
  chapter: 7,
  title: 'The exit code, asked for too early',
  action:
    'You create an exec that waits for a line and then says exit 5. You ask for its exit code before the start, while it runs, and when it is over.',
  question: 'Which ExitCode does the daemon give while it runs?',
  choices: Object.values(whileRunning),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const wanted = { command: ['sh', '-c', 'echo ready; read line; exit 5'], stdin: true }
    const before = await bench.inspectExec(await bench.createExec(wanted))
    const shell = await bench.runUntilReady(wanted)
    const running = await bench.inspectExec(shell.id)
    shell.send('\n')
    await shell.until(() => false)
    return { before, running, over: await bench.awaitExec(shell.id) }
  },
  answer({ running: { Running, ExitCode } }) {
    if (!Running) return whileRunning.blocks
    if (ExitCode === null) return whileRunning.null
    return ExitCode === 0 ? whileRunning.zero : undefined
  },
  evidence: ({ before, running, over }) => [
    `GET /exec/…/json before the start: ${statusText(before)}`,
    `GET /exec/…/json while it runs:    ${statusText(running)}`,
    `GET /exec/…/json when it is over:  ${statusText(over)}`,
  ],
  why: ({ running }) =>
    `The request tells what the note says now, and does not wait. ${running.ExitCode === null ? 'There is no code yet, so it is null. In a language in which a number cannot be null it becomes 0, which is success.' : 'This daemon has a 0 there from the beginning, which looks like success.'} So Running has to be read first; and Running false may also mean “not started yet”. The end of the stream is the sign that it makes sense to ask.`,
  report: {
    what: 'The exit code was read before the output had ended, and was 0 for a command that failed',
    url: 'https://github.com/testcontainers/testcontainers-go/pull/3766',
  },
  docker:
    'interactiveExec in cli/command/container/exec.go asks when the copy of the output is over, once. ExitCode is an int in Go, so a null would be a 0.',
}

/** What was seen of a client whose questions came too early, or in vain. */
type Session = {
  readonly questions: number
  readonly naive: number
  readonly exitCode: number
  readonly message: string
}

/** Runs `sh -c 'exit 5'` through the course on a daemon with a fault. */
async function sessionWith(lab: ExperimentLab, fault: string): Promise<Session> {
  const world = await lab.startPracticeDaemon(fault)
  const first = asked(world.container, { command: ['sh', '-c', 'exit 5'] })
  const seen = await watchSession({ stages: dockerExec.stages, watched: 7, first }, world)
  const { execId, exitCode, message } = finalStateOf(seen)
  const questions = requestsIn(seen).filter(({ path }) => path === `/exec/${execId}/json`).length
  return { questions, naive: await naiveCode(lab, fault), exitCode, message }
}

/** What a client makes of its only question that takes null for 0. */
async function naiveCode(lab: ExperimentLab, fault: string): Promise<number> {
  const bench = await openExecRunner(await lab.startPracticeDaemon(fault), lab.scope)
  const shell = await bench.runToEnd({ command: ['sh', '-c', 'exit 5'] })
  return (await bench.inspectExec(shell.id)).ExitCode ?? 0
}

function sessionLines({ questions, naive, exitCode, message }: Session): string[] {
  return [
    `a client that asks once and takes null for 0: exit code ${naive}`,
    `chapter 7: ${questions} questions, exit code ${exitCode}`,
    ...wrapText(message, evidenceWidth - 2).map((line) => `  ${line}`),
  ].filter((line) => line.trim() !== '')
}

const lateEnds = { zero: '0, a success', five: '5, as the command', error: '1, and a sentence' }

/** A code that comes after the end of the stream. */
export const lateExitCode: Experiment<Session> = {
  name: 'late-exit-code',
  chapter: 7,
  title: 'A stream that ends before the code is there',
  action:
    'You run sh -c ‘exit 5’ on a daemon that ends the stream first and writes down the code later: it answers two questions with Running true and ExitCode null.',
  question: 'A client asks once and takes null for 0. What does it exit with?',
  choices: Object.values(lateEnds),
  where: 'practice daemon',
  run: (lab) => sessionWith(lab, 'late-exit-code=2'),
  answer({ naive }) {
    return naive === 0 ? lateEnds.zero : naive === 5 ? lateEnds.five : lateEnds.error
  },
  evidence: sessionLines,
  why: () =>
    'The daemon closes the stream in one place and writes the code down in another, and nothing promises their order. On a healthy local daemon the first question was right 300 times of 300, so nobody notices; on a busy one a command that failed becomes a success. Running says which it is: while it is true the code is not there yet, and one asks again.',
  report: {
    what: 'ExitCode missing right behind the end of the stream',
    url: 'https://github.com/moby/moby/issues/45795',
  },
  docker:
    'getExecExitStatus in cli/command/container/exec.go asks once, and null is 0 to it. Chapter 7 asks up to ten times within half a second.',
}

const never = {
  zero: '0: no bad news',
  error: '1, and a sentence',
  hangs: 'it asks for ever',
}

/** A code that never comes. */
export const noExitCode: Experiment<Session> = {
  name: 'no-exit-code',
  chapter: 7,
  title: 'A command that is over, and no code',
  action:
    'You run sh -c ‘exit 5’ on a daemon that says Running false and ExitCode null, however often it is asked.',
  question: 'What does chapter 7 exit with?',
  choices: Object.values(never),
  where: 'practice daemon',
  run: (lab) => sessionWith(lab, 'no-exit-code'),
  answer({ exitCode }) {
    return exitCode === 0 ? never.zero : never.error
  },
  evidence: sessionLines,
  why: () =>
    'null is not 0: it says that nobody knows. A client has to choose, and there is only one choice that harms nobody. A script that stops for no reason is looked at; a script that goes on over a failure is found out much later. So it asks a few times, gives up, says what it knows, and does not exit with 0.',
  report: {
    what: 'execInspect failed on ExitCode null, and it was asked whose fault that is',
    url: 'https://github.com/spotify/docker-client/issues/679',
  },
  docker:
    'It exits with 0: the JSON is read into a struct whose ExitCode is an int (ExecInspect in moby’s client).',
}
