/**
 * # Exercise 3: take the connection away from HTTP
 *
 * In (`Started`): the daemon's `reply` and the `connection`, which is a held
 * `net.Socket` after a 101 and null otherwise.
 *
 * Out (`Hijacked`): the `wire`, which is the same socket held again under a
 * new name; `early`, the output that has already arrived when you take the
 * socket; and `framing`, the format of the output.
 *
 * You are done when:
 *
 * - any status other than 101 is rejected with `notUpgraded`,
 * - no byte of the output is lost,
 * - your direction stays open when the daemon ends its own, and
 * - a TCP connection sends keep-alive probes after 30 idle seconds, and a
 *   Unix socket sends none.
 *
 * @module
 */

import type { Socket } from 'node:net'
import type { Stage } from '../../../src/course/stage.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import type { Started } from '../../02-start/stage.ts'
import { type Hijacked, notUpgraded, hijack as reference } from '../stage.ts'

/**
 * How long a TCP connection is idle before its first keep-alive probe, in
 * milliseconds.
 */
const keepAliveDelay = 30_000

/** Chapter 3: your version. */
export const hijack: Stage<Started, Hijacked> = {
  ...reference,

  async run(started, kit) {
    // YOUR CODE
    // The socket is started.connection?.value. Hold it with
    // kit.scope.hold('wire', …); socket.end() releases it. framing is 'raw'
    // or 'stdcopy'.
    throw notWritten('3 hijack', started, kit, notUpgraded, keepAliveDelay, takeEarlyBytes, isTcp)
  },
}

function takeEarlyBytes(socket: Socket): Uint8Array {
  // YOUR CODE
  // undici has put the early bytes back into the socket: socket.read()
  // returns them, or null if there are none.
  throw notWritten('3 hijack', socket)
}

function isTcp(socket: Socket): boolean {
  return socket.remoteAddress !== undefined
}
