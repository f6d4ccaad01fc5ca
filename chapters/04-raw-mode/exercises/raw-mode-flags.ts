/**
 * # Exercise 4, small: which flags make a terminal raw?
 *
 * In: the flags of a terminal as `stty -a` names them, true for those that are on: `icanon`,
 * `echo`, `isig`, `iexten`, `ixon`, `icrnl`, `opost` and others.
 *
 * Out: the words for `stty` that make it raw, one for each flag that has to change, and no other:
 * `-echo` switches echo off, `echo` would switch it on.
 *
 * You are done when every key arrives at once and as its bytes, and output is shown as it comes; and
 * when what has nothing to do with keys and output stays as it was.
 *
 * @module
 */

import { notWritten } from '../../../src/judging/not-written.ts'

/** The words for stty, yours. */
export function rawWords(flags: Readonly<Record<string, boolean>>): string[] {
  // YOUR CODE
  // Which of the flags are in the way, and which of those are on?
  throw notWritten('4 raw-mode-flags', flags)
}
