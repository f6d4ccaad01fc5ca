/**
 * Sets the window title. During a session we can show status there without
 * touching the screen.
 *
 * @module
 */

import { printableLine } from '../text/printable.ts'
import { cutText } from '../text/width.ts'

/**
 * Pushes the title onto the title stack, which most terminals have, including
 * tmux. It is restored after the session.
 */
export const saveTitle = '\x1b[22;0t'

/** Pops the title. Does nothing if the stack is empty. */
export const restoreTitle = '\x1b[23;0t'

/** The maximum length of a title. */
const longest = 100

/** Returns the sequence that sets the title. */
export function titleSequence(text: string): string {
  return `\x1b]2;${cutText(printableLine(text), longest)}\x07`
}

/** Whether this terminal has a title. The Linux console has none. */
export function hasTitle(output: { readonly isTTY?: boolean }): boolean {
  return output.isTTY === true && !['dumb', 'linux'].includes(process.env.TERM ?? 'dumb')
}
