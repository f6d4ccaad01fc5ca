/**
 * Names the two as our own fields are named.
 *
 * Verdict: h is the height
 */

import type { WindowSize } from '../../../../src/terminal/terminal.ts'

export function resizePath(execId: string, size: WindowSize | undefined): string | undefined {
  if (!size || size.rows === 0) return undefined
  return `/exec/${execId}/resize?rows=${size.rows}&columns=${size.columns}`
}
