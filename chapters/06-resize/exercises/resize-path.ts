/**
 * # Exercise 6, small: a size as a request
 *
 * In: an exec ID, and the size of our window, or undefined where there is no window.
 *
 * Out: the path of the request that sets it, or undefined where there is nothing worth sending.
 *
 * You are done when `stty size` in a real container says what our window has.
 *
 * @module
 */

import { notWritten } from '../../../src/judging/not-written.ts'
import type { WindowSize } from '../../../src/terminal/terminal.ts'

/** The path of the request, yours. */
export function resizePath(execId: string, size: WindowSize | undefined): string | undefined {
  // YOUR CODE
  // The height is h and the width is w. A window of 0 by 0 is none: there are terminals that say so.
  throw notWritten('6 resize-path', execId, size)
}
