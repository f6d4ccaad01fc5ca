/**
 * What is to be seen on a terminal after so many bytes, for menus that are drawn over themselves.
 *
 * It knows the few sequences that menus use, and fails on any other one that moves the cursor.
 *
 * @module
 */

/** A window of so many columns and rows. */
export type ScreenSize = { readonly columns: number; readonly rows: number }

/** The rows that are on the screen, and before them those that have left it at the top, without their ends. */
export function seenLines(bytes: Buffer, { columns, rows }: ScreenSize): string[] {
  const lines: string[][] = [[]]
  // The cursor's place: its row in all lines, and its column, which is one too many behind a full row.
  let [row, column] = [0, 0]
  const top = (): number => Math.max(0, lines.length - rows)
  const goDown = (): void => {
    row += 1
    if (row === lines.length) lines.push([])
  }
  const put = (character: string): void => {
    if (column === columns) {
      goDown()
      column = 0
    }
    const line = lines[row] as string[]
    while (line.length < column) line.push(' ')
    line[column] = character
    column += 1
  }
  const obey = (sequence: string): void => {
    const count = Number(/\d+/.exec(sequence)?.[0] ?? 1)
    const line = lines[row] as string[]
    switch (sequence.at(-1)) {
      case 'A':
        row = Math.max(top(), row - count)
        break
      case 'B':
        row = Math.min(lines.length - 1, row + count)
        break
      case 'D':
        column = Math.max(0, column - count)
        break
      case 'G':
        column = count - 1
        break
      case 'J':
        line.length = Math.min(line.length, column)
        // Rows below stay rows, and are empty.
        for (const below of lines.slice(row + 1)) below.length = 0
        break
      case 'K':
        line.length = sequence.includes('2') ? 0 : Math.min(line.length, column)
        break
      case 'h':
      case 'l':
      case 'm':
        break
      default:
        throw new Error(`The screen does not know ${JSON.stringify(sequence)}.`)
    }
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a screen obeys.
  for (const [piece] of bytes.toString().matchAll(/\x1b\[[?\d;]*[A-Za-z]|\x1b[=>]|[\s\S]/gu)) {
    if (piece.startsWith('\x1b[')) obey(piece)
    else if (piece === '\r') column = 0
    else if (piece === '\n') goDown()
    else if (piece >= ' ') put(piece)
  }
  return lines.map((line) => line.join('').trimEnd())
}
