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
 * Nothing goes over the wire. What changes is the terminal driver in our own kernel. `stty -a` shows
 * its flags, and these are the five that you notice:
 *
 * ```text
 *   icanon  → -icanon    a key is delivered at once, not with its line
 *   echo    → -echo      the container's terminal echoes, and comes back over the wire
 *   isig    → -isig      Ctrl-C is the byte 03, Ctrl-Z is 1a, Ctrl-\ is 1c
 *   icrnl   → -icrnl     Enter is 0d
 *   opost   → -opost     0a from the container is not made into 0d 0a a second time
 * ```
 *
 * The whole list stands below. It is what docker's client changes, no more and no less. Node's own
 * `process.stdin.setRawMode(true)` leaves `opost` on, so each line end of the container's terminal
 * would be translated a second time here. So we do what a shell script would do: run `stty`.
 *
 * ## When, and when not
 *
 * Only if four things are true: our input is attached (`-i`), a tty was asked for (`-t`), our input
 * is a terminal (`ls | docker exec -i …` has no keys to interpret), and NORAW is unset or empty in
 * the environment. The client of 2015 looked at NORAW and today's still does: set it, and you see
 * what two terminals at once are like.
 *
 * ## Read, register, set
 *
 * The order matters. First we read the modes as they are, all of them: "the opposite of raw" is not
 * what the terminal was before. Then we register the restore, and only then set raw mode, so there
 * is no moment in which the terminal is raw and nothing would restore it. The restore runs once,
 * whoever asks first: the copy loop when the output ends, so that an error message already lands on
 * a terminal that is in order, or the end of the walk, or a signal. If a program is killed before it
 * can do that, your terminal no longer echoes what you type. (`stty sane` and Enter, typed blind,
 * repair it. The workbook also has a small process that watches for this, `terminal-guard.ts`.)
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
import type { Hijacked } from '../03-hijack/stage.ts'

/** What chapter 4 passes on. */
export type Raw = Hijacked & {
  /** The raw mode of our terminal, or null if the session needs none. */
  readonly rawMode: Held<'raw'> | null
}

/** Raw mode in the words of `stty`: a flag is set by its name and cleared by a minus before it. */
export const rawFlags = [
  // Input: every byte as it is. Enter stays \r, Ctrl-S and Ctrl-Q are keys, UTF-8 keeps its 8th bit.
  ...['-icrnl', '-inlcr', '-igncr', '-ixon', '-istrip', '-ignbrk', '-brkint', '-parmrk'],
  // Lines: none. Each key is delivered at once, echoed by the container, and never a signal.
  ...['-icanon', '-echo', '-echonl', '-isig', '-iexten'],
  // Output: as it comes. \n stays \n, because the container's terminal has made it \r\n.
  '-opost',
  // Characters: eight bits, no parity.
  ...['cs8', '-parenb'],
  // A read returns as soon as there is one byte, and waits for it without a time limit.
  ...['min', '1', 'time', '0'],
] as const

/** Chapter 4. */
export const rawMode: Stage<Hijacked, Raw> = {
  name: 'raw mode',
  title: 'makes our terminal pass on every key as it is',
  question: 'Who interprets a key?',

  async run(hijacked, kit) {
    if (!wantsRawMode(hijacked, kit)) return { ...hijacked, rawMode: null }

    // Read: all modes at once, in the form in which stty takes them back (`stty -g`).
    const modes = kit.terminal.readModes()
    // Register: from here on every way out restores them.
    const rawMode = kit.scope.hold('raw mode', 'raw' as const, () => kit.terminal.setModes(modes))
    // Set.
    kit.terminal.setModes(...rawFlags)

    return { ...hijacked, rawMode }
  },
}

/** Whether raw mode is wanted: keys go to a tty in the container, and they come from a terminal. */
export function wantsRawMode({ interactive, tty }: Hijacked, { terminal }: Kit): boolean {
  return interactive && tty && terminal.inputIsTerminal && !process.env.NORAW
}
