/**
 * The exec client of experiments and checks: create, start and inspect, also
 * with requests that are wrong on purpose.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { containerPath, readAnswer } from '../engine/answer.ts'
import type { Engine } from '../engine/engine.ts'
import { Failure } from '../process/failure.ts'
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

/** Attaches stdout and stderr, as most experiments need. */
export const outputOnly = { AttachStdout: true, AttachStderr: true } as const

/** Attaches all three streams. */
export const allStreams = { ...outputOnly, AttachStdin: true } as const

/** The headers that ask the daemon to upgrade the connection. */
export const upgradeHeaders = { Connection: 'Upgrade', Upgrade: 'tcp' } as const

/** The body that starts an exec without a tty. */
export const plainStart = { Detach: false, Tty: false } as const

/** The body that starts an exec with a tty. */
export const ttyStart = { Detach: false, Tty: true } as const

/** Opens an engine for `talk` and closes it again. */
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

/** Creates an exec and returns its ID. Throws if the daemon refuses. */
export function createExec(place: ExecPlace, body: object): Promise<string> {
  return withEngine(place, async (engine) => {
    const reply = await engine.request('POST', `${containerPath(place.container)}/exec`, body)
    const { Id } = readAnswer<{ Id?: unknown }>(reply, engine)
    if (typeof Id !== 'string' || Id === '') throw new Failure('exec ID empty')
    return Id
  })
}

/** The fields of an inspect that experiments use. */
export type ExecState = {
  readonly ID: string
  readonly Running: boolean
  /**
   * Null before it starts and while it runs. Podman says 0 before the start.
   */
  readonly ExitCode: number | null
  readonly Pid: number
}

/** Fetches the state of an exec. */
export function inspectExec(place: ExecPlace, id: string): Promise<ExecState> {
  return withEngine(place, async (engine) =>
    readAnswer<ExecState>(await engine.request('GET', `/exec/${id}/json`), engine),
  )
}

/** Polls an exec until it has ended, up to the place's time limit. */
export async function awaitExec(place: ExecPlace, id: string): Promise<ExecState> {
  const deadline = Date.now() + place.limit
  for (;;) {
    const state = await inspectExec(place, id)
    // An exit code alone isn't enough: Podman reports one before the exec has
    // ended.
    if ((!state.Running && state.ExitCode !== null) || Date.now() > deadline) return state
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** What to send and how long to read. */
export type StartOptions = RequestParts &
  Omit<ExchangeOptions, 'limit'> & {
    /** The API version in the path. Without it the negotiated one. */
    readonly version?: string
    /** Bytes to send in one write with the request, before the answer. */
    readonly early?: string
  }

/** Sends one request, byte for byte as described, on its own connection. */
export async function send(
  place: ExecPlace,
  method: string,
  path: string,
  { version, early = '', ...sending }: StartOptions = {},
): Promise<Exchange> {
  const apiVersion = version ?? (await withEngine(place, async (engine) => engine.apiVersion))
  const text = requestText(method, pathOn(place, apiVersion, path), sending)
  return exchange(place.address, text + early, { ...sending, limit: place.limit })
}

/**
 * The full path of a request: the address's base path, the API version and
 * the path.
 */
function pathOn({ address }: ExecPlace, version: string, path: string): string {
  return `${address.kind === 'tcp' ? address.basePath : ''}/v${version}${path}`
}

/**
 * Starts an exec and hijacks the connection. Nothing of the session has been
 * read yet.
 */
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

/** Starts an exec with the upgrade headers, unless `sending` has others. */
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

/** Creates an exec, starts it and reads its output to the end. */
export async function runExec(
  place: ExecPlace,
  body: { readonly Cmd: readonly string[]; readonly Tty?: boolean },
  sending: StartOptions = {},
): Promise<Exchange & { readonly id: string }> {
  const id = await createExec(place, { ...outputOnly, ...body })
  const start = body.Tty ? ttyStart : plainStart
  return { id, ...(await startExec(place, id, { body: start, ...sending })) }
}

/** The status of an answer, and the daemon's message if it is an error. */
export type AnswerSummary = { readonly status: number; readonly message: string }

/** Sends a create and returns the answer, whatever its status. */
export async function createResult(
  place: ExecPlace,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<AnswerSummary> {
  const path = `${containerPath(place.container)}/exec`
  return summarizeAnswer(await send(place, 'POST', path, { body, headers }))
}

/** The status and message of an answer. A success has no message. */
export function summarizeAnswer({
  status,
  body,
}: Pick<Exchange, 'status' | 'body'>): AnswerSummary {
  return { status, message: status < 400 ? '' : messageOf({ body: body.toString() }) }
}
