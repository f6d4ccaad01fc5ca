/**
 * # Exercise 4: who interprets a key?
 *
 * In: a hijacked session (`Hijacked`), and in the kit a terminal: `inputIsTerminal`; `readModes()`,
 * which returns all modes as one text; and `setModes(…)`, which takes that text back, or words of
 * `stty` such as those in `rawFlags`.
 *
 * Out: `rawMode`, something held under the label `raw mode` whose release restores the modes, or
 * null if the session needs no raw mode (`Raw`).
 *
 * You are done when the terminal is raw if, and only if, all four conditions of the chapter are
 * true; and when its modes are restored whichever way the walk ends.
 *
 * @module
 */

import type { Kit } from '../../../src/course/kit.ts'
import type { Stage } from '../../../src/course/stage.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import type { Hijacked } from '../../03-hijack/stage.ts'
import { type Raw, rawFlags, rawMode as reference } from '../stage.ts'

/** Chapter 4, yours. */
export const rawMode: Stage<Hijacked, Raw> = {
  ...reference,

  async run(hijacked, kit) {
    // YOUR CODE
    // Read, register, set. kit.scope.hold('raw mode', 'raw' as const, release) registers.
    throw notWritten('4 raw-mode', hijacked, kit, wantsRawMode, rawFlags)
  },
}

function wantsRawMode({ interactive, tty }: Hijacked, { terminal }: Kit): boolean {
  // YOUR CODE
  // Four conditions. The last one is a variable of the environment.
  throw notWritten('4 raw-mode', interactive, tty, terminal)
}
