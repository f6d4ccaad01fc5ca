/**
 * # 4 Raw mode: who interprets a key?
 *
 * There are two terminals now: the one in front of you, and the pseudo-terminal that the daemon
 * made in the container. Both want to do the same work: collect a line, echo what you type, turn
 * Ctrl-C into a signal. If both do it, every letter appears twice, Enter comes late, and Ctrl-C
 * ends this program instead of the one you meant. One of the two has to stop, and it has to be
 * ours: only the terminal in the container knows which program is in front of it.
 *
 * ```text
 *   before                            after
 *   wire        <wire: live>          wire        <wire: live>
 *   framing     "raw"                 framing     "raw"
 *                                   + rawMode     <raw mode: live>
 * ```
 *
 * Nothing goes over the wire. What changes is the driver of our own terminal:
 *
 * ```text
 *   icanon  → -icanon    a key is delivered at once, not with its line
 *   echo    → -echo      the container's terminal echoes, and comes back over the wire
 *   isig    → -isig      Ctrl-C is the byte 03, Ctrl-Z is 1a, Ctrl-\ is 1c
 *   icrnl   → -icrnl     Enter is 0d
 *   opost   → -opost     0a from the container is not made into 0d 0a a second time
 * ```
 *
 * `src/terminal/raw-mode.ts` has the whole list, flag by flag.
 *
 * ## When, and when not
 *
 * Only if all of this is true: our input is attached, a tty was asked for, and our input is a
 * terminal. `ls | docker exec -i …` has no keys to interpret. And not if the environment has
 * NORAW, which the client of 2015 looked at and today's still does: then you see what two terminals
 * at once are like.
 *
 * ## Restore first
 *
 * The way back is registered in the same breath in which the mode is set, before anything else can
 * go wrong. It runs once, whoever calls it first: the copy loop when the output ends, so that an
 * error message already lands on a terminal that is in order, or the end of the walk, or a signal.
 * A program that dies in between leaves a terminal that shows nothing you type. (`stty sane` and
 * Enter, typed blindly, bring it back.)
 *
 * ## What to watch
 *
 * `npm run chapter 4`: the flags before and after, and then the bytes of every key that you press.
 * Try Ctrl-C, the arrows, é. Then `NORAW=1 npm run chapter 5`: each letter twice.
 *
 * ## How to get out
 *
 * `q` ends this chapter. Ctrl-C does not: it is a byte like any other now, and that is the point.
 *
 * ## What docker does that this leaves out
 *
 * On Windows it also switches the console's translation of escape sequences.
 *
 * @module
 */

import type { Kit } from '../../src/course/kit.ts'
import type { Held } from '../../src/course/scope.ts'
import type { Stage } from '../../src/course/stage.ts'
import { endCommand } from '../../src/exec/end-command.ts'
import { showKeys } from '../../src/terminal/show-keys.ts'
import type { Hijacked } from '../03-hijack/stage.ts'

/** What chapter 4 passes on. */
export type Raw = Hijacked & {
  /** The raw mode of our terminal, or null where it is not wanted. */
  readonly rawMode: Held<'raw'> | null
}

/** Chapter 4. */
export const rawMode: Stage<Hijacked, Raw> = {
  name: 'raw mode',
  title: 'makes our terminal pass on every key as it is',
  question: 'Who interprets a key?',

  async run(hijacked, kit) {
    if (!wantsRawMode(hijacked, kit)) return { ...hijacked, rawMode: null }

    const restore = kit.terminal.setRawMode()
    return { ...hijacked, rawMode: kit.scope.hold('raw mode', 'raw' as const, restore) }
  },

  tell: ({ rawMode, tty, interactive }) => {
    if (rawMode) return 'Our terminal interprets nothing any more: every key goes on as its bytes.'
    if (!interactive || !tty) return 'Raw mode is not wanted: no keys go to a tty in the container.'
    return 'Raw mode is not wanted: our input is no terminal, or NORAW is set.'
  },

  wayOut: (hijacked, kit) =>
    wantsRawMode(hijacked, kit)
      ? 'Press keys and see their bytes. To get out: q.'
      : 'Nothing to do here: the stage ends by itself.',

  // Nothing copies keys to the container yet, so there is time to look at them.
  async linger(raw, { terminal }) {
    if (raw.rawMode) await showKeys(terminal)
    await endCommand(raw, raw.wire.value)
  },
}

function wantsRawMode({ interactive, tty }: Hijacked, { terminal }: Kit): boolean {
  return interactive && tty && terminal.inputIsTerminal && !process.env.NORAW
}
