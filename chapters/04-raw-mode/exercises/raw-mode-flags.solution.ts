/**
 * The second solution of chapter 4: the flags of the terminal's driver.
 *
 * @module
 */

/** The words for stty that make a terminal with these flags raw. */
export function rawWords(flags: Readonly<Record<string, boolean>>): string[] {
  const inTheWay = [
    'icanon', // collects a line
    'echo', // shows what is typed, and so does the container's terminal
    'isig', // makes signals of Ctrl-C, Ctrl-Z and Ctrl-\
    'iexten', // keeps Ctrl-V for itself
    'ixon', // keeps Ctrl-S and Ctrl-Q for itself
    'icrnl', // makes 0a of the 0d of Enter
    'inlcr', // makes 0d of the 0a of Ctrl-J
    'igncr', // drops the 0d of Enter
    'istrip', // takes the eighth bit away, which é and every other letter of UTF-8 needs
    'opost', // makes 0d 0a of an 0a that was made into 0d 0a already
  ]
  return inTheWay.filter((flag) => flags[flag]).map((flag) => `-${flag}`)
}
