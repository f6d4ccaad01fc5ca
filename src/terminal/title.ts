/**
 * The title of the window, which a session leaves free for us: nothing on the screen moves.
 *
 * @module
 */

import { printableLine } from '../text/printable.ts'
import { cutText } from '../text/width.ts'

/**
 * Puts the title aside, on a stack that most terminals have, tmux among them. It comes back with what
 * else is restored behind the session.
 */
export const saveTitle = '\x1b[22;0t'

/** Takes it back. Where none was put aside this does nothing. */
export const restoreTitle = '\x1b[23;0t'

/** Longer titles are cut by every window. */
const longest = 100

/** Sets the title. */
export function titled(text: string): string {
  return `\x1b]2;${cutText(printableLine(text), longest)}\x07`
}

/** Whether this terminal has a title. The console of Linux has none, and one of old prints it. */
export function hasTitle(output: { readonly isTTY?: boolean }): boolean {
  return output.isTTY === true && !['dumb', 'linux'].includes(process.env.TERM ?? 'dumb')
}
