/**
 * Sessions: execs that are started through the API, read byte by byte, and ended with the scope,
 * whatever they were doing.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Scope } from '../course/scope.ts'
import { containerPath } from '../engine/answer.ts'
import type { Engine, Reply } from '../engine/engine.ts'
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

/** What is to be run. */
export type ExecOptions = {
  readonly command: readonly string[]
  readonly tty?: boolean
  readonly stdin?: boolean
  /** Height and width, sent with the create and the start. */
  readonly size?: readonly [height: number, width: number]
}

/** What the daemon has noted about an exec. */
export type ExecStatus = Pick<ExecState, 'Running' | 'ExitCode'>

/** A place to run execs in. */
export type ExecRunner = {
  readonly engine: Engine
  /** In the environment of everything that runs here, so that it can be found and ended. */
  readonly marker: string
  /** Has an exec written down, and gives its ID. */
  readonly createExec: (wanted: ExecOptions) => Promise<string>
  /** Starts it and takes the connection. Nothing is read yet. */
  readonly startExec: (id: string, wanted: ExecOptions) => Promise<Socket>
  /** Creates, starts and reads. */
  readonly runExec: (wanted: ExecOptions) => Promise<Stream>
  /** Creates, starts, and reads until the stream ends or the time limit is reached. */
  readonly runToEnd: (wanted: ExecOptions) => Promise<Stream>
  /** Creates, starts, and reads until the command writes `ready`. */
  readonly runUntilReady: (wanted: ExecOptions) => Promise<Stream>
  /** Asks for the size of its terminal to be changed. */
  readonly resize: (id: string, height: number, width: number) => Promise<Reply>
  /** What the daemon says about it now. */
  readonly inspectExec: (id: string) => Promise<ExecStatus>
  /** What the daemon says when it is over, or at the time limit. */
  readonly awaitExec: (id: string) => Promise<ExecStatus>
  /** Kills all that runs here. */
  readonly endAll: () => Promise<void>
}

/** A hijacked connection that is being read. */
export type Stream = {
  readonly id: string
  readonly socket: Socket
  /** What came, one buffer for each read. */
  readonly reads: readonly Buffer[]
  /** All bytes that came, frames and all. */
  readonly bytes: () => Buffer
  /** The output as text, without the frames. */
  readonly text: () => string
  /** Whether the daemon has ended its side, or the connection is gone. */
  readonly hasEnded: () => boolean
  /** Sends bytes to the command. */
  readonly send: (bytes: string | Uint8Array) => void
  /**
   * Waits until what came satisfies the condition, or the stream ends.
   *
   * @returns whether it came to that within the time limit
   */
  readonly until: (condition: (stream: Stream) => boolean) => Promise<boolean>
}

/** For what is not expected to come: long enough for it to come all the same, in milliseconds. */
export const shortDelay = 600

/** Lets a moment pass. Whatever is said about it says what was seen, not how long it took. */
export function waitBriefly(): Promise<void> {
  return wait(shortDelay)
}

/** Opens a bench. Its connection and all that was started on it are given back with the scope. */
export async function openExecRunner(world: ExecPlace, scope: Scope): Promise<ExecRunner> {
  const engine = await world.connect()
  scope.hold('engine', engine, engine.close)
  const mark = `WORKBOOK_BENCH=${randomBytes(8).toString('hex')}`

  function create({ command, tty = false, stdin = false, size }: ExecOptions): Promise<string> {
    return createExec(world, {
      ...(stdin ? allStreams : outputOnly),
      Tty: tty,
      Env: [mark],
      Cmd: command,
      ...(size && { ConsoleSize: size }),
    })
  }

  async function start(id: string, { tty = false, size }: ExecOptions): Promise<Socket> {
    const body = { Detach: false, Tty: tty, ...(size && { ConsoleSize: size }) }
    const socket = await openExec(world, engine.apiVersion, id, body)
    scope.hold('session', socket, () => socket.destroy())
    return socket
  }

  async function run(wanted: ExecOptions): Promise<Stream> {
    const id = await create(wanted)
    return watch(id, await start(id, wanted), wanted.tty ?? false, world.limit)
  }

  const bench: ExecRunner = {
    engine,
    marker: mark,
    createExec: create,
    startExec: start,
    runExec: run,
    async runToEnd(wanted) {
      const stream = await run(wanted)
      await stream.until(() => false)
      return stream
    },
    async runUntilReady(wanted) {
      const stream = await run(wanted)
      await stream.until(({ text }) => text().includes('ready'))
      return stream
    },
    resize: (id, height, width) =>
      engine.request('POST', `/exec/${id}/resize?h=${height}&w=${width}`),
    inspectExec: async (id) => statusOf(await inspectExec(world, id)),
    awaitExec: async (id) => statusOf(await awaitExec(world, id)),
    endAll: () => endMarked(engine, mark, world),
  }
  scope.hold('what runs in the container', bench, bench.endAll)
  return bench
}

/**
 * Ends every process with our mark in its environment. There is no request for that: the API can
 * start an exec and not end one, so another exec looks for them. Where there is no `/proc`, on a
 * practice daemon under macOS, they end with their daemon.
 */
async function endMarked(engine: Engine, mark: string, world: ExecPlace): Promise<void> {
  const kill =
    'cd /proc && grep -ls "$0" [0-9]*/environ | while IFS=/ read -r id file; do kill -9 $id; done'
  const path = `${containerPath(world.container)}/exec`
  const body = { ...outputOnly, Cmd: ['sh', '-c', kill, mark] }
  // A daemon that is gone has nothing that we could end.
  const reply = await engine.request('POST', path, body).catch(() => undefined)
  if (reply?.status !== 201) return
  const { Id } = JSON.parse(reply.body) as { Id: string }
  const socket = await openExec(world, engine.apiVersion, Id, plainStart).catch(() => undefined)
  if (!socket) return
  await watch(Id, socket, false, world.limit).until(() => false)
  socket.destroy()
}

/** Reads a connection to its end and keeps what comes. */
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
    // A copy: the memory is used again for the next read.
    reads.push(Buffer.from(chunk))
    look()
    return true
  }).then(() => {
    hasEnded = true
    look()
  })
  return stream
}

/** The payloads of both streams as text. Bytes that are no frames end it. */
export function payloadText(bytes: Uint8Array): string {
  const payloads: Uint8Array[] = []
  try {
    createDemultiplexer((_, payload) => payloads.push(payload))(bytes)
  } catch {
    // What came before is the text.
  }
  return Buffer.concat(payloads).toString()
}

/** A frame as its header tells. */
export type Frame = { readonly stream: number; readonly length: number }

/** The frames that the bytes are made of, cut or not. */
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
