/**
 * Ends without a code of the command's own: with a daemon that is gone, and by a signal to the client.
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
import { wrapText } from '../../../src/text/width.ts'
import { asked } from '../../01-create/asked.ts'
import { dockerExec } from '../../index.ts'

/** What was seen of a session whose daemon went away. */
type DaemonGone = { readonly exitCode: number; readonly message: string }

const goneCodes = {
  0: '0: the output was all there',
  1: '1, as for any other error',
  255: '255, and a sentence',
}

/** A daemon that goes away behind the stream. */
export const goneBeforeInspect: Experiment<DaemonGone> = {
  name: 'gone-before-inspect',
  chapter: 7,
  title: 'A daemon that is gone when it is asked',
  action:
    'You run true on a daemon that ends the stream and goes away at once, before anybody can ask for the exit code.',
  question: 'What does chapter 7 exit with?',
  choices: Object.values(goneCodes),
  where: 'practice daemon',
  async run(lab) {
    const world = await lab.startPracticeDaemon('gone-before-inspect')
    const first = asked(world.container, { command: ['true'] })
    const { finalState: last } = await watchSession(
      { stages: dockerExec.stages, watched: 7, first },
      world,
    )
    return { exitCode: Number(last?.exitCode), message: String(last?.message) }
  },
  answer: ({ exitCode }) => goneCodes[exitCode as keyof typeof goneCodes],
  evidence: ({ exitCode, message }) => [
    `exit code ${exitCode}`,
    ...wrapText(message, evidenceWidth - 2).map((line) => `  ${line}`),
  ],
  why: () =>
    'The output was all there, and true cannot fail, but the client does not know that: the code is in a note of the daemon’s, and the daemon has taken it along. A daemon that is restarted with live containers forgets its execs for good. So the code is the client’s own, 255, and no command should use it for itself.',
  report: {
    what: 'A daemon that went away under a docker exec',
    url: 'https://github.com/moby/moby/issues/34978',
  },
  docker:
    'getExecExitStatus in cli/command/container/exec.go makes StatusCode -1 of it, which is 255 to a shell, and says nothing. Ours has the same code and says why.',
}

/** What was seen of a client that got a signal. */
type Terminated = {
  readonly code: number | null
  readonly signal: string | null
  readonly stderr: string
  /** What the daemon says about the command afterwards. */
  readonly note: ExecStatus | undefined
}

const terminatedCode = {
  zero: '0, as if all had gone well',
  signal: '143, and the command has ended too',
  alone: '143, and the command runs on',
}

/** SIGTERM to the client. */
export const sigtermToClient: Experiment<Terminated> = {
  name: 'sigterm-to-client',
  chapter: 7,
  title: 'SIGTERM to the client',
  action:
    'You start npm run exec with a sleep in the container, as a program of its own, wait until the sleep is there, and send the client SIGTERM, as timeout 10 docker exec … does.',
  question: 'What does this workbook’s client exit with?',
  choices: Object.values(terminatedCode),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const before = await execsOf(bench, lab.container)
    const client = join(import.meta.dirname, '..', '..', 'commands', 'exec.ts')
    const command = ['sh', '-c', 'echo ready; exec sleep 1000000']
    const child = spawn(
      process.execPath,
      ['-r', 'tsx/cjs', '--', client, '-e', bench.marker, lab.container, ...command],
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
    // It says `ready`, or it has ended and will not.
    await new Promise((resolve) => child.stdout.once('data', resolve).once('close', resolve))
    const after = await execsOf(bench, lab.container)
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
      note: execId ? await bench.inspectExec(execId) : undefined,
    }
  },
  answer({ code, note }) {
    if (code === 0) return terminatedCode.zero
    if (code !== 143 || !note) return undefined
    return note.Running ? terminatedCode.alone : terminatedCode.signal
  },
  evidence: ({ code, signal, stderr, note }) => [
    signal === null ? `exit code ${code}` : `ended by ${signal}`,
    ...wrapText(`stderr: ${stderr}`, evidenceWidth),
    `the command, a moment later: ${note ? statusText(note) : 'it was never there'}`,
  ],
  why: () =>
    'A signal goes to one process on this machine, and the command is another one, in a container that may be on another machine. There is no request that passes a signal on to an exec. So the client can only give the terminal back, say that the command may still run, and end with 128 + 15. A client that ends with 0 here lets whoever waits for it believe that the command had succeeded: a script, a supervisor, timeout --preserve-status.',
  report: {
    what: 'A way to kill what an exec has started; a wish since 2017',
    url: 'https://github.com/moby/moby/issues/35703',
  },
  docker:
    'docker 28.2 ends with 0 and says nothing, with the command still running (RunExec in cli/command/container/exec.go stops when its context is cancelled). Here ours differs on purpose.',
}

/** The IDs of the execs that the daemon keeps for a container. */
async function execsOf({ engine }: ExecRunner, container: string): Promise<readonly string[]> {
  const reply = await engine.request('GET', `${containerPath(container)}/json`)
  return readAnswer<{ ExecIDs: readonly string[] | null }>(reply, engine).ExecIDs ?? []
}
