/**
 * # Exercise 4, small: which flags make a terminal raw?
 *
 * In: the flags of a terminal under the names that `stty -a` prints, true for
 * those that are on: `icanon`, `echo`, `isig`, `iexten`, `ixon`, `icrnl`,
 * `opost` and others.
 *
 * Out: the words for `stty` that make this terminal raw, one for each flag
 * that has to change and no other. `-echo` turns echo off, `echo` would turn
 * it on.
 *
 * You are done when every key arrives at once as its bytes, output is shown
 * unchanged, and every flag that isn't in the way keeps its value.
 *
 * @module
 */

import { notWritten } from '../../../src/judging/not-written.ts'

/** The stty words: your version. */
export function rawWords(flags: Readonly<Record<string, boolean>>): string[] {
  // YOUR CODE
  // Which flags are in the way, and which of those are on?
  throw notWritten('4 raw-mode-flags', flags)
}
