/**
 * # Exercise 7, small: read the note
 *
 * In: the daemon's note of an exec, as GET /exec/{id}/json returns it: JSON
 * text with `Running` and `ExitCode` in it.
 *
 * Out: the exit code, or undefined if there is none yet and we have to ask
 * again.
 *
 * You are done when every code of a command that has ended comes back, 0
 * included, and everything else gives undefined.
 *
 * @module
 */

import { notWritten } from '../../../src/judging/not-written.ts'

/** Your function: the exit code in a note. */
export function exitCodeIn(note: string): number | undefined {
  // YOUR CODE
  // While there is no code, Docker sends null. Podman always sends a number.
  throw notWritten('7 exit-code-note', note)
}
