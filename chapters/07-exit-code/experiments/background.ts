/**
 * Commands in the background: one started with -d, and a child that outlives
 * its parent.
 *
 * @module
 */

import { type ExecStatus, openExecRunner, statusText } from '../../../src/exec/session.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { finalStateOf, requestsIn } from '../../../src/judging/recorded-events.ts'
import { watchSession } from '../../../src/judging/trial.ts'
import { asked } from '../../01-create/asked.ts'
import { dockerExec } from '../../index.ts'

/** A command that was started with `-d`. */
type InBackground = {
  readonly exitCode: number
  readonly requests: readonly string[]
  /** What the daemon says about the exec after the command ended. */
  readonly status: ExecStatus
}

const detachedCode = {
  zero: '0, at once',
  five: '5, at once',
  waits: '5, after the command ends',
}

/** A command that fails after `-d`. */
export const detachedFailure: Experiment<InBackground> = {
  name: 'detached-failure',
  chapter: 7,
  title: 'A command that fails in the background',
  action:
    'You run sh -c ‘exit 5’ with -d through the chapters, then ask the daemon for the exit code.',
  question: 'What exit code does the client return?',
  choices: Object.values(detachedCode),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const first = asked(lab.container, { command: ['sh', '-c', 'exit 5'], detach: true })
    const seen = await watchSession({ stages: dockerExec.stages, watched: 1, first }, lab)
    const { execId, exitCode } = finalStateOf(seen)
    const requests = requestsIn(seen).map(
      ({ method, path }) => `${method} /${path.split('/').at(-1)}`,
    )
    lab.progress('Asking the daemon until the command has ended.')
    return { exitCode, requests, status: await runner.awaitExec(execId) }
  },
  answer({ exitCode, requests }) {
    if (exitCode === 0) return detachedCode.zero
    return requests.length > 3 ? detachedCode.waits : detachedCode.five
  },
  evidence: ({ exitCode, requests, status }) => [
    `requests: ${requests.join(', ')}`,
    `the client: exit code ${exitCode}`,
    `the daemon, asked later with the exec ID: ${statusText(status)}`,
  ],
  why: ({ status }) =>
    `With -d, the client exits when the start is answered. Its 0 only means that the daemon started the command. ${status.ExitCode === 5 ? 'The daemon stores the command’s exit code as usual, and any client with the exec ID can ask for it.' : 'A Docker daemon stores the command’s exit code as usual. This one doesn’t notice the end of a command without an attached client.'} docker exec -d doesn’t print the ID, so in a shell you can’t ask for the code.`,
  report: {
    what: 'No way to get the exit code of a detached exec, because the library drops the ID',
    url: 'https://github.com/docker/docker-py/pull/3295',
  },
  docker:
    'RunExec in cli/command/container/exec.go returns once ContainerExecStart is answered, and drops the ID.',
}

/** The output, and what the daemon says about the exec after the stream. */
type Ended = { readonly shown: string; readonly status: ExecStatus }

/** A child that holds the shell's stdout open, and one that does not. */
type Background = { readonly holding: Ended; readonly redirected: Ended }

const childOutput = {
  whole: 'hi and late: the stream waits for the child',
  lost: 'hi: the stream ends before the child, and late is lost',
  nothing: 'nothing',
}

/** Seconds until the child writes: longer than any daemon waits for it. */
const childWaits = 5

/** A background child that keeps stdout open. */
export const backgroundChild: Experiment<Background> = {
  name: 'background-child',
  chapter: 7,
  title: 'A background child that holds stdout open',
  action: `You run sh -c ‘(sleep ${childWaits}; echo late) & echo hi’: the shell exits at once, and its child still has the same stdout. Then you run it again with >/dev/null 2>&1 for the child.`,
  question: 'What arrives before the stream ends?',
  choices: Object.values(childOutput),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    lab.progress('Waiting for the child to write.')
    const run = async (child: string): Promise<Ended> => {
      const shell = await runner.runToEnd({ command: ['sh', '-c', `${child} & echo hi`] })
      return { shown: shell.text(), status: await runner.awaitExec(shell.id) }
    }
    const redirected = await run(`(sleep ${childWaits}; echo late) >/dev/null 2>&1`)
    return { holding: await run(`(sleep ${childWaits}; echo late)`), redirected }
  },
  answer({ holding: { shown } }) {
    if (shown === '') return childOutput.nothing
    return shown.includes('late') ? childOutput.whole : childOutput.lost
  },
  evidence: ({ holding, redirected }) => [
    'the child writes to the shell’s stdout:',
    `  ← ${JSON.stringify(holding.shown)}, then EOF; ${statusText(holding.status)}`,
    'the child writes to /dev/null:',
    `  ← ${JSON.stringify(redirected.shown)}, then EOF; ${statusText(redirected.status)}`,
  ],
  why: ({ holding }) =>
    `A pipe reaches EOF when the last process that can write to it has closed it, and a child inherits its parent’s stdout. The shell has exited and has its exit code, but the pipe is still open. ${holding.shown.includes('late') ? 'This daemon waits for EOF, so a server that you start with & makes docker exec hang for as long as it runs.' : 'This daemon waits a short time and then drops whatever the child writes. Older daemons waited forever.'} If you start a process in the background, redirect its stdout and stderr, or use -d.`,
  report: {
    what: 'docker exec hangs on exit while a process holds stdout open; open since 2017',
    url: 'https://github.com/moby/moby/issues/33039',
  },
  docker:
    'docker waits for the end of the stream (interactiveExec in cli/command/container/exec.go). The daemon and containerd decide when that is.',
}
