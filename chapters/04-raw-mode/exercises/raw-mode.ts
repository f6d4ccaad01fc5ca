/**
 * # Exercise 4: who interprets a key?
 *
 * In: a hijacked session (`Hijacked`), and a terminal in the kit. It has
 * `inputIsTerminal`; `readModes()`, which returns all modes as one string;
 * and `setModes(…)`, which accepts that string, or `stty` words like those in
 * `rawFlags`.
 *
 * Out (`Raw`): `rawMode`, held under the label `raw mode` with a release that
 * restores the modes, or null if the session needs no raw mode.
 *
 * You are done when the terminal is raw if and only if all four conditions of
 * the chapter are true, and its modes are restored however the run ends.
 *
 * @module
 */

import type { Kit } from '../../../src/course/kit.ts'
import type { Stage } from '../../../src/course/stage.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import type { Hijacked } from '../../03-hijack/stage.ts'
import { type Raw, rawFlags, rawMode as reference } from '../stage.ts'

/** Chapter 4: your version. */
export const rawMode: Stage<Hijacked, Raw> = {
  ...reference,

  async run(hijacked, kit) {
    // YOUR CODE
    // Read, register, set. To register:
    // kit.scope.hold('raw mode', 'raw' as const, release)
    throw notWritten('4 raw-mode', hijacked, kit, wantsRawMode, rawFlags)
  },
}

function wantsRawMode({ interactive, tty }: Hijacked, { terminal }: Kit): boolean {
  // YOUR CODE
  // Four conditions. The last one is an environment variable.
  throw notWritten('4 raw-mode', interactive, tty, terminal)
}
