/**
 * Sessions that end without the command's exit code: the daemon is gone, or
 * the client got a signal.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { containerPath, readAnswer } from '../../../src/engine/answer.ts'
import {
  type ExecRunner,
  type ExecStatus,
  openExecRunner,
  statusText,
  waitBriefly,
} from '../../../src/exec/session.ts'
import { evidenceWidth } from '../../../src/experiments/evidence.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { watchSession } from '../../../src/judging/trial.ts'
import { nodeArguments } from '../../../src/process/node-arguments.ts'
import { wrapText } from '../../../src/text/width.ts'
import { asked } from '../../01-create/asked.ts'
import { dockerExec } from '../../index.ts'

/** How chapter 7 ended after its daemon was gone. */
type DaemonGone = { readonly exitCode: number; readonly message: string }

const goneCodes = {
  0: '0: all the output arrived',
  1: '1, as for any other error',
  255: '255, with a message',
}

/** The daemon stops right after the stream ends. */
export const goneBeforeInspect: Experiment<DaemonGone> = {
  name: 'gone-before-inspect',
  chapter: 7,
  title: 'A daemon that stops before the inspect',
  action:
    'You run true on a daemon that stops as soon as the stream has ended, before you can ask for the exit code.',
  question: 'What exit code does chapter 7 return?',
  choices: Object.values(goneCodes),
  where: 'practice daemon',
  async run(lab) {
    const world = await lab.startPracticeDaemon('gone-before-inspect')
    const first = asked(world.container, { command: ['true'] })
    const { finalState } = await watchSession(
      { stages: dockerExec.stages, watched: 7, first },
      world,
    )
    return { exitCode: Number(finalState?.exitCode), message: String(finalState?.message) }
  },
  answer: ({ exitCode }) => goneCodes[exitCode as keyof typeof goneCodes],
  evidence: ({ exitCode, message }) => [
    `exit code ${exitCode}`,
    ...wrapText(message, evidenceWidth - 2).map((line) => `  ${line}`),
  ],
  why: () =>
    'All the output arrived and true can’t fail, but the client doesn’t know that. The exit code was in the daemon’s memory, and the daemon is gone. Restarting it doesn’t help: it forgets its execs even if the containers keep running. So the client exits with a code of its own, 255. Commands should avoid that code.',
  report: {
    what: 'A daemon that stopped during a docker exec',
    url: 'https://github.com/moby/moby/issues/34978',
  },
  docker:
    'getExecExitStatus in cli/command/container/exec.go returns StatusCode -1, which your shell sees as 255, and prints nothing. Our client exits with the same code and says why.',
}

/** How the client ended after a signal, and what happened to the command. */
type Terminated = {
  readonly code: number | null
  readonly signal: string | null
  readonly stderr: string
  /** What the daemon says about the command afterwards. */
  readonly status: ExecStatus | undefined
}

const terminatedCode = {
  zero: '0, as if it had succeeded',
  signal: '143, and the command ends too',
  alone: '143, and the command keeps running',
}

/** Sends SIGTERM to the client. */
export const sigtermToClient: Experiment<Terminated> = {
  name: 'sigterm-to-client',
  chapter: 7,
  title: 'SIGTERM to the client',
  action:
    'You start npm run exec as a separate process, with a sleep as its command. Once the sleep runs, you send the client SIGTERM, as timeout 10 docker exec … does.',
  question: 'What exit code does our client return?',
  choices: Object.values(terminatedCode),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const before = await execsOf(runner, lab.container)
    const client = join(import.meta.dirname, '..', '..', 'commands', 'exec.ts')
    const command = ['sh', '-c', 'echo ready; exec sleep 1000000']
    const child = spawn(
      process.execPath,
      [...nodeArguments, '--', client, '-e', runner.marker, lab.container, ...command],
      {
        cwd: join(import.meta.dirname, '..', '..', '..'),
        env: { ...process.env, DOCKER_HOST: lab.address.host },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    lab.scope.hold('client', child, () => child.kill('SIGKILL'))
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    // It prints `ready`, unless it ends before that.
    await new Promise((resolve) => child.stdout.once('data', resolve).once('close', resolve))
    const after = await execsOf(runner, lab.container)
    const execId = after.find((id) => !before.includes(id))
    const ended = new Promise<[number | null, string | null]>((resolve) =>
      child.once('close', (...end) => resolve(end)),
    )
    child.kill('SIGTERM')
    const [code, signal] = await ended
    await waitBriefly()
    return {
      code,
      signal,
      stderr: stderr.trim(),
      status: execId ? await runner.inspectExec(execId) : undefined,
    }
  },
  answer({ code, status }) {
    if (code === 0) return terminatedCode.zero
    if (code !== 143 || !status) return undefined
    return status.Running ? terminatedCode.alone : terminatedCode.signal
  },
  evidence: ({ code, signal, stderr, status }) => [
    signal === null ? `exit code ${code}` : `ended by ${signal}`,
    ...wrapText(`stderr: ${stderr}`, evidenceWidth),
    `the command, a moment later: ${status ? statusText(status) : 'never started'}`,
  ],
  why: () =>
    'The signal goes to one process on your machine. The command is a different process, possibly on another machine, and the API has no request that sends a signal to an exec. So all the client can do is restore the terminal, say that the command may still be running, and exit with 128 + 15. If it exited 0 here, a script, a supervisor or timeout --preserve-status would think that the command had succeeded.',
  report: {
    what: 'A request from 2017 for a way to kill an exec',
    url: 'https://github.com/moby/moby/issues/35703',
  },
  docker:
    'docker 28.2 exits 0 and prints nothing while the command keeps running (RunExec in cli/command/container/exec.go stops when its context is cancelled). Our client differs here on purpose.',
}

/** The IDs of a container's execs, as the daemon lists them. */
async function execsOf({ engine }: ExecRunner, container: string): Promise<readonly string[]> {
  const reply = await engine.request('GET', `${containerPath(container)}/json`)
  return readAnswer<{ ExecIDs: readonly string[] | null }>(reply, engine).ExecIDs ?? []
}
