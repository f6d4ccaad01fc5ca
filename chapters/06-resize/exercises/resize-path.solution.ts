/**
 * The solution of the small exercise of chapter 6.
 *
 * @module
 */

import type { WindowSize } from '../../../src/terminal/terminal.ts'

/** The path of the request that gives the container's terminal the size of our window. */
export function resizePath(execId: string, size: WindowSize | undefined): string | undefined {
  if (!size) return undefined
  const { rows, columns } = size
  // A serial console says 0 by 0. Sent on, it would take a size away that was right.
  if (rows === 0 && columns === 0) return undefined
  return `/exec/${execId}/resize?h=${rows}&w=${columns}`
}
