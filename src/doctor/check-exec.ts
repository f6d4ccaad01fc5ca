/**
 * A whole exec, request by request as the chapters teach it, each with what was seen.
 *
 * The command asks for its window's size only when it has read a line, and the line is sent behind
 * the resize: so what it says is the size that we set, and not a race.
 *
 * @module
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Scope } from '../course/scope.ts'
import { containerPath, readAnswer, statusText } from '../engine/answer.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine, Reply } from '../engine/engine.ts'
import { Failure } from '../process/failure.ts'
import { createDemultiplexer } from '../stream/frames.ts'
import { messageOf } from '../stream/http.ts'
import type { FailureName } from './failures.ts'
import type { Finding, Watcher } from './finding.ts'
import { within } from './time-limit.ts'

/** How long each request, and the output, may take, in seconds. */
const patience = 30

/** A size that no window has by chance. */
const size = { rows: 33, columns: 101 } as const

/** What the command ends with. */
const exitCode = 42

/** The words are computed, so that a command that is only echoed never looks like its output. */
const command = `echo begin-$((6*7)); read line; stty size 2>&1; echo end-$((6*7)); exit ${exitCode}`

/** How often we ask again whether the command is over, and the first wait, in milliseconds. */
const inspects = 10
const inspectDelay = 10

/** Where an exec is tried. */
export type ExecPlace = {
  readonly engine: Engine
  readonly container: string
  /** False where the daemon has no pseudo-terminals. */
  readonly tty: boolean
}

/** Tries it. Returns whether a session works. The connection is held in `scope`. */
export async function examineExec(
  place: ExecPlace,
  scope: Scope,
  watcher: Watcher,
): Promise<boolean> {
  let failure: FailureName = 'exec-refused'
  try {
    watcher.trying('an exec')
    const id = await create(place, watcher)
    if (id === undefined) return false
    failure = 'start-refused'
    const connection = await start(place, id, watcher)
    if (!connection) return false
    const held = scope.hold('connection', connection, () => void connection.socket.destroy())
    failure = 'output-missing'
    const isWhole = await converse(place, id, connection, watcher)
    await held.release()
    failure = 'exit-code-wrong'
    return isWhole && (await inspect(place, id, watcher))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const saw = error.message
    watcher.tell({ about: 'exec', status: 'problem', saw, shared: 'it broke off', failure })
    return false
  }
}

async function create(
  { engine, container, tty }: ExecPlace,
  { tell }: Watcher,
): Promise<string | undefined> {
  const body = {
    ...{ Tty: tty, AttachStdin: true, AttachStdout: true, AttachStderr: true },
    Cmd: ['sh', '-c', command],
  }
  const path = `${containerPath(container)}/exec`
  const reply = await within(patience, engine.request('POST', path, body))
  const id = reply.status === 201 ? readAnswer<{ Id?: string }>(reply, engine).Id : undefined
  if (!id) {
    tell(refused('exec created', reply, 'exec-refused'))
    return undefined
  }
  tell({ about: 'exec created', status: 'ok', saw: `201, and an ID of ${id.length} digits` })
  return id
}

async function start(
  { engine, tty }: ExecPlace,
  id: string,
  { tell }: Watcher,
): Promise<Connection | undefined> {
  const starting = engine.upgrade(`/exec/${id}/start`, { Detach: false, Tty: tty })
  const { reply, connection } = await within(patience, starting, (late) => {
    late.connection?.socket.destroy()
  })
  if (!connection) {
    const failure = reply.status === 200 ? 'upgrade-dropped' : 'start-refused'
    tell(refused('exec started', reply, failure))
    return undefined
  }
  const [, stream = 'no content type'] =
    /docker\.([a-z-]+)/.exec(reply.headers['content-type'] ?? '') ?? []
  tell({ about: 'exec started', status: 'ok', saw: `101, the connection is ours (${stream})` })
  return connection
}

function refused(about: string, reply: Reply, failure: FailureName): Finding {
  const reason = messageOf(reply)
  return {
    about,
    status: 'problem',
    saw: statusText(reply.status) + (reason && `: ${reason}`),
    shared: statusText(reply.status),
    failure,
  }
}

/** Reads the beginning of the output, resizes, answers the command, and reads the rest. */
async function converse(
  place: ExecPlace,
  id: string,
  connection: Connection,
  watcher: Watcher,
): Promise<boolean> {
  const output = follow(connection, place.tty)
  if (!(await within(patience, output.until('begin-42')))) {
    watcher.tell(cutOff(output))
    return false
  }
  watcher.tell({ about: 'output', status: 'ok', saw: 'the command runs, and what it writes comes' })

  const resized = place.tty ? await resize(place, id) : undefined
  connection.socket.write('go\n')
  const isWhole = await within(patience, output.until('end-42'))
  // The command is over now; a daemon that keeps the stream open would keep us.
  await within(patience, output.ended)
  tellSize(resized, output.text(), watcher)
  if (!isWhole) watcher.tell(cutOff(output))
  return isWhole
}

type Output = {
  readonly text: () => string
  /** What made the connection unreadable, if something did. */
  readonly error: () => Error | undefined
  /** Resolves when the output has this in it, with false if it ends without. */
  readonly until: (wanted: string) => Promise<boolean>
  readonly ended: Promise<void>
}

/** Reads the connection to its end: under a tty as it is, otherwise in stdcopy frames. */
function follow(connection: Connection, tty: boolean): Output {
  let text = ''
  let isOver = false
  const listeners = new Set<() => void>()
  const take = (payload: Uint8Array): void => {
    text += Buffer.from(payload).toString('latin1')
  }
  const feed = tty ? take : createDemultiplexer((_, payload) => take(payload))
  let broken: Error | undefined
  const ended = connection
    .read((chunk) => {
      try {
        feed(chunk)
      } catch (error) {
        broken = error as Error
      }
      for (const listener of [...listeners]) listener()
      return true
    })
    .then((error) => {
      broken ??= error
      isOver = true
      for (const listener of [...listeners]) listener()
    })
  return {
    text: () => text,
    error: () => broken,
    ended,
    until: (wanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (text.includes(wanted)) resolve(true)
          else if (broken || isOver) resolve(false)
          else return
          listeners.delete(look)
        }
        listeners.add(look)
        look()
      }),
  }
}

function cutOff({ error, text }: Output): Finding {
  const last = text().trim().split(/\r?\n/).at(-1) ?? ''
  return {
    about: 'output',
    status: 'problem',
    saw: error()?.message ?? `it ended too early, behind ${JSON.stringify(last.slice(0, 200))}`,
    shared: 'it ended too early',
    failure: 'output-missing',
  }
}

async function resize({ engine }: ExecPlace, id: string): Promise<Reply> {
  const path = `/exec/${id}/resize?h=${size.rows}&w=${size.columns}`
  return within(patience, engine.request('POST', path))
}

function tellSize(resized: Reply | undefined, text: string, { tell }: Watcher): void {
  const about = 'resize'
  const wanted = `${size.rows} ${size.columns}`
  if (!resized) {
    tell({ about, status: 'skipped', saw: 'there is no pseudo-terminal to resize' })
    return
  }
  const [, seen] = /(\d+ \d+)\s+end-42/.exec(text) ?? []
  if (resized.status >= 300 || (seen !== undefined && seen !== wanted)) {
    const finding = refused(about, resized, 'resize-refused')
    tell({ ...finding, saw: finding.saw + (seen ? `; the command saw ${seen}` : '') })
    return
  }
  const told = seen ? `and the command saw ${seen}` : 'the image has no stty to see it with'
  tell({ about, status: 'ok', saw: `${resized.status}, ${told}` })
}

/** A daemon may end the stream a moment before it knows the exit code. */
async function inspect({ engine }: ExecPlace, id: string, { tell }: Watcher): Promise<boolean> {
  const about = 'exit code'
  let seen = ''
  for (let attempt = 0; attempt < inspects; attempt += 1) {
    await wait(attempt * inspectDelay)
    const reply = await within(patience, engine.request('GET', `/exec/${id}/json`))
    if (reply.status !== 200) {
      tell(refused(about, reply, 'exit-code-wrong'))
      return false
    }
    const { Running, ExitCode } = readAnswer<{ Running: boolean; ExitCode: unknown }>(reply, engine)
    seen = `Running ${Running}, ExitCode ${ExitCode}`
    if (!Running && ExitCode === exitCode) {
      tell({ about, status: 'ok', saw: `${exitCode}, as the command ended` })
      return true
    }
  }
  const saw = `${seen}, and it ended with ${exitCode}`
  tell({ about, status: 'problem', saw, failure: 'exit-code-wrong' })
  return false
}
