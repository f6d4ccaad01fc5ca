/**
 * Sessions for experiments: execs that are started through the API, read byte
 * by byte, and killed when the scope is released.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Scope } from '../course/scope.ts'
import type { Reply } from '../engine/answer.ts'
import type { Engine } from '../engine/engine.ts'
import { readSocket } from '../engine/socket.ts'
import { createDemultiplexer, headerLength } from '../stream/frames.ts'
import {
  allStreams,
  awaitExec,
  createExec,
  type ExecState,
  inspectExec,
  openExec,
  outputOnly,
  plainStart,
} from './exec.ts'
import type { ExecPlace } from './exec-place.ts'

/** What to run. */
export type ExecOptions = {
  readonly command: readonly string[]
  readonly tty?: boolean
  readonly stdin?: boolean
  /** Sent with the create and the start. */
  readonly size?: readonly [height: number, width: number]
}

/** What the daemon reports about an exec. */
export type ExecStatus = Pick<ExecState, 'Running' | 'ExitCode'>

/** Runs execs in one container. */
export type ExecRunner = {
  readonly engine: Engine
  /**
   * In the environment of every process that runs here, to find and kill
   * them.
   */
  readonly marker: string
  /** Creates an exec and returns its ID. */
  readonly createExec: (options: ExecOptions) => Promise<string>
  /** Starts an exec and hijacks the connection. Nothing has been read yet. */
  readonly startExec: (id: string, options: ExecOptions) => Promise<Socket>
  /** Creates and starts an exec, and keeps reading its output. */
  readonly runExec: (options: ExecOptions) => Promise<Stream>
  /**
   * The same, and waits until the stream ends or the time limit is reached.
   */
  readonly runToEnd: (options: ExecOptions) => Promise<Stream>
  /** The same, and waits until the command writes `ready`. */
  readonly runUntilReady: (options: ExecOptions) => Promise<Stream>
  /** Sends a resize. */
  readonly resize: (id: string, height: number, width: number) => Promise<Reply>
  /** What the daemon reports now. */
  readonly inspectExec: (id: string) => Promise<ExecStatus>
  /**
   * What the daemon reports once the exec has ended, or at the time limit.
   */
  readonly awaitExec: (id: string) => Promise<ExecStatus>
  /** Kills everything that runs here. */
  readonly endAll: () => Promise<void>
}

/** A hijacked connection that is being read. */
export type Stream = {
  readonly id: string
  readonly socket: Socket
  /** The bytes received, one buffer per read. */
  readonly reads: readonly Buffer[]
  /** All bytes received, including frame headers. */
  readonly bytes: () => Buffer
  /** The output as text, without frame headers. */
  readonly text: () => string
  /** Whether the daemon closed its half, or the connection is gone. */
  readonly hasEnded: () => boolean
  /** Sends bytes to the command. */
  readonly send: (bytes: string | Uint8Array) => void
  /**
   * Waits until the condition holds, or the stream ends.
   *
   * @returns whether the condition held within the time limit
   */
  readonly until: (condition: (stream: Stream) => boolean) => Promise<boolean>
}

/** How long to wait for something that should not happen, in milliseconds. */
export const shortDelay = 600

/** Waits long enough for something unexpected to show up. */
export function waitBriefly(): Promise<void> {
  return wait(shortDelay)
}

/**
 * Opens a runner. Releasing the scope kills its execs and closes its
 * connections.
 */
export async function openExecRunner(place: ExecPlace, scope: Scope): Promise<ExecRunner> {
  const engine = await place.connect()
  scope.hold('engine', engine, engine.close)
  const marker = `WORKBOOK_BENCH=${randomBytes(8).toString('hex')}`

  function create({ command, tty = false, stdin = false, size }: ExecOptions): Promise<string> {
    return createExec(place, {
      ...(stdin ? allStreams : outputOnly),
      Tty: tty,
      Env: [marker],
      Cmd: command,
      ...(size && { ConsoleSize: size }),
    })
  }

  async function start(id: string, { tty = false, size }: ExecOptions): Promise<Socket> {
    const body = { Detach: false, Tty: tty, ...(size && { ConsoleSize: size }) }
    const socket = await openExec(place, engine.apiVersion, id, body)
    scope.hold('session', socket, () => socket.destroy())
    return socket
  }

  async function run(options: ExecOptions): Promise<Stream> {
    const id = await create(options)
    return watch(id, await start(id, options), options.tty ?? false, place.limit)
  }

  const runner: ExecRunner = {
    engine,
    marker,
    createExec: create,
    startExec: start,
    runExec: run,
    async runToEnd(options) {
      const stream = await run(options)
      await stream.until(() => false)
      return stream
    },
    async runUntilReady(options) {
      const stream = await run(options)
      await stream.until(({ text }) => text().includes('ready'))
      return stream
    },
    resize: (id, height, width) =>
      engine.request('POST', `/exec/${id}/resize?h=${height}&w=${width}`),
    inspectExec: async (id) => statusOf(await inspectExec(place, id)),
    awaitExec: async (id) => statusOf(await awaitExec(place, id)),
    endAll: () => endMarked(engine, marker, place),
  }
  scope.hold('what runs in the container', runner, runner.endAll)
  return runner
}

/**
 * Kills every process with our marker in its environment. The API has no
 * request for that, so another exec looks for them. On a practice daemon
 * under macOS, which has no `/proc`, they end with their daemon.
 */
async function endMarked(engine: Engine, marker: string, place: ExecPlace): Promise<void> {
  const kill =
    'cd /proc && grep -ls "$0" [0-9]*/environ | while IFS=/ read -r id file; do kill -9 $id; done'
  const body = { ...outputOnly, Cmd: ['sh', '-c', kill, marker] }
  // If the daemon is gone, there is nothing to kill.
  const id = await createExec(place, body).catch(() => undefined)
  if (id === undefined) return
  const socket = await openExec(place, engine.apiVersion, id, plainStart).catch(() => undefined)
  if (!socket) return
  await watch(id, socket, false, place.limit).until(() => false)
  socket.destroy()
}

/** Reads a connection to its end and keeps every byte. */
export function watch(id: string, socket: Socket, tty: boolean, limit: number): Stream {
  const reads: Buffer[] = []
  const watchers = new Set<() => void>()
  let hasEnded = false
  const look = (): void => {
    for (const watcher of [...watchers]) watcher()
  }
  const bytes = (): Buffer => Buffer.concat(reads)
  const stream: Stream = {
    id,
    socket,
    reads,
    bytes,
    text: () => (tty ? bytes().toString() : payloadText(bytes())),
    hasEnded: () => hasEnded,
    send: (chunk) => void socket.write(chunk),
    until: (condition) =>
      new Promise((resolve) => {
        const settle = (seen: boolean): void => {
          clearTimeout(late)
          watchers.delete(watcher)
          resolve(seen)
        }
        const watcher = (): void => {
          if (condition(stream)) settle(true)
          else if (hasEnded) settle(false)
        }
        const late = setTimeout(settle, limit, false)
        watchers.add(watcher)
        watcher()
      }),
  }
  void readSocket(socket, (chunk) => {
    // A copy, because the next read reuses the memory.
    reads.push(Buffer.from(chunk))
    look()
    return true
  }).then(() => {
    hasEnded = true
    look()
  })
  return stream
}

/** The payloads of both streams as text, up to the first invalid frame. */
export function payloadText(bytes: Uint8Array): string {
  const payloads: Uint8Array[] = []
  try {
    createDemultiplexer((_, payload) => payloads.push(payload))(bytes)
  } catch {
    // Keep what came before the invalid frame.
  }
  return Buffer.concat(payloads).toString()
}

/** A frame, as its header describes it. */
export type Frame = { readonly stream: number; readonly length: number }

/** The frames in these bytes, including a truncated last one. */
export function framesIn(bytes: Buffer): Frame[] {
  const frames: Frame[] = []
  for (let at = 0; at + headerLength <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4)
    frames.push({ stream: bytes[at] ?? 0, length })
    at += headerLength + length
  }
  return frames
}

function statusOf({ Running, ExitCode }: ExecState): ExecStatus {
  return { Running, ExitCode }
}

/** `Running true, ExitCode null`. */
export function statusText({ Running, ExitCode }: ExecStatus): string {
  return `Running ${Running}, ExitCode ${ExitCode}`
}
