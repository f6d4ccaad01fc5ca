/**
 * # 2 Start: how does an HTTP request become a session?
 *
 * We have an exec ID. Now we want the command to run, with bytes flowing both
 * ways for as long as it lives: seconds for `ls`, days for a shell. HTTP
 * offers one request and one answer. So this request asks for something else:
 * that the connection stops being HTTP.
 *
 * ```text
 *   before                            after
 *   container   "box"                 container   "box"
 *   execId      "fc9c11ae6ac4…"       execId      "fc9c11ae6ac4…"
 *                                   + reply       { status: 101, … }
 *                                   + connection  <connection: live>
 * ```
 *
 * On the wire, on a second connection, because the first one has to stay HTTP
 * for the requests of chapters 6 and 7:
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
 * (docker writes `Connection: Upgrade`. Header names and these two values are
 * case-insensitive.)
 *
 * With *101 Switching Protocols* the daemon agrees. The bytes after the blank
 * line aren't a body. They are the start of the session.
 * <!-- claims: upgraded-start 101 -->
 *
 * ## Why the headers
 *
 * The daemon takes over the connection with or without them. Without them it
 * answers 200 and sends the session as a body that never ends. At first, that
 * was the only way. But a proxy in between expects HTTP, and such a proxy
 * waited for the complete request body before it forwarded a byte. The two
 * headers tell every proxy that this connection is about to become a pipe.
 * <!-- claims: start-without-upgrade 200 -->
 *
 * ## Two answers to one request
 *
 * This chapter sends the request and reads the answer; chapter 3 takes the
 * socket. Both belong to one exchange. We split it here because everything up
 * to the 101 is HTTP, and nothing after it is.
 *
 * A client has to expect either answer. With a 101 it gets the socket. Any
 * other status is an ordinary answer whose body gives the reason. Most HTTP
 * libraries report the two in different places. If you listen in only one of
 * them, you hang, or you lose the daemon's reason.
 *
 * With `--detach` there is no session. We don't ask for an upgrade, the
 * daemon starts the command and answers 200 with an empty body, and the
 * course ends in this chapter.
 * <!-- claims: detached-start 200 -->
 *
 * ## What to watch
 *
 * `npm run chapter 2`: the status, and the content type with a tty and
 * without one (`npm run chapter -- 2 --no-tty`). Then try the other branch:
 * `npm run chapter -- 2 --detach`.
 *
 * ## How to get out
 *
 * The command is running now, and this connection carries its input and
 * output. If the run stops here, the workbook ends the command the way you
 * would: with `-it` it sends Ctrl-D, and otherwise it half-closes the
 * connection, which ends the command's input. If the workbook dies first, the
 * command keeps running without a client, because the daemon doesn't end a
 * process when its client disconnects.
 * <!-- claims: process-outlives-client -->
 *
 * ## What docker does that this leaves out
 *
 * Nothing for `docker exec`. The same request can also start a command
 * without attaching its output and still set the size of its console, but
 * only other programs use that.
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
  /** The connection of the answer after a 101, else null. */
  readonly connection: Held<Socket> | null
}

/** The daemon's answer to the start. */
export type StartReply = {
  /** The HTTP status. With a 101 the daemon agrees. */
  readonly status: number
  /** The Content-Type: `application/vnd.docker.raw-stream`. */
  readonly contentType: string
  /** The body of a refusal. Empty after a 101. */
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

/** Returns the path of the request that starts an exec. */
export function startPath({ execId }: Created): string {
  return `/exec/${execId}/start`
}

/**
 * Returns the body of the request, without the size of the window. Both
 * fields have to match those of chapter 1: dockerd decides by this `Tty`
 * whether output comes in frames, and Podman decides by the create's.
 * <!-- claims: framed-by-tty-of-start -->
 */
export function execStartCheck({ detach, tty }: Created): { Detach: boolean; Tty: boolean } {
  return { Detach: detach, Tty: tty }
}

/**
 * Sends the start and accepts either kind of answer.
 *
 * undici's own `client.upgrade()` accepts only a 101. It throws at any other
 * status, and the daemon's reason is lost. So we `dispatch` the request
 * ourselves, with a callback for each thing that can happen.
 *
 * @returns the answer, and after a 101 the socket
 */
export function askForUpgrade(
  created: Created,
  kit: Kit,
): Promise<{ reply: StartReply; socket: Socket | null }> {
  // A second client opens a second connection, which this request uses up.
  const client = kit.engine.openClient()
  const body = { ...execStartCheck(created), ...consoleSize(created, kit) }
  const request = {
    // The method, the path with the API version, the headers, the JSON body.
    ...kit.engine.jsonRequest('POST', startPath(created), body),
    // Makes undici send `connection: upgrade` and `upgrade: tcp`.
    upgrade: 'tcp',
  }

  return new Promise((resolve, reject) => {
    let reply: StartReply = { status: 0, contentType: '', body: '' }

    client.dispatch(request, {
      onRequestStart() {},

      // A 101. undici stops reading and releases the socket. It puts back any
      // bytes that it read past the blank line; chapter 3 reads them.
      onRequestUpgrade(_, status, headers, socket) {
        const contentType = String(headers['content-type'] ?? '')
        resolve({ reply: { status, contentType, body: '' }, socket: socket as Socket })
      },

      // Any other status: ordinary HTTP, with a body that gives the reason.
      onResponseStart(controller, status, headers) {
        reply = { status, contentType: String(headers['content-type'] ?? ''), body: '' }
        // After a 200 the daemon, or a proxy, has ignored the upgrade. The
        // body is the session and never ends, so we abort. undici reports the
        // abort to onResponseError below, and by then we have a reply.
        if (status < 300) controller.abort(new Error('not upgraded'))
      },
      onResponseData(_, piece) {
        reply = { ...reply, body: reply.body + piece }
      },
      onResponseEnd() {
        resolve({ reply, socket: null })
        client.destroy()
      },

      // The connection broke, or we aborted it above.
      onResponseError(_, error) {
        if (reply.status > 0) resolve({ reply, socket: null })
        else reject(kit.engine.explain(error, request))
        client.destroy()
      },
    })
  })
}

/**
 * Starts the command without a session, and fails if it can't be started. The
 * daemon reports that with a status here, because the answer is ordinary
 * HTTP.
 */
export async function startDetached(created: Created, kit: Kit): Promise<Done<Created>> {
  const reply = await kit.engine.request('POST', startPath(created), execStartCheck(created))
  readAnswer(reply, kit.engine)
  return { ...created, done: true, exitCode: 0 }
}
