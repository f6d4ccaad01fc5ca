/**
 * What a program may leave switched on in a terminal besides its modes, and how to switch it off.
 *
 * @module
 */

/**
 * Switches off what harms nobody when it was off already: a hidden cursor, colours, lines that are
 * cut, letters that show as lines, bracketed paste, mouse reports.
 */
export const quietScreen = [
  '\x1b[0m', // colours and bold
  '\x1b[?25h', // the cursor is shown
  '\x1b[?7h', // a line that is too long goes on in the next one
  '\x1b[4l', // what is written goes over what stands there, and pushes nothing aside
  '\x0f\x1b(B\x1b)B', // letters are letters, not the lines of a frame
  '\x1b[?2004l', // a paste is not marked
  '\x1b[?9l\x1b[?1000l\x1b[?1001l\x1b[?1002l\x1b[?1003l', // the mouse reports nothing,
  '\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l', // in no form, and neither does the window
  '\x1b[?1l\x1b>', // arrows and the keypad send their ordinary bytes
].join('')

/**
 * Leaves the alternate screen as well, which `vi` and the like draw on, and a part of it that alone
 * scrolls or that rows are counted from; and turns black and white round again. A terminal that was not on
 * it moves the cursor to wherever it was saved last, so the cursor then goes to the last line: what
 * is on the screen is not written over.
 */
export const ordinaryScreen = `${quietScreen}\x1b[?5l\x1b[?6l\x1b[r\x1b[?1049l\x1b[999;1H\r\n`

/**
 * Goes to the beginning of a line that is empty, for a window of so many columns: the one where the
 * cursor is, or the next one where something stands before the cursor, a shell's prompt perhaps. As
 * many spaces as there are columns fill the line from its beginning, and from anywhere else they go
 * on in the next one.
 */
export function freshLine(columns: number): string {
  return `${' '.repeat(columns)}\r\x1b[K`
}
