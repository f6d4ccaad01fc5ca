/**
 * A terminal in memory: it takes what a command writes, and knows what would be on the screen. The
 * session is drawn from it, on a part of the real screen.
 *
 * @module
 */

import { type IBufferCell, type IBufferLine, Terminal } from '@xterm/headless'
import type { WindowSize } from '../terminal/terminal.ts'

/** What the terminal in memory cannot do by itself. */
export type EmulatorEvents = {
  /** The command has asked its terminal something, and this is the answer. */
  readonly answer: (text: string) => void
  /** The command has set a mode for its keys, which the real terminal has to have. */
  readonly passOn: (sequence: string) => void
}

/** A terminal in memory. */
export type Emulator = {
  /** Takes output. `done` is called when it is on the screen. */
  readonly write: (bytes: Uint8Array | string, done?: () => void) => void
  /** Gives the screen another size. What is on it is wrapped anew. */
  readonly resize: (size: WindowSize) => void
  /** Whether a line feed also returns to the first column, as it does unless a terminal is raw. */
  readonly returnAtLineFeed: (does: boolean) => void
  /** The rows of the screen, with their colours. Each is as wide as the screen. */
  readonly rows: () => string[]
  /** Where the cursor is, counted from 0. */
  readonly cursor: () => { readonly row: number; readonly column: number; readonly shown: boolean }
  /** What a terminal would have in its history after the session: the ordinary screen, whole. */
  readonly history: () => string[]
}

/** Rows that have left the screen and are kept for {@link Emulator.history}. */
const keptRows = 1000

/**
 * Modes that decide what keys and the mouse send, and the width of a paste: only the real terminal
 * can have them. The screen begins at the same corner, so the places of the mouse are right.
 */
const keyModes = new Set([1, 9, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1015, 2004])

/** Makes one. */
export function createEmulator(size: WindowSize, { answer, passOn }: EmulatorEvents): Emulator {
  const terminal = new Terminal({
    cols: size.columns,
    rows: size.rows,
    scrollback: keptRows,
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
      // False: the terminal in memory takes it as well.
      return false
    })
  }
  for (const keypad of ['=', '>']) {
    terminal.parser.registerEscHandler({ final: keypad }, () => {
      passOn(`\x1b${keypad}`)
      return false
    })
  }
  // What vim sets so that Ctrl and Shift change more keys.
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
    returnAtLineFeed(does) {
      terminal.options.convertEol = does
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

/** A row with the sequences for its colours, filled up with spaces. */
function styledRow(line: IBufferLine | undefined, columns: number, cell: IBufferCell): string {
  let text = ''
  let style = ''
  for (let column = 0; column < columns; column += 1) {
    const at = line?.getCell(column, cell)
    // The second half of a wide character has no cell of its own.
    if (at?.getWidth() === 0) continue
    const its = at ? styleOf(at) : ''
    if (its !== style) text += `\x1b[0${its}m`
    style = its
    text += at?.getChars() || ' '
  }
  return style === '' ? text : `${text}\x1b[0m`
}

/** The numbers for a cell's attributes, each behind a semicolon. */
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
