/**
 * What can be seen on a terminal after some output, for menus that are drawn over themselves.
 *
 * @module
 */

import { Terminal } from '@xterm/headless'

/** A window of so many columns and rows. */
export type ScreenSize = { readonly columns: number; readonly rows: number }

/** The rows that have left the screen at the top and those that are on it, without trailing space. */
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
