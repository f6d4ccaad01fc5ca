/**
 * A connection that breaks in the middle of the output.
 *
 * @module
 */

import { type ExecStatus, openExecRunner, statusText } from '../../../src/exec/session.ts'
import { evidenceWidth } from '../../../src/experiments/evidence.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { finalStateOf } from '../../../src/judging/recorded-events.ts'
import { watchSession } from '../../../src/judging/trial.ts'
import { bytesIn } from '../../../src/tape/event.ts'
import { wrapText } from '../../../src/text/width.ts'
import { asked } from '../../01-create/asked.ts'
import { dockerExec } from '../../index.ts'

/** The facts of a session whose connection was reset. */
type Broken = {
  readonly shown: string
  readonly exitCode: number
  readonly message: string
  readonly status: ExecStatus
}

const endsWith = {
  success: '0, as if it had succeeded',
  error: '1, with a message',
  gone: '255, as if the daemon were gone',
}

/** A connection reset in the middle of the output. */
export const reset: Experiment<Broken> = {
  name: 'reset',
  chapter: 5,
  title: 'A connection that breaks mid-output',
  action:
    'You run all seven chapters with -i, some input and sh -c ‘echo out; sleep 1000000’. The daemon drops the connection after the first output, while some of our input is still unread.',
  question:
    'The first output has arrived and the daemon is still up. What does this workbook’s client exit with?',
  choices: Object.values(endsWith),
  where: 'practice daemon',
  async run(lab) {
    const world = await lab.startPracticeDaemon('reset')
    const runner = await openExecRunner(world, lab.scope)
    const command = ['sh', '-c', 'echo out; sleep 1000000']
    const first = asked(world.container, { command, interactive: true, env: [runner.marker] })
    const terminal = { input: 'input\n', open: true }
    const seen = await watchSession(
      { stages: dockerExec.stages, watched: 5, first, terminal },
      world,
    )
    const { execId, exitCode, message } = finalStateOf(seen)
    const shown = bytesIn(seen.events, 'stdout').toString()
    return { shown, exitCode, message, status: await runner.inspectExec(execId) }
  },
  answer({ exitCode }) {
    if (exitCode === 0) return endsWith.success
    return exitCode === 255 ? endsWith.gone : endsWith.error
  },
  evidence: ({ shown, exitCode, message, status }) => [
    `shown: ${JSON.stringify(shown)}`,
    `the daemon, asked afterwards, says: ${statusText(status)}`,
    `exit code ${exitCode}:`,
    ...wrapText(message, evidenceWidth - 2).map((line) => `  ${line}`),
  ],
  why: () =>
    'A stream that ends looks the same whether the command exited or a proxy timed out. A reset looks different, but some systems hide even that. So we ask the daemon: if the command is still running, the output is incomplete. A client that takes the end of the stream for success tells your script that half a backup is a whole one.',
  report: {
    what: 'docker exec stopped early, or hung, while printing a long file',
    url: 'https://github.com/TritonDataCenter/sdc-docker/issues/105',
  },
  docker:
    'getExecExitStatus in cli/command/container/exec.go asks once and gets Running true and ExitCode null. It reads null as 0, so docker exits with 0. Our client differs on purpose: it says what happened and exits with 1.',
}
