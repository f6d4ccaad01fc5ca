/**
 * Puts the width first, as in "80 by 24".
 *
 * Verdict: h is the height
 */

import type { WindowSize } from '../../../../src/terminal/terminal.ts'

export function resizePath(execId: string, size: WindowSize | undefined): string | undefined {
  if (!size || size.rows === 0) return undefined
  return `/exec/${execId}/resize?h=${size.columns}&w=${size.rows}`
}
