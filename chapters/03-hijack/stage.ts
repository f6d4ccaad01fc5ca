/**
 * # 3 Hijack: whose connection is it now?
 *
 * The daemon has said 101 and has stopped speaking HTTP. Our side has not: an HTTP client still
 * owns the socket, and would take the first byte of a shell's prompt for a malformed answer. To
 * *hijack* the connection is to take the socket away from the client that opened it.
 *
 * ```text
 *   before                            after
 *   reply       { status: 101, … }    reply       { status: 101, … }
 *   connection  <connection: live>    connection  <connection: live>
 *                                   + wire        <wire: live>
 *                                   + early       <2 bytes: 23 20>
 *                                   + framing     "raw"
 * ```
 *
 * Three things have to be right, and each one that is forgotten shows only sometimes.
 *
 * **The bytes that came too early.** A daemon is quick: its 101 and the command's first output
 * often come in one packet. The HTTP parser reads the packet, finds the empty line, and has bytes
 * left in its hand that are not its own:
 *
 * ```text
 *   48 54 54 50 2f 31 2e 31 20 31 30 31 … 0d 0a 0d 0a │ 23 20
 *   H  T  T  P  /  1  .  1     1  0  1  …             │ #  ␠
 * ```
 *
 * Whoever reads from the socket now loses them: a prompt that is missing once in a hundred runs.
 *
 * **A connection that is silent.** A long command may say nothing for an hour. Routers forget
 * connections over which nothing goes, and then neither side ever hears of the other again. TCP's
 * keep-alive sends an empty packet every 30 seconds. On a unix socket there is nobody on the way.
 *
 * **An end on each side.** A socket has two directions and each one ends by itself. When our input
 * is over we say so and go on reading: the *half-close* of chapter 5. A socket that closes its
 * other half by itself would cut off the answer of `cat`.
 *
 * ## How the bytes are framed
 *
 * Under a tty there is one stream, the terminal's, and the bytes are the bytes. Without one there
 * are two, stdout and stderr, and they come in *stdcopy frames*. The Content-Type of the 101 tells
 * which, `raw-stream` or `multiplexed-stream`, but only from API 1.42 on; older daemons say
 * `raw-stream` in both cases. What always tells is the `Tty` that we asked for ourselves.
 *
 * ## What to watch
 *
 * `npm run chapter 3` a few times: are there early bytes, and is it always the same number?
 *
 * ## How to get out
 *
 * As in chapter 2: the workbook ends the command with Ctrl-D.
 *
 * ## What docker does that this leaves out
 *
 * It also speaks through `ssh` and through named pipes whose half-close is a message of its own.
 *
 * @module
 */

import type { Held } from '../../src/course/scope.ts'
import type { Stage } from '../../src/course/stage.ts'
import type { Connection } from '../../src/engine/connection.ts'
import { endCommand } from '../../src/exec/end-command.ts'
import { Failure } from '../../src/process/failure.ts'
import { messageOf } from '../../src/stream/http.ts'
import type { Started } from '../02-start/stage.ts'

/** How output comes: as it is, or in stdcopy frames. */
export type Framing = 'raw' | 'stdcopy'

/** What chapter 3 passes on. */
export type Hijacked = Started & {
  /** The connection, now a plain stream of bytes in both directions. */
  readonly wire: Held<Connection>
  /** The bytes that came behind the 101 before we could read: the beginning of the output. */
  readonly early: Uint8Array
  /** How output comes. */
  readonly framing: Framing
}

/** Idle time after which TCP asks whether the other side is still there, in milliseconds. */
const keepAliveDelay = 30_000

/** Chapter 3. */
export const hijack: Stage<Started, Hijacked> = {
  name: 'hijack',
  title: 'takes the connection away from HTTP',
  question: 'Whose connection is it now?',

  async run(started, kit) {
    const connection = started.connection?.value
    if (started.reply.status !== 101 || !connection) throw notUpgraded(started)

    if (connection.overTcp) connection.socket.setKeepAlive(true, keepAliveDelay)

    return {
      ...started,
      wire: kit.scope.hold('wire', connection, () => void connection.socket.end()),
      early: connection.takeEarlyBytes(),
      framing: started.tty ? 'raw' : 'stdcopy',
    }
  },

  tell: ({ early, framing }) =>
    `The socket is ours. ${early.length} bytes had come with the answer; what comes now is ${
      framing === 'raw' ? 'the terminal’s output as it is' : 'in stdcopy frames'
    }.`,

  linger: async (hijacked) => {
    await endCommand(hijacked, hijacked.wire.value)
  },
}

/**
 * Anything but a 101 means that the connection is not ours. docker says this much and throws away
 * why; the daemon's own sentence, where it sent one, is the more useful half.
 */
export function notUpgraded({ reply }: Started): Failure {
  const reason = messageOf(reply)
  return new Failure(
    `unable to upgrade to tcp, received ${reply.status}${reason && `: ${reason}`}`,
    1,
    reply.status === 200
      ? 'A proxy between here and the daemon may have removed the Upgrade header: try without it.'
      : undefined,
  )
}
