/**
 * # Exercise 3: take the connection away from HTTP
 *
 * In: the daemon's `reply`, and the `connection` if there is one, a `net.Socket` (`Started`).
 *
 * Out: the `wire`, which is the same socket, held again under its new name; the bytes that came
 * `early`, after the 101 and before you could read; and how output comes, `framing` (`Hijacked`).
 *
 * You are done when any status other than 101 is rejected with `notUpgraded`; when not one byte of
 * output is lost; when the daemon's end does not end your side too; and when a TCP connection has a
 * keep-alive of 30 seconds and a Unix socket has none.
 *
 * @module
 */

import type { Socket } from 'node:net'
import type { Stage } from '../../../src/course/stage.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import type { Started } from '../../02-start/stage.ts'
import { type Hijacked, notUpgraded, hijack as reference } from '../stage.ts'

/** How long a TCP connection is idle before its first keep-alive probe, in milliseconds. */
const keepAliveDelay = 30_000

/** Chapter 3, yours. */
export const hijack: Stage<Started, Hijacked> = {
  ...reference,

  async run(started, kit) {
    // YOUR CODE
    // The socket is started.connection?.value. kit.scope.hold('wire', …) holds it, and the wire is
    // released by socket.end(). framing is 'raw' or 'stdcopy'.
    throw notWritten('3 hijack', started, kit, notUpgraded, keepAliveDelay, takeEarlyBytes, isTcp)
  },
}

function takeEarlyBytes(socket: Socket): Uint8Array {
  // YOUR CODE
  // undici has put them back: socket.read() returns all of them, or null where none came.
  throw notWritten('3 hijack', socket)
}

function isTcp(socket: Socket): boolean {
  return socket.remoteAddress !== undefined
}
