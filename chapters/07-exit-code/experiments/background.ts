/**
 * Commands in the background: one that nobody waits for, and one that its parent has left behind.
 *
 * @module
 */

import { type ExecStatus, openExecRunner, statusText } from '../../../src/exec/session.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { finalStateOf, requestsIn } from '../../../src/judging/recorded-events.ts'
import { watchSession } from '../../../src/judging/trial.ts'
import { asked } from '../../01-create/asked.ts'
import { dockerExec } from '../../index.ts'

/** What was seen of a command that was started in the background. */
type InBackground = {
  readonly exitCode: number
  readonly requests: readonly string[]
  readonly note: ExecStatus
}

const detachedCode = {
  zero: '0, at once',
  five: '5, at once',
  waits: '5, when the command is over',
}

/** `-d`, and a command that fails. */
export const detachedFailure: Experiment<InBackground> = {
  name: 'detached-failure',
  chapter: 7,
  title: 'A command that fails in the background',
  action:
    'You run sh -c ‘exit 5’ with -d through the chapters, and then ask the daemon how it ended.',
  question: 'What does the client exit with?',
  choices: Object.values(detachedCode),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const first = asked(lab.container, { command: ['sh', '-c', 'exit 5'], detach: true })
    const seen = await watchSession({ stages: dockerExec.stages, watched: 1, first }, lab)
    const { execId, exitCode } = finalStateOf(seen)
    const requests = requestsIn(seen).map(
      ({ method, path }) => `${method} /${path.split('/').at(-1)}`,
    )
    lab.progress('Asking until the daemon says that it is over.')
    return { exitCode, requests, note: await bench.awaitExec(execId) }
  },
  answer({ exitCode, requests }) {
    if (exitCode === 0) return detachedCode.zero
    return requests.length > 3 ? detachedCode.waits : detachedCode.five
  },
  evidence: ({ exitCode, requests, note }) => [
    `requests: ${requests.join(', ')}`,
    `the client: exit code ${exitCode}`,
    `the daemon, asked later by the exec ID: ${statusText(note)}`,
  ],
  why: ({ note }) =>
    `With -d the answer to the start is the end: the daemon has started something, and that is all that the 0 says. ${note.ExitCode === 5 ? 'The code is written into the note as ever, and whoever has the exec ID can ask.' : 'A Docker daemon writes the code into the note as ever; this one does not notice the end of what nobody is attached to.'} docker exec -d does not print the ID, so from a shell nobody can ask.`,
  report: {
    what: 'No way to the exit code of a detached exec, because the ID is lost in the library',
    url: 'https://github.com/docker/docker-py/pull/3295',
  },
  docker:
    'RunExec in cli/command/container/exec.go returns with the answer to ContainerExecStart and throws the ID away.',
}

/** What was seen of a child that holds stdout open. */
type Background = {
  readonly holding: { readonly shown: string; readonly note: ExecStatus }
  readonly redirected: { readonly shown: string; readonly note: ExecStatus }
}

const childOutput = {
  whole: 'hi and late: the stream waits for the child',
  lost: 'hi: the stream ends without the child, and late is lost',
  nothing: 'nothing',
}

/** How long the child waits before it writes, in seconds: longer than any daemon waits for it. */
const childWaits = 5

/** A background process that keeps stdout open. */
export const backgroundChild: Experiment<Background> = {
  name: 'background-child',
  chapter: 7,
  title: 'A child in the background that holds stdout open',
  action: `You run sh -c ‘(sleep ${childWaits}; echo late) & echo hi’: the shell is over at once, and its child has the same stdout. Then once more with >/dev/null 2>&1 for the child.`,
  question: 'What does the stream bring before it ends?',
  choices: Object.values(childOutput),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    lab.progress('Waiting for a child that writes late.')
    const run = async (child: string): Promise<Background['holding']> => {
      const shell = await bench.runToEnd({ command: ['sh', '-c', `${child} & echo hi`] })
      return { shown: shell.text(), note: await bench.awaitExec(shell.id) }
    }
    const redirected = await run(`(sleep ${childWaits}; echo late) >/dev/null 2>&1`)
    return { holding: await run(`(sleep ${childWaits}; echo late)`), redirected }
  },
  answer({ holding: { shown } }) {
    if (shown === '') return childOutput.nothing
    return shown.includes('late') ? childOutput.whole : childOutput.lost
  },
  evidence: ({ holding, redirected }) => [
    'the child has the shell’s stdout:',
    `  ← ${JSON.stringify(holding.shown)}, and the end; ${statusText(holding.note)}`,
    'the child writes to /dev/null:',
    `  ← ${JSON.stringify(redirected.shown)}, and the end; ${statusText(redirected.note)}`,
  ],
  why: ({ holding }) =>
    `A pipe ends when the last one has closed it, and a child has its parent’s stdout. The shell is over and has its exit code, but the pipe is open. ${holding.shown.includes('late') ? 'This daemon waits for the end of the pipe, so a daemon that was started with & keeps docker exec hanging for as long as it lives.' : 'This daemon waits for a short time and then drops what the child will write. Older ones waited for ever.'} Whoever starts something in the background gives it another stdout and stderr, or uses -d.`,
  report: {
    what: 'docker exec that hangs on exit while something holds stdout open; open since 2017',
    url: 'https://github.com/moby/moby/issues/33039',
  },
  docker:
    'It waits for the end of the stream (interactiveExec in cli/command/container/exec.go). When that comes is up to the daemon and containerd.',
}
