/**
 * Resizes the container and not the exec in it.
 *
 * Verdict: it is the exec that has a terminal
 */

import type { WindowSize } from '../../../../src/terminal/terminal.ts'

export function resizePath(execId: string, size: WindowSize | undefined): string | undefined {
  if (!size || (size.rows === 0 && size.columns === 0)) return undefined
  return `/containers/${execId}/resize?h=${size.rows}&w=${size.columns}`
}
