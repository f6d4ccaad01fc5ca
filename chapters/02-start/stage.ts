/**
 * # 2 Start: how does an HTTP request become a session?
 *
 * We have an exec ID. Now the command shall run, and then bytes shall go both ways for as long as
 * it lives: seconds for `ls`, days for a shell. HTTP knows a request and then an answer. So this
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
 * (docker writes `Connection: Upgrade` in its request. Neither the names of headers nor these two
 * values know upper and lower case.)
 *
 * *101 Switching Protocols* is the status that says yes. Behind its empty line there is no body:
 * there are the first bytes of the session.
 *
 * ## Why the headers
 *
 * The daemon takes the connection over with or without them; without them it answers 200 and
 * sends the session as if it were a body that never ends. It was like that in the beginning, and
 * a proxy between client and daemon, which knows HTTP, waited for the whole of the request's body
 * before it passed on a byte. The two headers tell every proxy on the way that this connection is
 * about to become a pipe.
 *
 * ## Two answers to one request
 *
 * This chapter sends the request and looks at the answer, chapter 3 takes the socket. They are
 * two sides of one exchange. We divide it here because everything up to the 101 is HTTP, and
 * nothing behind it is.
 *
 * With `--detach` there is no session: no upgrade is asked for, the daemon starts the command,
 * answers 200 with nothing in it, and the whole course ends in this chapter.
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
 *
 * ## What docker does that this leaves out
 *
 * Nothing for `docker exec`. The same request can start a command whose output goes to nobody and
 * still ask for the console's size; only other programs do that.
 *
 * @module
 */

import type { Kit } from '../../src/course/kit.ts'
import type { Held } from '../../src/course/scope.ts'
import type { Done, Stage } from '../../src/course/stage.ts'
import { readAnswer } from '../../src/engine/answer.ts'
import type { Connection } from '../../src/engine/connection.ts'
import { endCommand } from '../../src/exec/end-command.ts'
import { type Created, consoleSize } from '../01-create/stage.ts'

/** What chapter 2 passes on. */
export type Started = Created & {
  /** The daemon's answer: its status, what it calls the stream, and its words if it refused. */
  readonly reply: {
    readonly status: number
    readonly contentType: string
    readonly body: string
  }
  /** The connection that the answer came on, if it is ours to use now. */
  readonly connection: Held<Connection> | null
}

/** Chapter 2. */
export const start: Stage<Created, Started> = {
  name: 'start',
  title: 'starts the command, and asks for the connection as its terminal',
  question: 'How does an HTTP request become a session?',

  async run(created, kit) {
    if (created.detach) return startDetached(created, kit)

    const { reply, connection } = await kit.engine.upgrade(startPath(created), {
      ...execStartCheck(created),
      ...consoleSize(created, kit),
    })
    return {
      ...created,
      reply: {
        status: reply.status,
        contentType: reply.headers['content-type'] ?? '',
        body: reply.body,
      },
      connection: connection
        ? kit.scope.hold('connection', connection, () => void connection.socket.destroy())
        : null,
    }
  },

  tell: ({ reply, connection, tty }) =>
    connection
      ? `The daemon answered ${reply.status}: the command runs, and this connection is its ${tty ? 'terminal' : 'stdin, stdout and stderr'}.`
      : `The daemon answered ${reply.status} and not 101: there is no connection to take over.`,

  linger: async (started) => {
    await endCommand(started, started.connection?.value)
  },
}

/** Where an exec is started. */
export function startPath({ execId }: Created): string {
  return `/exec/${execId}/start`
}

/**
 * The body of the request: two of the fields of chapter 1 once more, so that not everything has
 * to be sent again. They must be the same as there. The daemon believes this `Tty` when it decides
 * whether output comes in frames, and Podman believes the other one.
 */
export function execStartCheck({ detach, tty }: Created): { Detach: boolean; Tty: boolean } {
  return { Detach: detach, Tty: tty }
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
