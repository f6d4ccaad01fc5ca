/**
 * # 2 Start: how does an HTTP request become a session?
 *
 * We have an exec ID. Now we want the command to run, with bytes flowing both
 * ways for as long as it lives: seconds for `ls`, days for a shell. HTTP
 * offers one request and one answer. So our second request, the *start*, asks
 * for something else: that the connection stop being HTTP.
 *
 * ```text
 *   before                            after
 *   container   "box"                 container   "box"
 *   execId      "fc9c11ae6ac4…"       execId      "fc9c11ae6ac4…"
 *                                   + reply       { status: 101, … }
 *                                   + connection  <connection: live>
 * ```
 *
 * `<connection: live>` is an open socket. We *hold* it: we register it with
 * the run's *scope*, which destroys it when the run ends, however it ends.
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
 * (docker's client writes `Connection: Upgrade` where ours writes
 * `connection: upgrade`. Header names and these two values are
 * case-insensitive.)
 *
 * *101 Switching Protocols* means that the daemon agrees. The bytes after the
 * blank line aren't a body. They are the start of the session.
 * <!-- claims: upgraded-start 101 -->
 *
 * ## Why the headers
 *
 * The daemon takes over the connection with or without them. Without them it
 * answers 200 without a length, so an HTTP client takes the session for a
 * body that lasts until the connection closes. At first that was the only
 * way. But a proxy in between expects HTTP, and `docker exec` failed through
 * reverse proxies such as nginx (moby#9652). The two headers tell a proxy
 * that supports upgrades that this connection is about to become a pipe.
 * <!-- claims: start-without-upgrade 200 -->
 *
 * ## One request, two kinds of answer
 *
 * A client has to expect both kinds. A 101 gives it the socket. Any other
 * status is an ordinary answer: the body of an error gives the reason, and
 * after a 200, which ignores the upgrade, the body is the session. Most HTTP
 * libraries report a 101 and an ordinary answer in different places. If you
 * listen in only one of them, you hang, or you lose the daemon's reason.
 *
 * Chapter 3 continues the same exchange. We split the exchange here because
 * everything up to the 101 is HTTP, and nothing after it is.
 *
 * With `--detach` there is no session. We don't ask for an upgrade, the
 * daemon starts the command and answers 200 with an empty body (Podman sends
 * a line feed), and the run ends with this chapter.
 * <!-- claims: detached-start 200 -->
 *
 * ## What to watch
 *
 * `npm run chapter 2`: the status and the content type. From API 1.42 on,
 * dockerd sends another content type if there is no tty: compare
 * `npm run chapter -- 2 --no-tty`. Then try the other branch:
 * `npm run chapter -- 2 --detach`.
 *
 * ## How to get out
 *
 * The command is running now, and this connection carries its input and
 * output. If the run stops here, the workbook tries to end the command: with
 * `-it` it sends Ctrl-D and, if that isn't enough, Ctrl-C; without `-it` it
 * half-closes the connection. A shell then reads EOF and exits, but a
 * `sleep`, which reads nothing, keeps running. The daemon itself doesn't end
 * a process when its client disconnects.
 * <!-- claims: process-outlives-client -->
 *
 * ## What docker does that this leaves out
 *
 * Nothing of the start. docker's headers have other letter case and order.
 *
 * @module
 */

import type { Socket } from 'node:net'
import type { Kit } from '../../src/course/kit.ts'
import type { Held } from '../../src/course/scope.ts'
import type { Done, Stage } from '../../src/course/stage.ts'
import { checkAnswer } from '../../src/engine/answer.ts'
import { type Created, consoleSize } from '../01-create/stage.ts'

/** What chapter 2 passes on. */
export type Started = Created & {
  readonly reply: StartReply
  /** The connection that the start used, after a 101. Otherwise null. */
  readonly connection: Held<Socket> | null
}

/** The daemon's answer to the start. */
export type StartReply = {
  /** The HTTP status. 101 means that the daemon agrees. */
  readonly status: number
  /** The Content-Type of the answer, or an empty string. */
  readonly contentType: string
  /** The body of a refusal. Empty after a 101, or a 200 that we aborted. */
  readonly body: string
}

/** Chapter 2: asks for the connection, or starts the command detached. */
export const start: Stage<Created, Started> = {
  name: 'start',
  title: 'starts the command, and asks for the connection as its input and output',
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
 * Returns the body of the request, without the size of the terminal.
 * `Detach` decides whether the daemon takes over the connection. `Tty` has to
 * match the create's: it decides whether the output is split into frames that
 * say stdout or stderr (chapter 3). dockerd looks at this `Tty`, and Podman
 * at the create's.
 * <!-- claims: framed-by-tty-of-start -->
 */
export function execStartCheck({ detach, tty }: Created): { Detach: boolean; Tty: boolean } {
  return { Detach: detach, Tty: tty }
}

/**
 * Sends the start and accepts either kind of answer.
 *
 * undici, our HTTP client, has a `client.upgrade()`, but it accepts only a
 * 101. It throws at any other status, and the daemon's reason is lost. So we
 * `dispatch` the request ourselves, with a callback for each thing that can
 * happen.
 *
 * @returns the answer, and after a 101 the socket
 */
export function askForUpgrade(
  created: Created,
  kit: Kit,
): Promise<{ reply: StartReply; socket: Socket | null }> {
  // A second client opens a second connection, which this request uses up.
  const client = kit.engine.openClient()
  // docker repeats the size here. It overrides the one in the create.
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

      // Any other status: ordinary HTTP. The body of an error says why.
      onResponseStart(controller, status, headers) {
        reply = { status, contentType: String(headers['content-type'] ?? ''), body: '' }
        // A 200 means that the daemon, or a proxy, ignored the upgrade. The
        // body is the session and lasts as long, so we abort. undici reports
        // the abort to onResponseError below, and by then we have a reply.
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
  const body = { ...execStartCheck(created), ...consoleSize(created, kit) }
  const reply = await kit.engine.request('POST', startPath(created), body)
  checkAnswer(reply, kit.engine)
  return { ...created, done: true, exitCode: 0 }
}
