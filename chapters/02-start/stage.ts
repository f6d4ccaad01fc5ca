/**
 * # 2 Start: how does an HTTP request become a session?
 *
 * We have an exec ID. Now we want the command to run, with bytes flowing both ways for as long as
 * it lives: seconds for `ls`, days for a shell. HTTP offers one request and one answer. So this
 * request asks for something else: that the connection stops being HTTP.
 *
 * ```text
 *   before                            after
 *   container   "box"                 container   "box"
 *   execId      "fc9c11ae6ac4…"       execId      "fc9c11ae6ac4…"
 *                                   + reply       { status: 101, … }
 *                                   + connection  <connection: live>
 * ```
 *
 * On the wire, on a second connection of its own, because the first one has to stay HTTP for the
 * requests of chapters 6 and 7:
 *
 * ```text
 *   → POST /v1.41/exec/fc9c11ae6ac4…/start
 *     connection: upgrade
 *     upgrade: tcp
 *     Content-Type: application/json
 *     {"Detach":false,"Tty":true}
 *   ← HTTP/1.1 101 UPGRADED
 *     Content-Type: application/vnd.docker.raw-stream
 *     Connection: Upgrade
 *     Upgrade: tcp
 * ```
 *
 * (docker writes `Connection: Upgrade`. Header names and these two values are case-insensitive.)
 *
 * *101 Switching Protocols* is the status that says yes. What follows its blank line is not a body:
 * it is the first bytes of the session.
 * <!-- claims: upgraded-start 101 -->
 *
 * ## Why the headers
 *
 * The daemon takes the connection over with or without them; without them it answers 200 and
 * sends the session as if it were a body that never ends. It was like that in the beginning, and
 * a proxy between client and daemon, which knows HTTP, waited for the whole of the request's body
 * before it passed on a byte. The two headers tell every proxy on the way that this connection is
 * about to become a pipe.
 * <!-- claims: start-without-upgrade 200 -->
 *
 * ## Two answers to one request
 *
 * This chapter sends the request and looks at the answer, chapter 3 takes the socket. They are two
 * sides of one exchange. We divide it here because everything up to the 101 is HTTP, and nothing
 * after it is.
 *
 * The client has to be ready for both: a 101 hands it the socket, and any other status is an
 * ordinary answer whose body says why. Most HTTP clients report the two in different places, and a
 * client that listens in only one of them hangs or loses the daemon's reason.
 *
 * With `--detach` there is no session: no upgrade is asked for, the daemon starts the command,
 * answers 200 with nothing in it, and the whole course ends in this chapter.
 * <!-- claims: detached-start 200 -->
 *
 * ## What to watch
 *
 * `npm run chapter 2`: the status, and the content type under a tty and without one
 * (`npm run chapter -- 2 --no-tty`). Then the other branch: `npm run chapter -- 2 --detach`.
 *
 * ## How to get out
 *
 * The command is running now, and its terminal is this connection. When the walk stops here, the
 * workbook ends the command as you would, with Ctrl-D. If it dies before it can, the command goes
 * on without anyone to talk to: a daemon does not end a process because its client has gone.
 * <!-- claims: process-outlives-client -->
 *
 * ## What docker does that this leaves out
 *
 * Nothing for `docker exec`. The same request can start a command whose output goes to nobody and
 * still ask for the console's size; only other programs do that.
 *
 * @module
 */

import type { Socket } from 'node:net'
import type { Kit } from '../../src/course/kit.ts'
import type { Held } from '../../src/course/scope.ts'
import type { Done, Stage } from '../../src/course/stage.ts'
import { readAnswer } from '../../src/engine/answer.ts'
import { type Created, consoleSize } from '../01-create/stage.ts'

/** What chapter 2 passes on. */
export type Started = Created & {
  readonly reply: StartReply
  /** The connection that the answer came on if it is ours now. */
  readonly connection: Held<Socket> | null
}

/** The daemon's answer to the start. */
export type StartReply = {
  /** The HTTP status. 101 is the one that says yes. */
  readonly status: number
  /** What it calls the stream: `application/vnd.docker.raw-stream`. */
  readonly contentType: string
  /** Its words if it refused. Empty after a 101. */
  readonly body: string
}

/** Chapter 2. */
export const start: Stage<Created, Started> = {
  name: 'start',
  title: 'starts the command, and asks for the connection as its terminal',
  question: 'How does an HTTP request become a session?',

  async run(created, kit) {
    if (created.detach) return startDetached(created, kit)

    const { reply, socket } = await askForUpgrade(created, kit)
    return {
      ...created,
      reply,
      connection: socket && kit.scope.hold('connection', socket, () => socket.destroy()),
    }
  },
}

/** Where an exec is started. */
export function startPath({ execId }: Created): string {
  return `/exec/${execId}/start`
}

/**
 * The body of the request. Two fields of chapter 1 are sent again and must be the same as there:
 * this `Tty` tells dockerd whether output comes in frames, and Podman goes by the other one. From
 * API 1.42 on the size of our window goes with them, as in chapter 1.
 * <!-- claims: framed-by-tty-of-start -->
 */
export function execStartCheck({ detach, tty }: Created): { Detach: boolean; Tty: boolean } {
  return { Detach: detach, Tty: tty }
}

/**
 * Sends the request and takes either answer to it.
 *
 * undici's own `client.upgrade()` knows only the good one: it throws at any status but 101, and the
 * daemon's reason is lost. So we `dispatch` the request ourselves and hand undici a callback for
 * each thing that may come.
 *
 * @returns the answer, and the socket after a 101
 */
export function askForUpgrade(
  created: Created,
  kit: Kit,
): Promise<{ reply: StartReply; socket: Socket | null }> {
  // A client of its own is a connection of its own, and this request uses it up.
  const client = kit.engine.openClient()
  const body = { ...execStartCheck(created), ...consoleSize(created, kit) }
  const request = {
    // POST, the path with the API version, the headers, the body as JSON.
    ...kit.engine.jsonRequest('POST', startPath(created), body),
    // undici writes the pair `connection: upgrade` and `upgrade: tcp` for this.
    upgrade: 'tcp',
  }

  return new Promise((resolve, reject) => {
    let reply: StartReply = { status: 0, contentType: '', body: '' }

    client.dispatch(request, {
      onRequestStart() {},

      // The first answer: 101. undici stops reading and lets go of the socket. What it had read
      // past the blank line it has put back; chapter 3 takes it out.
      onRequestUpgrade(_, status, headers, socket) {
        const contentType = String(headers['content-type'] ?? '')
        resolve({ reply: { status, contentType, body: '' }, socket: socket as Socket })
      },

      // The other answer: any status that is ordinary HTTP, with a body that says why.
      onResponseStart(controller, status, headers) {
        reply = { status, contentType: String(headers['content-type'] ?? ''), body: '' }
        // 200 is a daemon, or a proxy in between, that ignored the upgrade. What follows is the
        // session sent as a body, which does not end: there is nothing to wait for. The abort comes
        // back below as an error, and by then there is a reply.
        if (status < 300) controller.abort(new Error('not upgraded'))
      },
      onResponseData(_, piece) {
        reply = { ...reply, body: reply.body + piece }
      },
      onResponseEnd() {
        resolve({ reply, socket: null })
        client.destroy()
      },

      // The connection broke, or we have just aborted it above.
      onResponseError(_, error) {
        if (reply.status > 0) resolve({ reply, socket: null })
        else reject(kit.engine.explain(error, request))
        client.destroy()
      },
    })
  })
}

/**
 * The branch without a session. A command that cannot be started is an error with a status here,
 * because there is still an answer to put it into.
 */
export async function startDetached(created: Created, kit: Kit): Promise<Done<Created>> {
  const reply = await kit.engine.request('POST', startPath(created), execStartCheck(created))
  readAnswer(reply, kit.engine)
  return { ...created, done: true, exitCode: 0 }
}
