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

/** What was seen of a session that broke. */
type Broken = {
  readonly shown: string
  readonly exitCode: number
  readonly message: string
  readonly note: ExecStatus
}

const endsWith = {
  success: '0, as if all had gone well',
  error: '1, and a sentence',
  gone: '255, as for a daemon that is gone',
}

/** A reset in mid-stream. */
export const reset: Experiment<Broken> = {
  name: 'reset',
  chapter: 5,
  title: 'A connection that breaks in the middle',
  action:
    'You run the seven chapters with -i, some input and sh -c ‘echo out; sleep 1000000’ on a daemon that breaks the connection off behind the first output, with input of ours still unread.',
  question:
    'The output so far is there, and the daemon lives. What does this workbook’s client exit with?',
  choices: Object.values(endsWith),
  where: 'practice daemon',
  async run(lab) {
    const world = await lab.startPracticeDaemon('reset')
    const bench = await openExecRunner(world, lab.scope)
    const command = ['sh', '-c', 'echo out; sleep 1000000']
    const first = asked(world.container, { command, interactive: true, env: [bench.marker] })
    const terminal = { input: 'input\n', open: true }
    const seen = await watchSession(
      { stages: dockerExec.stages, watched: 5, first, terminal },
      world,
    )
    const { execId, exitCode, message } = finalStateOf(seen)
    const shown = bytesIn(seen.events, 'stdout').toString()
    return { shown, exitCode, message, note: await bench.inspectExec(execId) }
  },
  answer({ exitCode }) {
    if (exitCode === 0) return endsWith.success
    return exitCode === 255 ? endsWith.gone : endsWith.error
  },
  evidence: ({ shown, exitCode, message, note }) => [
    `shown: ${JSON.stringify(shown)}`,
    `the daemon, asked afterwards: ${statusText(note)}`,
    `exit code ${exitCode}:`,
    ...wrapText(message, evidenceWidth - 2).map((line) => `  ${line}`),
  ],
  why: () =>
    'The end of a stream looks the same whether the command is over, a proxy has lost patience, or a cable was pulled; a reset differs, and some systems hide even that. Only the daemon knows: a command that still runs means that the output is not all there. A client that takes the end of the stream for a success tells a script that half a backup is a backup.',
  report: {
    what: 'A docker exec that broke off, or hung, while it printed a long file',
    url: 'https://github.com/TritonDataCenter/sdc-docker/issues/105',
  },
  docker:
    'getExecExitStatus in cli/command/container/exec.go asks once, gets Running true and ExitCode null, reads null as 0, and docker exits with 0. Here ours differs on purpose, and says what happened.',
}
