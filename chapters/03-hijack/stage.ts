/**
 * # 3 Hijack: whose connection is it now?
 *
 * The daemon has said 101 and has stopped speaking HTTP. Our side must stop too: an HTTP client that
 * keeps reading would take a shell's prompt for a malformed answer. To *hijack* the connection is to
 * take the socket away from the client that opened it, and to take all of it.
 * <!-- claims: session-follows-101 101 -->
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
 * Three things have to be right. Forget one and you get a bug that shows up only sometimes.
 *
 * **The bytes that came too early.** A daemon is quick: its 101 and the command's first output
 * often come in one packet. The HTTP parser reads the packet, finds the blank line, and is left
 * holding bytes that belong to the session:
 *
 * ```text
 *   48 54 54 50 2f 31 2e 31 20 31 30 31 … 0d 0a 0d 0a │ 23 20
 *   H  T  T  P  /  1  .  1     1  0  1  …             │ #  ␠
 * ```
 *
 * Every HTTP client that lets you take its socket has a place for these bytes. Go returns them in a
 * buffered reader, Node's own client as the argument `head`. undici puts them back: when its 101
 * callback hands us the socket, they are the first bytes that `socket.read()` returns. A client
 * that goes straight to the next read of the network loses them, and with them the prompt.
 *
 * **A silent connection.** A long command may print nothing for an hour. Routers drop connections
 * that carry no traffic, and then neither side hears from the other again. With TCP keep-alive the
 * kernel sends an empty packet when the connection has been idle for 30 seconds. A Unix socket has
 * no network in between, so it needs none.
 *
 * **Two directions that end separately.** When our input is over we say so and go on reading: the
 * *half-close* of chapter 5. The daemon may do the same to us. Node has a default against that:
 * when the other side ends, it ends ours as well. `allowHalfOpen` turns that off.
 *
 * ## How the bytes are framed
 *
 * Under a tty there is one stream, the terminal's, and the bytes are the bytes. Without one there
 * are two, stdout and stderr, and they come in *stdcopy frames*. The Content-Type of the 101 tells
 * which, `raw-stream` or `multiplexed-stream`, but only from API 1.42 on; older daemons say
 * `raw-stream` in both cases. What always tells is the `Tty` that we asked for ourselves.
 * <!-- claims: content-type-since 1.42, framed-type multiplexed-stream -->
 * <!-- claims: raw-type raw-stream -->
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

import type { Socket } from 'node:net'
import type { Held } from '../../src/course/scope.ts'
import type { Stage } from '../../src/course/stage.ts'
import { Failure } from '../../src/process/failure.ts'
import { messageOf } from '../../src/stream/http.ts'
import type { Started } from '../02-start/stage.ts'

/** How output comes: as it is, or in stdcopy frames. */
export type Framing = 'raw' | 'stdcopy'

/** What chapter 3 passes on. */
export type Hijacked = Started & {
  /** The connection, now a plain stream of bytes in both directions. */
  readonly wire: Held<Socket>
  /** The bytes that came before we could read: the beginning of the output. */
  readonly early: Uint8Array
  /** How output comes. */
  readonly framing: Framing
}

/** How long a TCP connection is idle before its first keep-alive probe, in milliseconds. */
const keepAliveDelay = 30_000

/** Chapter 3. */
export const hijack: Stage<Started, Hijacked> = {
  name: 'hijack',
  title: 'takes the connection away from HTTP',
  question: 'Whose connection is it now?',

  async run(started, kit) {
    const socket = started.connection?.value
    if (started.reply.status !== 101 || !socket) throw notUpgraded(started)

    // The daemon's end must not end our side too.
    socket.allowHalfOpen = true
    if (isTcp(socket)) socket.setKeepAlive(true, keepAliveDelay)

    return {
      ...started,
      // The same socket under its new name. Released first, it says that we write no more; the release
      // of chapter 2 then closes it.
      wire: kit.scope.hold('wire', socket, () => socket.end()),
      early: takeEarlyBytes(socket),
      framing: started.tty ? 'raw' : 'stdcopy',
    }
  },
}

/**
 * Takes the bytes that undici had read and put back. Nobody else reads from the socket, so what has
 * come since waits in the same buffer, in order. `read()` returns null when the buffer is empty.
 */
function takeEarlyBytes(socket: Socket): Uint8Array {
  const pieces: Buffer[] = []
  for (let piece = socket.read(); piece !== null; piece = socket.read()) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** A TCP connection has an address at its other end. That of a Unix socket has none. */
function isTcp(socket: Socket): boolean {
  return socket.remoteAddress !== undefined
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
