/**
 * # Exercise 4: who interprets a key?
 *
 * In: a hijacked session (`Hijacked`), and in the kit a terminal: `inputIsTerminal`, and
 * `setRawMode()`, which returns what gives the terminal back as it was.
 *
 * Out: `rawMode`, the raw mode as something held under the label `raw mode`, or null where it is
 * not wanted (`Raw`).
 *
 * Done is it when: the terminal is raw if, and only if, all four conditions of the chapter are
 * true; and when it comes back, whichever way the walk ends.
 *
 * @module
 */

import type { Kit } from '../../../src/course/kit.ts'
import type { Stage } from '../../../src/course/stage.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import type { Hijacked } from '../../03-hijack/stage.ts'
import { type Raw, rawMode as reference } from '../stage.ts'

/** Chapter 4, yours. */
export const rawMode: Stage<Hijacked, Raw> = {
  ...reference,

  async run(hijacked, kit) {
    // YOUR CODE
    // Register the way back in the same breath: kit.scope.hold('raw mode', 'raw' as const, …).
    throw notWritten('4 raw-mode', hijacked, kit, wantsRawMode)
  },
}

function wantsRawMode({ interactive, tty }: Hijacked, { terminal }: Kit): boolean {
  // YOUR CODE
  // Four conditions. The last one is a variable of the environment.
  throw notWritten('4 raw-mode', interactive, tty, terminal)
}
