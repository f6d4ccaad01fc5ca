/**
 * # Exercise 2: ask for the connection
 *
 * In: an exec that the daemon has written down (`Created`).
 *
 * Out: the daemon's `reply`, whatever it says, as its `status`, its `contentType` (a header of the
 * answer, or an empty text) and its `body`; and the `connection` if it is ours now, held under the
 * label `connection`, else null (`Started`). With `-d` there is no session: `startDetached` does it
 * all, and what it gives back is what you return.
 *
 * Done is it when: the command runs and the daemon has answered 101; the connection is held, so
 * that a walk that stops here closes it; a refusal is passed on and not thrown, because it is
 * chapter 3 that has something to say about it.
 *
 * @module
 */

import type { Stage } from '../../../src/course/stage.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import { type Created, consoleSize } from '../../01-create/stage.ts'
import {
  execStartCheck,
  start as reference,
  type Started,
  startDetached,
  startPath,
} from '../stage.ts'

/** Chapter 2, yours. */
export const start: Stage<Created, Started> = {
  ...reference,

  async run(created, kit) {
    // YOUR CODE
    // kit.engine.upgrade(path, body) sends the request with its two headers and gives you
    // { reply, connection }. The body is what execStartCheck makes, and the size of the window.
    // kit.scope.hold(label, value, giveBack) registers what was acquired and returns it as something
    // held. This one is given back by connection.socket.destroy().
    const atHand = [startPath, execStartCheck, consoleSize, startDetached]
    throw notWritten('2 start', created, kit, atHand)
  },
}
