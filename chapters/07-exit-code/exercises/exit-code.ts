/**
 * # Exercise 7: how did it end?
 *
 * In: a session that may still be running (`Resizing`). Its promise `ended`
 * resolves when the session is over and says how it ended.
 *
 * Out: the `exitCode`, and a `message` for stderr, which is empty if the
 * command simply ended (`Exited`).
 *
 * You are done when: you pass on what `execExitCode` returns, unchanged;
 * rawMode and resizes are released however the session ends, and rawMode
 * before you ask the daemon; the detach keys give 1 and `read escape
 * sequence`; an error gives 1 and the error's message; and in these two cases
 * you don't ask the daemon at all.
 *
 * @module
 */

import type { Stage } from '../../../src/course/stage.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import type { Resizing } from '../../06-resize/stage.ts'
import { type Exited, execExitCode, exitCode as reference } from '../stage.ts'

/** Your stage of chapter 7. */
export const exitCode: Stage<Resizing, Exited> = {
  ...reference,

  async run(resizing, kit) {
    // YOUR CODE
    // resizing.ended resolves to { by: 'daemon' }, { by: 'detach keys' } or
    // { by: 'error', error }. resizing.rawMode and resizing.resizes each have
    // a release() method, or are null. execExitCode(resizing, kit) asks the
    // daemon, repeatedly if it has to, and resolves to { exitCode, message }.
    throw notWritten('7 exit-code', resizing, kit, execExitCode)
  },
}
