/**
 * # Exercise 7: how did it end?
 *
 * In: a session that may still run, and whose `ended` tells later how it ended (`Resizing`).
 *
 * Out: the `exitCode`, and a `message` for stderr, which is empty for a command that simply ended
 * (`Exited`).
 *
 * You are done when: the code is the command's own; the terminal is back before the daemon is
 * asked; after the detach keys it is 1 and `read escape sequence`; after an error it is 1 and the
 * error's message; and in these two cases the daemon is not asked at all.
 *
 * @module
 */

import type { Stage } from '../../../src/course/stage.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import type { Resizing } from '../../06-resize/stage.ts'
import { type Exited, execExitCode, exitCode as reference } from '../stage.ts'

/** Chapter 7, yours. */
export const exitCode: Stage<Resizing, Exited> = {
  ...reference,

  async run(resizing, kit) {
    // YOUR CODE
    // resizing.ended resolves to { by: 'daemon' }, { by: 'detach keys' } or { by: 'error', error }.
    // resizing.rawMode and resizing.resizes are held, or null. execExitCode(resizing, kit) asks the
    // daemon, again where it must, and gives { exitCode, message }.
    throw notWritten('7 exit-code', resizing, kit, execExitCode)
  },
}
