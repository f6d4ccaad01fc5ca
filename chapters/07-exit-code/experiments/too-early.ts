/**
 * Asking for an exit code that is not available yet, or never will be.
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

/** What the daemon said about a command at three moments. */
type Asked = {
  readonly before: ExecStatus
  readonly running: ExecStatus
  readonly over: ExecStatus
}

const whileRunning = {
  null: 'null, with Running true',
  zero: '0, with Running true',
  blocks: 'none: the daemon answers only after the command ends',
}

/** Asks for the exit code too early. */
export const askedTooEarly: Experiment<Asked> = {
  name: 'asked-too-early',
  chapter: 7,
  title: 'Asking for the exit code too early',
  action:
    'You create an exec that waits for a line and then runs exit 5. You ask for its exit code before the start, while it runs, and after it ends.',
  question: 'Which ExitCode does the daemon return while the command runs?',
  choices: Object.values(whileRunning),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const options = { command: ['sh', '-c', 'echo ready; read line; exit 5'], stdin: true }
    const before = await runner.inspectExec(await runner.createExec(options))
    const shell = await runner.runUntilReady(options)
    const running = await runner.inspectExec(shell.id)
    shell.send('\n')
    await shell.until(() => false)
    return { before, running, over: await runner.awaitExec(shell.id) }
  },
  answer({ running: { Running, ExitCode } }) {
    if (!Running) return whileRunning.blocks
    if (ExitCode === null) return whileRunning.null
    return ExitCode === 0 ? whileRunning.zero : undefined
  },
  evidence: ({ before, running, over }) => [
    `GET /exec/…/json before the start: ${statusText(before)}`,
    `GET /exec/…/json while it runs:    ${statusText(running)}`,
    `GET /exec/…/json after it ends:    ${statusText(over)}`,
  ],
  why: ({ running }) =>
    `The daemon returns what it knows now and doesn’t wait for the command. ${running.ExitCode === null ? 'There is no code yet, so it is null. In a language whose numbers can’t be null, that becomes 0, which means success.' : 'This daemon puts a 0 there from the start, which looks like success.'} So read Running first. But Running false can also mean “not started yet”: it only makes sense to ask after the stream has ended.`,
  report: {
    what: 'A client read the exit code before the output ended, and got 0 for a command that failed',
    url: 'https://github.com/testcontainers/testcontainers-go/pull/3766',
  },
  docker:
    'interactiveExec in cli/command/container/exec.go asks once, after it has copied all output. ExitCode is an int in Go, so null becomes 0.',
}

/** Two clients that ask for a code that comes late, or never. */
type Session = {
  /** How many requests for the code chapter 7 sent. */
  readonly questions: number
  /** The exit code of a client that asks once. */
  readonly naive: number
  readonly exitCode: number
  readonly message: string
}

/** Runs `sh -c 'exit 5'` through all chapters on a daemon with a fault. */
async function runWithFault(lab: ExperimentLab, fault: string): Promise<Session> {
  const world = await lab.startPracticeDaemon(fault)
  const first = asked(world.container, { command: ['sh', '-c', 'exit 5'] })
  const seen = await watchSession({ stages: dockerExec.stages, watched: 7, first }, world)
  const { execId, exitCode, message } = finalStateOf(seen)
  const questions = requestsIn(seen).filter(({ path }) => path === `/exec/${execId}/json`).length
  return { questions, naive: await naiveCode(lab, fault), exitCode, message }
}

/** The exit code of a client that asks once and takes null for 0. */
async function naiveCode(lab: ExperimentLab, fault: string): Promise<number> {
  const runner = await openExecRunner(await lab.startPracticeDaemon(fault), lab.scope)
  const shell = await runner.runToEnd({ command: ['sh', '-c', 'exit 5'] })
  return (await runner.inspectExec(shell.id)).ExitCode ?? 0
}

function sessionLines({ questions, naive, exitCode, message }: Session): string[] {
  return [
    `a client that asks once and takes null for 0: exit code ${naive}`,
    `chapter 7: asked ${questions} times, exit code ${exitCode}`,
    ...wrapText(message, evidenceWidth - 2).map((line) => `  ${line}`),
  ].filter((line) => line.trim() !== '')
}

const lateEnds = {
  zero: '0, as if it had succeeded',
  five: '5, like the command',
  error: '1, with a message',
}

/** The code comes after the end of the stream. */
export const lateExitCode: Experiment<Session> = {
  name: 'late-exit-code',
  chapter: 7,
  title: 'A stream that ends before the code is known',
  action:
    'You run sh -c ‘exit 5’ on a daemon that ends the stream first and stores the code later. It answers the first two requests for the code with Running true and ExitCode null.',
  question: 'A client asks once, as docker does. What is its exit code?',
  choices: Object.values(lateEnds),
  where: 'practice daemon',
  run: (lab) => runWithFault(lab, 'late-exit-code=2'),
  answer({ naive }) {
    return naive === 0 ? lateEnds.zero : naive === 5 ? lateEnds.five : lateEnds.error
  },
  evidence: sessionLines,
  why: () =>
    'null becomes 0, as in docker. Ending the stream and storing the code are two steps, and the API doesn’t promise their order. dockerd 20.10 and 28.5 store the code first, so there a client that asks once is right. On a daemon that ends the stream first, it can report success for a command that failed. So look at Running: while it is true, the code isn’t there yet, and you have to ask again. When it is false, still check for null.',
  report: {
    what: 'Another daemon with Docker’s API ended the stream first, and docker exec sometimes exited with 0 instead of 42',
    url: 'https://github.com/socktainer/socktainer/pull/305',
  },
  docker:
    'getExecExitStatus in cli/command/container/exec.go asks once and reads null as 0. Chapter 7 asks up to ten times within half a second.',
}

const never = {
  zero: '0: nothing went wrong',
  error: '1, with a message',
  hangs: 'it never exits: it keeps asking',
}

/** The code never comes. */
export const noExitCode: Experiment<Session> = {
  name: 'no-exit-code',
  chapter: 7,
  title: 'A command that ends without a code',
  action:
    'You run sh -c ‘exit 5’ on a daemon that answers every request with Running false and ExitCode null.',
  question: 'What exit code does chapter 7 return?',
  choices: Object.values(never),
  where: 'practice daemon',
  run: (lab) => runWithFault(lab, 'no-exit-code'),
  answer({ exitCode }) {
    return exitCode === 0 ? never.zero : never.error
  },
  evidence: sessionLines,
  why: () =>
    'null isn’t 0. It means that the code is unknown. The client has to return some code, and a false failure does less harm than a false success: you look into a script that stops for no reason, but you may find out much later that one went on after a failure. So chapter 7 asks a few times, gives up, says what it knows and doesn’t exit 0.',
  report: {
    what: 'execInspect failed on ExitCode null, and the report asks which side is at fault',
    url: 'https://github.com/spotify/docker-client/issues/679',
  },
  docker:
    'docker exits 0. It decodes the JSON into a struct whose ExitCode is an int (ExecInspect in moby’s api/types/container).',
}
