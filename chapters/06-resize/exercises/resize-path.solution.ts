/**
 * The solution of exercise 6, small.
 *
 * @module
 */

import type { WindowSize } from '../../../src/terminal/terminal.ts'

/** The path of the resize request, or undefined if there is no size. */
export function resizePath(execId: string, size: WindowSize | undefined): string | undefined {
  if (!size) return undefined
  const { rows, columns } = size
  // A serial console reports 0 by 0. Sending that would erase a correct size.
  if (rows === 0 && columns === 0) return undefined
  return `/exec/${execId}/resize?h=${rows}&w=${columns}`
}
