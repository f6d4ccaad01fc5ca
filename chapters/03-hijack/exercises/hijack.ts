/**
 * # Exercise 3: take the connection away from HTTP
 *
 * In: the daemon's `reply`, and the `connection` if there is one (`Started`).
 *
 * Out: the `wire`, which is the same connection, held once more under its new name; the bytes that
 * came `early`, behind the 101 and before you could read; and how output comes, `framing`
 * (`Hijacked`).
 *
 * Done is it when: anything but a 101 is refused with `notUpgraded`; not one byte of output is
 * lost; a TCP connection has a keep-alive of 30 seconds, and a unix socket has none.
 *
 * @module
 */

import type { Stage } from '../../../src/course/stage.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import type { Started } from '../../02-start/stage.ts'
import { type Hijacked, notUpgraded, hijack as reference } from '../stage.ts'

/** Idle time after which TCP asks whether the other side is still there, in milliseconds. */
const keepAliveDelay = 30_000

/** Chapter 3, yours. */
export const hijack: Stage<Started, Hijacked> = {
  ...reference,

  async run(started, kit) {
    // YOUR CODE
    // The connection is in started.connection?.value. It knows whether it is overTcp, it has
    // takeEarlyBytes(), and its socket is a net.Socket. kit.scope.hold('wire', …) holds it, and to
    // give the wire back is to end the socket. framing is 'raw' or 'stdcopy'.
    throw notWritten('3 hijack', started, kit, notUpgraded, keepAliveDelay)
  },
}
