/**
 * The exec client for everyone who is not a chapter: create, start, inspect, each as an experiment or
 * a check needs it, right or wrong on purpose.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { containerPath, readAnswer } from '../engine/answer.ts'
import type { Engine } from '../engine/engine.ts'
import { messageOf } from '../stream/http.ts'
import type { ExecPlace } from './exec-place.ts'
import {
  type Exchange,
  type ExchangeOptions,
  exchange,
  type RequestParts,
  requestText,
  takeOver,
} from './request.ts'

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
  place: ExecPlace,
  talk: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const engine = await place.connect()
  try {
    return await talk(engine)
  } finally {
    await engine.close()
  }
}

/** Has an exec written down, and gives its ID. A daemon that refuses ends the experiment. */
export function createExec(place: ExecPlace, body: object): Promise<string> {
  return withEngine(place, async (engine) => {
    const reply = await engine.request('POST', `${containerPath(place.container)}/exec`, body)
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
export function inspectExec(place: ExecPlace, id: string): Promise<ExecState> {
  return withEngine(place, async (engine) =>
    readAnswer<ExecState>(await engine.request('GET', `/exec/${id}/json`), engine),
  )
}

/** Looks at an exec until it is over, and no longer than the world's limit. */
export async function awaitExec(place: ExecPlace, id: string): Promise<ExecState> {
  const giveUp = Date.now() + place.limit
  for (;;) {
    const state = await inspectExec(place, id)
    // What has ended has an exit code. Podman has one before as well, and tells by `Running`.
    if ((!state.Running && state.ExitCode !== null) || Date.now() > giveUp) return state
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** What to send, and how long to read. */
export type StartOptions = RequestParts &
  Omit<ExchangeOptions, 'limit'> & {
    /** The version of the API in the path. Without it the one that we speak with this daemon. */
    readonly version?: string
    /** Sent in one write with the request, before there is an answer. */
    readonly early?: string
  }

/** Sends one request on a connection of its own, byte for byte as it is described. */
export async function send(
  place: ExecPlace,
  method: string,
  path: string,
  { version, early = '', ...sending }: StartOptions = {},
): Promise<Exchange> {
  const spoken = version ?? (await withEngine(place, async ({ apiVersion }) => apiVersion))
  const text = requestText(method, pathOn(place, spoken, path), sending)
  return exchange(place.address, text + early, { ...sending, limit: place.limit })
}

/** A path as it stands in a request: behind the base of the address and the version of the API. */
function pathOn({ address }: ExecPlace, version: string, path: string): string {
  return `${address.kind === 'tcp' ? address.basePath : ''}/v${version}${path}`
}

/** Starts an exec and takes the connection over. Nothing of the session is read yet. */
export function openExec(
  place: ExecPlace,
  version: string,
  id: string,
  body: object,
): Promise<Socket> {
  const path = pathOn(place, version, `/exec/${id}/start`)
  const text = requestText('POST', path, { headers: upgradeHeaders, body })
  return takeOver(place.address, text, place.limit)
}

/** Starts an exec as a client does that asks for the connection, unless told otherwise. */
export function startExec(
  place: ExecPlace,
  id: string,
  sending: StartOptions = {},
): Promise<Exchange> {
  return send(place, 'POST', `/exec/${id}/start`, {
    headers: upgradeHeaders,
    body: plainStart,
    ...sending,
  })
}

/** Writes an exec down, starts it and reads it to its end, under a terminal if `Tty` says so. */
export async function runExec(
  place: ExecPlace,
  body: { readonly Cmd: readonly string[]; readonly Tty?: boolean },
  sending: StartOptions = {},
): Promise<Exchange & { readonly id: string }> {
  const id = await createExec(place, { ...outputOnly, ...body })
  const start = body.Tty ? ttyStart : plainStart
  return { id, ...(await startExec(place, id, { body: start, ...sending })) }
}

/** A daemon's answer: its status, and its sentence where it refused. */
export type AnswerSummary = { readonly status: number; readonly message: string }

/** Sends a create, and keeps the answer whatever it is. */
export async function createResult(
  place: ExecPlace,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<AnswerSummary> {
  const path = `${containerPath(place.container)}/exec`
  return summarizeAnswer(await send(place, 'POST', path, { body, headers }))
}

/** The verdict in an answer. What stands behind a success is no sentence. */
export function summarizeAnswer({
  status,
  body,
}: Pick<Exchange, 'status' | 'body'>): AnswerSummary {
  return { status, message: status < 400 ? '' : messageOf({ body: body.toString() }) }
}
