/**
 * Renders terminal output to lines of text, for menus that redraw themselves.
 *
 * @module
 */

import { Terminal } from '@xterm/headless'

/** The size of a window. */
export type ScreenSize = { readonly columns: number; readonly rows: number }

/**
 * Returns the rows that have scrolled off and those on the screen, without
 * trailing spaces.
 */
export async function seenLines(
  bytes: Uint8Array,
  { columns: cols, rows }: ScreenSize,
): Promise<string[]> {
  const terminal = new Terminal({ cols, rows, scrollback: 10_000, allowProposedApi: true })
  await new Promise<void>((resolve) => terminal.write(bytes, resolve))
  const { active } = terminal.buffer
  const lines = Array.from({ length: active.length }, (_, at) =>
    (active.getLine(at)?.translateToString(true) ?? '').trimEnd(),
  )
  terminal.dispose()
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1)
}
