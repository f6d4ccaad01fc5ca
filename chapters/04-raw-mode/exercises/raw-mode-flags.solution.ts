/**
 * The solution of the small exercise of chapter 4.
 *
 * @module
 */

/** Returns the stty words that make a terminal with these flags raw. */
export function rawWords(flags: Readonly<Record<string, boolean>>): string[] {
  const cookedFlags = [
    'icanon', // holds the keys back until Enter
    'echo', // echoes the keys, as the container's terminal does too
    'isig', // turns Ctrl-C, Ctrl-Z and Ctrl-\ into signals
    'iexten', // keeps Ctrl-V for itself
    'ixon', // keeps Ctrl-S and Ctrl-Q for itself
    'icrnl', // turns the 0d of Enter into 0a
    'inlcr', // turns the 0a of Ctrl-J into 0d
    'igncr', // drops the 0d of Enter
    'istrip', // clears the eighth bit, which é and every other non-ASCII letter needs
    'opost', // adds a 0d to an 0a that already has one
  ]
  return cookedFlags.filter((flag) => flags[flag]).map((flag) => `-${flag}`)
}
