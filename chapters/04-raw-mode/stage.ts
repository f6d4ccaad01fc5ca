/**
 * # 4 Raw mode: who interprets a key?
 *
 * There are two terminals now: the one in front of you, and the
 * pseudo-terminal that the daemon made in the container. In its ordinary
 * mode, called *cooked*, a terminal collects a line, echoes what you type,
 * and turns Ctrl-C into a signal. If both terminals do this, every line you
 * type appears twice, a key arrives only after Enter, and Ctrl-C ends our
 * client instead of the command. One of them has to stop and pass every byte
 * on unchanged: that is *raw mode*. It has to be ours, because only the
 * terminal in the container knows which program is in the foreground there.
 *
 * ```text
 *   before                            after
 *   wire        <wire: live>          wire        <wire: live>
 *   framing     "raw"                 framing     "raw"
 *                                   + rawMode     <raw mode: live>
 * ```
 *
 * Nothing goes over the wire. Only settings of our own terminal change: the
 * flags of the *line discipline*, the part of our kernel that does all of
 * this. `stty -a` shows them. These five matter most:
 *
 * ```text
 *   icanon  → -icanon    a key is delivered at once, not with its line
 *   echo    → -echo      the container's terminal echoes, over the wire
 *   isig    → -isig      Ctrl-C is the byte 03, Ctrl-Z is 1a, Ctrl-\ is 1c
 *   icrnl   → -icrnl     Enter is 0d
 *   opost   → -opost     0d 0a from the container doesn't become 0d 0d 0a
 * ```
 *
 * The full list is `rawFlags` below, and it matches what docker's client
 * changes. Node's own `process.stdin.setRawMode(true)` leaves `opost` on. The
 * container's terminal already ends each line with 0d 0a, and ours would add
 * another 0d. You wouldn't see it, but a recording would contain it. That is
 * why we run `stty`, as a shell script would.
 *
 * ## When, and when not
 *
 * Four conditions have to be true: our input is attached (`-i`), a tty was
 * asked for (`-t`), our input is a terminal, and NORAW is unset or empty in
 * the environment. Chapter 1 already rejects `-it` if our input isn't a
 * terminal, so the third condition is a second check. Docker's client has it
 * too. It read NORAW in 2015 and still does. Set it to see what two cooked
 * terminals do.
 *
 * ## Read, register, set
 *
 * The order matters. First we read all current modes, because "the opposite
 * of raw" is not what the terminal was before. Then we register the restore,
 * and only then do we set raw mode. So whenever the terminal is raw, a
 * restore is registered.
 *
 * The restore runs once, at the first of these events: the output ends, the
 * input ends, you detach, the run ends, or a signal arrives that we can
 * catch. For the first three the copy loops of chapter 5 restore immediately,
 * so any error message that follows is printed on a cooked terminal.
 *
 * SIGKILL and a crash leave us no time to restore. For them the workbook runs
 * a small process that restores the saved modes if we die:
 * `terminal-guard.ts`. If a program without such a helper leaves your
 * terminal raw, you no longer see what you type. Press Ctrl-J, type
 * `stty sane`, and press Ctrl-J again. Enter may not work, because it sends
 * 0d and a line ends with 0a.
 *
 * ## What to watch
 *
 * `npm run chapter 4` shows the bytes of every key you press and, after `q`,
 * the flags before, during and after raw mode. Try Ctrl-C, the arrows, é.
 * Then run `NORAW=1 npm run chapter 5`: every line you type appears twice,
 * once as you type it and again after Enter.
 *
 * ## How to get out
 *
 * `q` ends this chapter. Ctrl-C doesn't: in raw mode it's a byte like any
 * other.
 *
 * ## What docker does that this leaves out
 *
 * On Windows docker also turns on the console's processing of escape
 * sequences.
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

/** Raw mode in `stty` words: `echo` would set a flag, `-echo` clears it. */
export const rawFlags = [
  // Input unchanged: Enter is \r, Ctrl-S is a key, UTF-8 keeps its 8th bit.
  ...['-icrnl', '-inlcr', '-igncr', '-ixon', '-istrip', '-ignbrk', '-brkint', '-parmrk'],
  // No lines: a key is delivered at once, without an echo or a signal.
  ...['-icanon', '-echo', '-echonl', '-isig', '-iexten'],
  // Output unchanged: the container's terminal already sends \r\n.
  '-opost',
  // Characters of eight bits, without parity.
  ...['cs8', '-parenb'],
  // A read waits for at least one byte, without a timeout.
  ...['min', '1', 'time', '0'],
] as const

/** Chapter 4: reads the modes, registers their release, sets raw mode. */
export const rawMode: Stage<Hijacked, Raw> = {
  name: 'raw mode',
  title: 'stops our terminal from interpreting keys',
  question: 'Who interprets a key?',

  async run(hijacked, kit) {
    if (!wantsRawMode(hijacked, kit)) return { ...hijacked, rawMode: null }

    // Read: all modes, in the format that stty accepts again (`stty -g`).
    const modes = kit.terminal.readModes()
    // Register: from here on, every exit path restores them.
    const rawMode = kit.scope.hold('raw mode', 'raw' as const, () => kit.terminal.setModes(modes))
    // Set.
    kit.terminal.setModes(...rawFlags)

    return { ...hijacked, rawMode }
  },
}

/** Whether this session needs raw mode: all four conditions are true. */
export function wantsRawMode({ interactive, tty }: Hijacked, { terminal }: Kit): boolean {
  return interactive && tty && terminal.inputIsTerminal && !process.env.NORAW
}
