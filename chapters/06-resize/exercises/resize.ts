/**
 * # Exercise 6: keep the container's terminal at the size of our window
 *
 * In: a running session (`Copying`). The kit has a terminal with `size()` and
 * `onResize(listener)`, which returns a function that stops listening.
 *
 * Out: `size`, the size of our window after your first request, and
 * `resizes`, the listener, held under the label `window size`. The type
 * `Resizing` has both, and says when they are null. "When the size is sent"
 * in chapter 6 says when to send a size at all.
 *
 * You are done when: the container's terminal gets the size of our window
 * and follows its changes; the session doesn't wait if the daemon refuses;
 * and the listener is removed when the session is over.
 *
 * @module
 */

import type { Stage } from '../../../src/course/stage.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import type { Copying } from '../../05-copy-loops/stage.ts'
import { type Resizing, resize as reference, sendSize, tryAgain } from '../stage.ts'

/** Your stage of chapter 6. */
export const resize: Stage<Copying, Resizing> = {
  ...reference,

  async run(copying, kit) {
    // YOUR CODE
    // sendSize(copying, kit) sends the current size and resolves to false if
    // the daemon didn't accept it. tryAgain(copying, kit) retries up to ten
    // times, or until the session is over.
    throw notWritten('6 resize', copying, kit, sendSize, tryAgain)
  },
}
