/**
 * `POST /exec/ID/start`: starts an exec's process, and takes over the
 * connection for its streams.
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

/**
 * Handles a start. It takes over the connection, unless the start is
 * detached.
 */
export async function start(call: Call): Promise<Answer | 'taken'> {
  const { daemon, reader, socket } = call
  const requested = startOptions(call.request)
  const exec = findExec(daemon, call.name)
  refuseIfFaulty(daemon.faults, 'start')
  if (daemon.faults.has('silent')) {
    reader.stop()
    socket.resume()
    return 'taken'
  }
  if (!requested.Detach) return startAttached(call, exec, requested)
  // No client reads or writes its streams.
  const detached = { AttachStdin: false, AttachStdout: false, AttachStderr: false }
  await startProcess(daemon, exec, { ...exec.options, ...detached })
  void waitForExit(daemon, exec)
  return { status: 200 }
}

/**
 * From here on the connection no longer speaks HTTP. We learn only after the
 * 101 whether the command can run, so an error is written where its output
 * would be.
 */
async function startAttached(call: Call, exec: Exec, requested: StartOptions): Promise<'taken'> {
  const { daemon, reader, socket, apiVersion } = call
  reader.stop()
  const output = openOutput(
    socket,
    responseHead(call, requested.Tty),
    !requested.Tty,
    daemon.faults,
  )
  const size = requested.Tty && isAtLeast(apiVersion, '1.42') ? requested.ConsoleSize : undefined
  const ConsoleSize = size ?? exec.options.ConsoleSize
  try {
    const process = await startProcess(daemon, exec, { ...exec.options, ConsoleSize })
    await copyStreams(call, exec, process, requested.Tty, output)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    socket.resume()
    output.write(1, Buffer.from(`${error.message}\r\n`))
  }
  if (daemon.faults.has('gone-before-inspect')) daemon.closeConnections()
  else await output.end()
  return 'taken'
}

/**
 * Returns the head of the response, which is the last HTTP on this
 * connection.
 */
function responseHead({ daemon, request, apiVersion }: Call, Tty: boolean): string {
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
  // On a terminal all output is stdout, so a client that did not attach
  // stdout gets nothing. If the start asked for a terminal, there is no
  // stream for stderr.
  const wantsStream = (stream: OutputStream): boolean =>
    stream === 1 ? !Tty || AttachStdout : !hasTty
  const session = { stdin: AttachStdin, wantsStream, tty: Tty, detachKeys: exec.detachKeys }
  const { end, exitCode } = await runSession(process, socket, output, session, daemon.faults)
  if (end === 'detached') {
    const message = 'exec attach failed: error on attach stdin: read escape sequence\r\n'
    output.write(1, Buffer.from(message))
  }
  recordExit(daemon, exec, exitCode)
  if (end === 'detached') void waitForExit(daemon, exec)
}

/**
 * Starts the process of an exec.
 *
 * @param options - the exec's options, as changed by the start
 * @throws a {@link Refusal} with the status that a detached start returns
 */
async function startProcess(
  { launch, events }: Daemon,
  exec: Exec,
  options: ExecOptions,
): Promise<PracticeProcess> {
  if (exec.wasStarted) {
    const state = exec.running ? 'is already running' : 'has already run'
    throw new Refusal(409, `exec command ${exec.id} ${state}`)
  }
  exec.wasStarted = true
  exec.running = true
  const [command, ...args] = exec.options.Cmd
  events.add(`exec_start: ${command} ${args.join(' ')}`, { execID: exec.id })
  const launched = await launch(options, exec.account).catch(({ message }: Error) => ({
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

/** Waits for a process without a client to exit. */
async function waitForExit(daemon: Daemon, exec: Exec): Promise<void> {
  // Discard its output, or the process would block on a full pipe.
  exec.process?.resume()
  const exitCode = await exec.process?.exited
  if (exec.running && exitCode !== undefined) recordExit(daemon, exec, exitCode)
  exec.process?.release()
}

function recordExit({ events }: Daemon, exec: Exec, exitCode: number): void {
  exec.running = false
  exec.exitCode = exitCode
  events.add('exec_die', { execID: exec.id, exitCode: String(exitCode) })
}
