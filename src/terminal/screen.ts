/**
 * What a program may leave switched on in a terminal besides its modes, and how to switch it off; and
 * what a terminal answers.
 *
 * @module
 */

/**
 * Switches off what harms nobody when it was off already: a hidden cursor, colours, lines that are
 * cut, letters that show as lines, bracketed paste, mouse reports, keys that send other bytes. The
 * cursor stays where it is.
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
  '\x1b[?1l\x1b>\x1b[>4m', // arrows, the keypad and keys with Ctrl send their ordinary bytes
  '\x1b[?5l', // dark is dark
].join('')

/** The answer of a terminal to a shell that asks where its cursor is. No key was pressed for it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it begins with ESC.
export const cursorReport = /\x1b\[\d+;\d+R/g

/** Ends a part of the screen that alone scrolls or that rows are counted from. The cursor moves. */
const wholeScreen = '\x1b[?6l\x1b[r'

/** Goes to the last line, and on to an empty one: what is on the screen is not written over. */
const belowAll = '\x1b[999;1H\r\n'

/**
 * Leaves the alternate screen as well, which `vi` and the like draw on. A terminal that was not on it
 * moves the cursor to wherever it was saved last, so the cursor then goes to the last line.
 */
export const ordinaryScreen = `${quietScreen}${wholeScreen}\x1b[?1049l${belowAll}`

/** What a session has done to a screen and not undone. */
export type LeftScreen = {
  /** Whether a full-screen program still has the alternate screen. */
  readonly isAlternate: boolean
  /** Whether a part of the screen may be set that alone scrolls. */
  readonly hasRegion: boolean
  /** What it has put on the stack of titles and not taken off, as `;2` for the window’s. */
  readonly titles: readonly string[]
}

/**
 * Brings a screen back from a session that was left: switches off what a program left on, and goes to
 * an empty line of the ordinary screen.
 *
 * @param columns - of the window
 */
export function restoredScreen(
  { isAlternate, hasRegion, titles }: LeftScreen,
  columns: number,
): string {
  const back = titles.toReversed().map((which) => `\x1b[23${which}t`)
  const leave = isAlternate ? '\x1b[?1049l' : ''
  return `${leave}${back.join('')}${quietScreen}${hasRegion ? wholeScreen + belowAll : freshLine(columns)}`
}

/**
 * Goes to the beginning of a line that is empty, for a window of so many columns: the one where the
 * cursor is, or the next one where something stands before the cursor, a shell's prompt perhaps. As
 * many spaces as there are columns fill the line from its beginning, and from anywhere else they go
 * on in the next one.
 */
export function freshLine(columns: number): string {
  return `${' '.repeat(columns)}\r\x1b[K`
}
