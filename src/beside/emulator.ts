/**
 * An in-memory terminal. It interprets what a command writes and holds the
 * resulting screen, from which the session is drawn on part of the real
 * screen.
 *
 * @module
 */

import { type IBufferCell, type IBufferLine, Terminal } from '@xterm/headless'
import type { WindowSize } from '../terminal/terminal.ts'

/** Things that the in-memory terminal cannot do on its own. */
export type EmulatorEvents = {
  /**
   * Receives the answer to a query from the command, such as the cursor
   * position.
   */
  readonly answer: (text: string) => void
  /**
   * Receives a sequence that the real terminal must get, such as a keyboard
   * mode.
   */
  readonly passOn: (sequence: string) => void
}

/** An in-memory terminal. */
export type Emulator = {
  /** Writes output. `done` is called when the screen shows it. */
  readonly write: (bytes: Uint8Array | string, done?: () => void) => void
  /** Resizes the screen and rewraps its text. */
  readonly resize: (size: WindowSize) => void
  /**
   * Sets whether a line feed also returns to the first column, as in a cooked
   * terminal.
   */
  readonly returnAtLineFeed: (enabled: boolean) => void
  /**
   * Returns the rows of the screen with colours, each padded to the screen's
   * width.
   */
  readonly rows: () => string[]
  /** Returns the cursor position, counted from 0. */
  readonly cursor: () => { readonly row: number; readonly column: number; readonly shown: boolean }
  /**
   * Returns the main screen with its scrollback, as a terminal would keep it.
   */
  readonly history: () => string[]
}

/** How many scrollback rows {@link Emulator.history} keeps. */
const scrollbackRows = 1000

/**
 * Modes for the keyboard, the mouse and bracketed paste. Only the real
 * terminal can apply them. Our screen starts in its top left corner, so mouse
 * positions are correct.
 */
const keyModes = new Set([1, 9, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1015, 2004])

/** Creates an in-memory terminal. */
export function createEmulator(size: WindowSize, { answer, passOn }: EmulatorEvents): Emulator {
  const terminal = new Terminal({
    cols: size.columns,
    rows: size.rows,
    scrollback: scrollbackRows,
    allowProposedApi: true,
  })
  let isCursorShown = true
  terminal.onData(answer)
  terminal.onBell(() => passOn('\x07'))
  for (const final of ['h', 'l']) {
    terminal.parser.registerCsiHandler({ prefix: '?', final }, (modes) => {
      for (const mode of modes.flat()) {
        if (mode === 25) isCursorShown = final === 'h'
        if (keyModes.has(mode)) passOn(`\x1b[?${mode}${final}`)
      }
      // False: the in-memory terminal handles the sequence as well.
      return false
    })
  }
  for (const keypad of ['=', '>']) {
    terminal.parser.registerEscHandler({ final: keypad }, () => {
      passOn(`\x1b${keypad}`)
      return false
    })
  }
  // vim sets this to tell more combinations of Ctrl and Shift apart.
  terminal.parser.registerCsiHandler({ prefix: '>', final: 'm' }, (words) => {
    passOn(`\x1b[>${words.flat().join(';')}m`)
    return false
  })

  const linesOf = (buffer: typeof terminal.buffer.active, from: number): string[] =>
    Array.from({ length: buffer.length - from }, (_, at) =>
      styledRow(buffer.getLine(from + at), terminal.cols, buffer.getNullCell()),
    )
  return {
    write: (bytes, done) => terminal.write(bytes, done),
    resize: ({ columns, rows }) => terminal.resize(columns, rows),
    returnAtLineFeed(enabled) {
      terminal.options.convertEol = enabled
    },
    rows: () => linesOf(terminal.buffer.active, terminal.buffer.active.baseY),
    cursor() {
      const { cursorX, cursorY } = terminal.buffer.active
      const column = Math.min(cursorX, terminal.cols - 1)
      return { row: cursorY, column, shown: isCursorShown }
    },
    history() {
      const { normal } = terminal.buffer
      const last = normal.baseY + normal.cursorY
      return linesOf(normal, 0).slice(0, last + 1)
    },
  }
}

/** Returns a row with its colour sequences, padded with spaces. */
function styledRow(line: IBufferLine | undefined, columns: number, cell: IBufferCell): string {
  let text = ''
  let style = ''
  for (let column = 0; column < columns; column += 1) {
    const at = line?.getCell(column, cell)
    // The second half of a wide character has no cell of its own.
    if (at?.getWidth() === 0) continue
    const cellStyle = at ? styleOf(at) : ''
    if (cellStyle !== style) text += `\x1b[0${cellStyle}m`
    style = cellStyle
    text += at?.getChars() || ' '
  }
  return style === '' ? text : `${text}\x1b[0m`
}

/** Returns the numbers for a cell's attributes, each after a semicolon. */
function styleOf(cell: IBufferCell): string {
  const attributes = [
    cell.isBold() && 1,
    cell.isDim() && 2,
    cell.isItalic() && 3,
    cell.isUnderline() && 4,
    cell.isInverse() && 7,
    cell.isInvisible() && 8,
    cell.isStrikethrough() && 9,
  ].flatMap((number) => (number ? `;${number}` : []))
  return `${attributes.join('')}${colourOf(cell, 'foreground')}${colourOf(cell, 'background')}`
}

function colourOf(cell: IBufferCell, ground: 'foreground' | 'background'): string {
  const isFore = ground === 'foreground'
  const colour = isFore ? cell.getFgColor() : cell.getBgColor()
  const base = isFore ? 30 : 40
  if (isFore ? cell.isFgRGB() : cell.isBgRGB()) {
    const [red, green, blue] = [colour >> 16, (colour >> 8) & 0xff, colour & 0xff]
    return `;${base + 8};2;${red};${green};${blue}`
  }
  if (isFore ? !cell.isFgPalette() : !cell.isBgPalette()) return ''
  if (colour < 8) return `;${base + colour}`
  return colour < 16 ? `;${base + 60 + colour - 8}` : `;${base + 8};5;${colour}`
}
