/**
 * Names the width first: what stands behind the question mark has names.
 */

import type { WindowSize } from '../../../../src/terminal/terminal.ts'

export function resizePath(execId: string, size: WindowSize | undefined): string | undefined {
  if (!size || (size.rows === 0 && size.columns === 0)) return undefined
  return `/exec/${execId}/resize?w=${size.columns}&h=${size.rows}`
}
