/**
 * Control sequences that undo what a program may leave switched on in a
 * terminal, and a terminal's answers.
 *
 * @module
 */

/**
 * Resets everything that is harmless to reset twice: hidden cursor, colours,
 * no line wrap, line-drawing characters, bracketed paste, mouse reports,
 * changed key codes. The cursor does not move.
 */
export const softReset = [
  '\x1b[0m', // reset colours and bold
  '\x1b[?25h', // show the cursor
  '\x1b[?7h', // wrap long lines
  '\x1b[4l', // overwrite instead of inserting
  '\x0f\x1b(B\x1b)B', // ASCII instead of line-drawing characters
  '\x1b[?2004l', // no bracketed paste
  '\x1b[?9l\x1b[?1000l\x1b[?1001l\x1b[?1002l\x1b[?1003l', // no mouse reports,
  '\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l', // in any format, and no focus reports
  '\x1b[?1l\x1b>\x1b[>4m', // ordinary codes for arrows, keypad and Ctrl
  '\x1b[?5l', // no reverse video
].join('')

/**
 * A terminal's answer to a query for the cursor position. It is not a key
 * press.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it begins with ESC.
export const cursorReport = /\x1b\[\d+;\d+R/g

/** Resets origin mode and the scrolling region. The cursor moves. */
const wholeScreen = '\x1b[?6l\x1b[r'

/** Goes to a new line below the screen's text, which is not overwritten. */
const belowAll = '\x1b[999;1H\r\n'

/**
 * Also leaves the alternate screen, which programs like `vi` use. If the
 * terminal was not on it, the cursor jumps to its last saved position, so we
 * then move it to the last line.
 */
export const fullReset = `${softReset}${wholeScreen}\x1b[?1049l${belowAll}`

/** What a session changed on the screen and did not undo. */
export type LeftScreen = {
  /** Whether the alternate screen is still active. */
  readonly isAlternate: boolean
  /** Whether a scrolling region may be set. */
  readonly hasRegion: boolean
  /**
   * Titles pushed onto the title stack and not popped, such as `;2` for the
   * window's.
   */
  readonly titles: readonly string[]
}

/**
 * Returns the sequence that resets the screen after a session: undoes what a
 * program left on, and goes to an empty line of the main screen.
 *
 * @param columns - the width of the window
 */
export function sessionReset(
  { isAlternate, hasRegion, titles }: LeftScreen,
  columns: number,
): string {
  const back = titles.toReversed().map((which) => `\x1b[23${which}t`)
  const leave = isAlternate ? '\x1b[?1049l' : ''
  return `${leave}${back.join('')}${softReset}${hasRegion ? wholeScreen + belowAll : freshLine(columns)}`
}

/**
 * Returns the sequence that goes to the start of an empty line: the current
 * one, or the next if there is text before the cursor, such as a prompt. It
 * writes one space per column, which fills the current line exactly from its
 * start and wraps to the next from anywhere else.
 */
export function freshLine(columns: number): string {
  return `${' '.repeat(columns)}\r\x1b[K`
}
