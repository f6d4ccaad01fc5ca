/**
 * Sends 0 by 0.
 *
 * Verdict: a window of 0 by 0 is none
 */

import type { WindowSize } from '../../../../src/terminal/terminal.ts'

export function resizePath(execId: string, size: WindowSize | undefined): string | undefined {
  return size && `/exec/${execId}/resize?h=${size.rows}&w=${size.columns}`
}
