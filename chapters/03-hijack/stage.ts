/**
 * # 3 Hijack: whose connection is it now?
 *
 * The daemon has sent its 101 and no longer speaks HTTP. Our side has to stop
 * too: an HTTP client that kept reading would take a shell's prompt for a
 * malformed response. To *hijack* a connection is to take its socket away
 * from the HTTP client, together with every byte the client has already read.
 * undici, our HTTP client, let go of the socket in chapter 2, at the 101. Now
 * we collect the bytes that it read past the blank line, and set the socket
 * up for the session.
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
 * Three things have to be right. Get one wrong and you have a bug that shows
 * up only sometimes.
 *
 * **Early bytes.** The daemon's 101 and the command's first output can arrive
 * in one packet. The HTTP parser reads the packet, finds the blank line, and
 * is left holding bytes that belong to the session:
 *
 * ```text
 *   48 54 54 50 2f 31 2e 31 20 31 30 31 … 0d 0a 0d 0a │ 23 20
 *   H  T  T  P  /  1  .  1     1  0  1  …             │ #  ␠
 * ```
 *
 * The HTTP clients of Go and Node have a place for these bytes. Go returns
 * them in a buffered reader, and Node's own client as the argument `head` of
 * its 'upgrade' event. undici puts them back: when its 101 callback hands us
 * the socket, they are the first bytes that `socket.read()` returns. With Go
 * or with Node's own client, code that ignores that place loses the bytes,
 * and the prompt with them. With undici they would wait in the socket for
 * chapter 5; we collect them so you can see them in the state.
 *
 * **A silent connection.** A long command may print nothing for an hour.
 * Routers drop connections that carry no traffic, and neither side is told.
 * If we turn on TCP keep-alive with a delay of 30 seconds, the kernel probes
 * a connection that has been idle that long. A Unix socket has no network in
 * between, so it needs no keep-alive.
 *
 * **Two directions that end separately.** When our input is over we end our
 * direction and keep reading: the *half-close* of chapter 5. The daemon may
 * end its direction first. By default Node would then end ours too, and a key
 * that you press at that moment would fail with EPIPE. `allowHalfOpen` turns
 * that off.
 *
 * ## How the bytes are framed
 *
 * With a tty the output is one stream, the terminal's, and its bytes arrive
 * raw. Without one there are two, stdout and stderr, and they arrive in
 * *stdcopy frames*: an eight-byte header with the stream's number and the
 * length, then that many bytes. The Content-Type of the 101 says which format
 * it is, `raw-stream` or `multiplexed-stream`, but only from API 1.42 on.
 * Older daemons say `raw-stream` in both cases. So we rely on the `Tty` that
 * we sent ourselves.
 * <!-- claims: content-type-since 1.42, framed-type multiplexed-stream -->
 * <!-- claims: raw-type raw-stream -->
 *
 * ## What to watch
 *
 * Run `npm run chapter 3` a few times. Are there early bytes, and if so,
 * always the same number of them?
 *
 * ## How to get out
 *
 * As in chapter 2, the workbook ends the command: with `-it` it sends Ctrl-D
 * and, if that isn't enough, Ctrl-C; without `-it` it half-closes.
 *
 * ## What docker does that this leaves out
 *
 * On Windows a named pipe has no half-close. There docker sends an empty
 * message instead; we don't.
 *
 * @module
 */

import type { Socket } from 'node:net'
import type { Held } from '../../src/course/scope.ts'
import type { Stage } from '../../src/course/stage.ts'
import { Failure } from '../../src/process/failure.ts'
import { messageOf } from '../../src/stream/http.ts'
import type { Started } from '../02-start/stage.ts'

/** The format of the output: raw bytes, or stdcopy frames. */
export type Framing = 'raw' | 'stdcopy'

/** What chapter 3 passes on. */
export type Hijacked = Started & {
  /** The connection, now a plain stream of bytes in both directions. */
  readonly wire: Held<Socket>
  /** The output that had already arrived when we took the socket. */
  readonly early: Uint8Array
  /** The format of the output. */
  readonly framing: Framing
}

/**
 * How long a TCP connection is idle before its first keep-alive probe, in
 * milliseconds.
 */
const keepAliveDelay = 30_000

/** Chapter 3: sends nothing. It takes the socket and prepares it. */
export const hijack: Stage<Started, Hijacked> = {
  name: 'hijack',
  title: 'takes the connection away from HTTP',
  question: 'Whose connection is it now?',

  async run(started, kit) {
    const socket = started.connection?.value
    if (started.reply.status !== 101 || !socket) throw notUpgraded(started)

    // When the daemon ends its direction, ours has to stay open.
    socket.allowHalfOpen = true
    if (isTcp(socket)) socket.setKeepAlive(true, keepAliveDelay)

    return {
      ...started,
      // The same socket under a new name. This release only ends our
      // direction. Right after it, chapter 2's destroy() closes the socket.
      wire: kit.scope.hold('wire', socket, () => socket.end()),
      early: takeEarlyBytes(socket),
      framing: started.tty ? 'raw' : 'stdcopy',
    }
  },
}

/**
 * Takes the bytes that undici has read and put back. Nothing else reads from
 * this socket, so later bytes follow in the same buffer, in order. `read()`
 * returns null when the buffer is empty.
 */
function takeEarlyBytes(socket: Socket): Uint8Array {
  const pieces: Buffer[] = []
  for (let piece = socket.read(); piece !== null; piece = socket.read()) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Whether this is a TCP socket: a Unix socket has no remote address. */
function isTcp(socket: Socket): boolean {
  return socket.remoteAddress !== undefined
}

/**
 * Returns the failure for any status but 101. docker prints only the status;
 * we add the daemon's message if it sent one.
 */
export function notUpgraded({ reply }: Started): Failure {
  const reason = messageOf(reply)
  return new Failure(
    `unable to upgrade to tcp, received ${reply.status}${reason && `: ${reason}`}`,
    1,
    reply.status === 200
      ? 'A proxy between here and the daemon may have removed the Upgrade header: connect without the proxy.'
      : undefined,
  )
}
