/**
 * What experiments have in common: an exec that is written down, started and looked at, with every
 * byte of it. No HTTP client touches the requests here, so that one can be wrong on purpose.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { containerPath, readAnswer } from '../engine/answer.ts'
import type { Engine } from '../engine/engine.ts'
import { dial } from '../engine/socket.ts'
import { messageOf } from '../stream/http.ts'
import { type Exchange, readExchange, type Waiting } from './exchange.ts'
import type { ExecPlace } from './place.ts'

/** Both streams of the output, and no input: what most experiments attach. */
export const outputOnly = { AttachStdout: true, AttachStderr: true } as const

/** All three streams. */
export const allStreams = { ...outputOnly, AttachStdin: true } as const

/** The headers of a client that asks for the connection. */
export const upgradeHeaders = { Connection: 'Upgrade', Upgrade: 'tcp' } as const

/** What a client says of an exec that is not under a terminal, when it starts it. */
export const plainStart = { Detach: false, Tty: false } as const

/** And of one that is. */
export const ttyStart = { Detach: false, Tty: true } as const

/** Talks to the daemon with the workbook's own client, and closes the connection again. */
export async function withEngine<Result>(
  world: ExecPlace,
  talk: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const engine = await world.connect()
  try {
    return await talk(engine)
  } finally {
    await engine.close()
  }
}

/** Has an exec written down, and gives its ID. A daemon that refuses ends the experiment. */
export function createExec(world: ExecPlace, body: object): Promise<string> {
  return withEngine(world, async (engine) => {
    const reply = await engine.request('POST', `${containerPath(world.container)}/exec`, body)
    return readAnswer<{ Id: string }>(reply, engine).Id
  })
}

/** The part of an inspect that experiments look at. */
export type ExecState = {
  readonly ID: string
  readonly Running: boolean
  /** Null while it runs, and before; Podman says 0 then. */
  readonly ExitCode: number | null
  readonly Pid: number
}

/** Asks the daemon what it knows of an exec. */
export function inspectExec(world: ExecPlace, id: string): Promise<ExecState> {
  return withEngine(world, async (engine) =>
    readAnswer<ExecState>(await engine.request('GET', `/exec/${id}/json`), engine),
  )
}

/** Looks at an exec until it is over, and no longer than the world's limit. */
export async function awaitExec(world: ExecPlace, id: string): Promise<ExecState> {
  const giveUp = Date.now() + world.limit
  for (;;) {
    const state = await inspectExec(world, id)
    // What has ended has an exit code. Podman has one before as well, and tells by `Running`.
    if ((!state.Running && state.ExitCode !== null) || Date.now() > giveUp) return state
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** What to send, and how long to read. */
export type Sending = Waiting & {
  /** The version of the API in the path. Without it the one that we speak with this daemon. */
  readonly version?: string
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON, a text as it is. */
  readonly body?: object | string
  /** Sent in one write with the request, before there is an answer. */
  readonly early?: string
}

/** Sends one request on a connection of its own, byte for byte as it is described. */
export async function send(
  world: ExecPlace,
  method: string,
  path: string,
  { version, headers = {}, body, early = '', ...waiting }: Sending = {},
): Promise<Exchange> {
  const spoken = version ?? (await withEngine(world, async ({ apiVersion }) => apiVersion))
  const text = typeof body === 'object' ? JSON.stringify(body) : (body ?? '')
  const fields = {
    Host: 'docker',
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    'Content-Length': String(Buffer.byteLength(text)),
    ...headers,
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  const base = world.address.kind === 'tcp' ? world.address.basePath : ''
  const head = `${method} ${base}/v${spoken}${path} HTTP/1.1\r\n${lines.join('')}\r\n`
  const socket = await open(world)
  try {
    socket.write(head + text + early)
    return await readExchange(socket, { ...waiting, limit: world.limit })
  } finally {
    socket.destroy()
  }
}

/** Starts an exec as a client does that asks for the connection, unless told otherwise. */
export function startExec(world: ExecPlace, id: string, sending: Sending = {}): Promise<Exchange> {
  return send(world, 'POST', `/exec/${id}/start`, {
    headers: upgradeHeaders,
    body: plainStart,
    ...sending,
  })
}

/** Writes an exec down, starts it and reads it to its end, under a terminal if `Tty` says so. */
export async function runExec(
  world: ExecPlace,
  body: { readonly Cmd: readonly string[]; readonly Tty?: boolean },
  sending: Sending = {},
): Promise<Exchange & { readonly id: string }> {
  const id = await createExec(world, { ...outputOnly, ...body })
  const start = body.Tty ? ttyStart : plainStart
  return { id, ...(await startExec(world, id, { body: start, ...sending })) }
}

/** Dials, and waits until the connection is there. */
async function open({ address }: ExecPlace): Promise<Socket> {
  const socket = dial(address, undefined)
  await new Promise<void>((resolve, reject) => {
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', resolve)
    socket.once('error', reject)
  })
  return socket
}

/** A daemon's answer: its status, and its sentence where it refused. */
export type Verdict = { readonly status: number; readonly message: string }

/** Sends a create, and keeps the answer whatever it is. */
export async function tryToCreate(
  world: ExecPlace,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Verdict> {
  const path = `${containerPath(world.container)}/exec`
  return verdictOf(await send(world, 'POST', path, { body, headers }))
}

/** The verdict in an answer. What stands behind a success is no sentence. */
export function verdictOf({ status, body }: Pick<Exchange, 'status' | 'body'>): Verdict {
  return { status, message: status < 400 ? '' : messageOf({ body: body.toString() }) }
}
