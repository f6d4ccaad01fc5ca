/**
 * # Exercise 6: keep the two windows the same
 *
 * In: a session that runs (`Copying`), and in the kit a terminal with `size()` and
 * `onResize(listener)`, which returns what stops the listening.
 *
 * Out: the `size` that was sent first, and `resizes`, what follows the window, held under the label
 * `window size`. Both are null where there is nothing to set (`Resizing`).
 *
 * You are done when: the terminal in the container has the size of ours, and keeps having it when the
 * window changes; the session does not wait for a daemon that refuses; and when nobody listens any
 * more once it is over.
 *
 * @module
 */

import type { Stage } from '../../../src/course/stage.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import type { Copying } from '../../05-copy-loops/stage.ts'
import { type Resizing, resize as reference, sendSize, tryAgain } from '../stage.ts'

/** Chapter 6, yours. */
export const resize: Stage<Copying, Resizing> = {
  ...reference,

  async run(copying, kit) {
    // YOUR CODE
    // sendSize(copying, kit) sends the size as it is now and says whether the daemon took it;
    // tryAgain(copying, kit) goes on trying as long as the session lives.
    throw notWritten('6 resize', copying, kit, sendSize, tryAgain)
  },
}
