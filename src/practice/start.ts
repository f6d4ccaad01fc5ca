/**
 * `POST /exec/ID/start`: makes the process of an exec, and takes the connection for its streams.
 *
 * @module
 */

import { headerOf } from '../stream/http.ts'
import { type ExecOptions, type StartOptions, startOptions } from './body.ts'
import { runSession } from './copy-session.ts'
import type { Exec } from './execs.ts'
import { refuseIfFaulty } from './faults.ts'
import { type Output, openOutput } from './output.ts'
import { type Call, type Daemon, findExec, isAtLeast } from './practice-daemon.ts'
import { type Answer, head, identity, Refusal } from './response.ts'
import type { OutputStream, PracticeProcess } from './running-process.ts'

/** Answers a start. The connection is taken, unless the start asks for no streams. */
export async function start(call: Call): Promise<Answer | 'taken'> {
  const { daemon, reader, socket } = call
  const asked = startOptions(call.request)
  const exec = findExec(daemon, call.name)
  refuseIfFaulty(daemon.faults, 'start')
  if (daemon.faults.has('silent')) {
    reader.stop()
    socket.resume()
    return 'taken'
  }
  if (!asked.Detach) return startAttached(call, exec, asked)
  // Nobody will ever write to it or read from it.
  const alone = { AttachStdin: false, AttachStdout: false, AttachStderr: false }
  await begin(daemon, exec, { ...exec.options, ...alone })
  void settle(daemon, exec)
  return { status: 200 }
}

/**
 * From here on the connection is not HTTP any more. Whether the command can be started turns out
 * only after the 101, so a refusal is written where the output would be.
 */
async function startAttached(call: Call, exec: Exec, asked: StartOptions): Promise<'taken'> {
  const { daemon, reader, socket, apiVersion } = call
  reader.stop()
  const output = openOutput(socket, headOf(call, asked.Tty), !asked.Tty, daemon.faults)
  const size = asked.Tty && isAtLeast(apiVersion, '1.42') ? asked.ConsoleSize : undefined
  const ConsoleSize = size ?? exec.options.ConsoleSize
  try {
    const process = await begin(daemon, exec, { ...exec.options, ConsoleSize })
    await copyStreams(call, exec, process, asked.Tty, output)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    socket.resume()
    output.write(1, Buffer.from(`${error.message}\r\n`))
  }
  if (daemon.faults.has('gone-before-inspect')) daemon.hangUp()
  else await output.end()
  return 'taken'
}

/** The head of the answer, with which HTTP ends. */
function headOf({ daemon, request, apiVersion }: Call, Tty: boolean): string {
  const { faults, contentType } = daemon
  const isBehindProxy = faults.has('proxy-drops-upgrade')
  const upgrades =
    headerOf(request, 'Upgrade') !== '' && !faults.has('no-upgrade') && !isBehindProxy
  const isMultiplexed = upgrades && !Tty && isAtLeast(apiVersion, '1.42')
  const usual = `application/vnd.docker.${isMultiplexed ? 'multiplexed' : 'raw'}-stream`
  return head(upgrades ? 101 : 200, {
    'Content-Type': contentType ?? usual,
    ...(upgrades && { Connection: 'Upgrade', Upgrade: 'tcp' }),
    ...(isBehindProxy && { Via: '1.1 proxy', 'Transfer-Encoding': 'chunked' }),
    ...identity,
  })
}

async function copyStreams(
  { daemon, socket }: Call,
  exec: Exec,
  process: PracticeProcess,
  hasTty: boolean,
  output: Output,
): Promise<void> {
  const { AttachStdin, AttachStdout, Tty } = exec.options
  // In a terminal everything is stdout: a client that did not ask for that gets nothing, and a
  // start that speaks of a terminal makes no place for stderr.
  const takes = (stream: OutputStream): boolean => (stream === 1 ? !Tty || AttachStdout : !hasTty)
  const session = { stdin: AttachStdin, takes, tty: Tty, detachKeys: exec.detachKeys }
  const { end, exitCode } = await runSession(process, socket, output, session, daemon.faults)
  if (end === 'detached') {
    const message = 'exec attach failed: error on attach stdin: read escape sequence\r\n'
    output.write(1, Buffer.from(message))
  }
  finish(daemon, exec, exitCode)
  if (end === 'detached') void settle(daemon, exec)
}

/**
 * Makes the process of an exec.
 *
 * @param wanted - its options, and what the start changes in them
 * @throws a {@link Refusal} with the status that a detached start gets for it
 */
async function begin(
  { launch, events }: Daemon,
  exec: Exec,
  wanted: ExecOptions,
): Promise<PracticeProcess> {
  if (exec.wasStarted) {
    const state = exec.running ? 'is already running' : 'has already run'
    throw new Refusal(409, `exec command ${exec.id} ${state}`)
  }
  exec.wasStarted = true
  exec.running = true
  const [command, ...args] = exec.options.Cmd
  events.add(`exec_start: ${command} ${args.join(' ')}`, { execID: exec.id })
  const launched = await launch(wanted, exec.account).catch(({ message }: Error) => ({
    exitCode: 126,
    message: `OCI runtime exec failed: exec failed: ${message}`,
  }))
  if ('message' in launched) {
    exec.running = false
    exec.exitCode = launched.exitCode
    throw new Refusal(launched.exitCode === 128 ? 500 : 400, launched.message)
  }
  exec.process = launched
  exec.pid = launched.pid
  return launched
}

/** Waits for the end of a process that nobody is attached to. */
async function settle(daemon: Daemon, exec: Exec): Promise<void> {
  // Its output leads nowhere, and must not wait for a reader.
  exec.process?.resume()
  const exitCode = await exec.process?.exited
  if (exec.running && exitCode !== undefined) finish(daemon, exec, exitCode)
  exec.process?.release()
}

function finish({ events }: Daemon, exec: Exec, exitCode: number): void {
  exec.running = false
  exec.exitCode = exitCode
  events.add('exec_die', { execID: exec.id, exitCode: String(exitCode) })
}
