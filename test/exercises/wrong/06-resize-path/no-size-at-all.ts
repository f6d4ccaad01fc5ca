/**
 * Sends something in any case.
 *
 * Verdict: there is no size to send
 */

import type { WindowSize } from '../../../../src/terminal/terminal.ts'

export function resizePath(execId: string, size: WindowSize | undefined): string | undefined {
  return `/exec/${execId}/resize?h=${size?.rows ?? 24}&w=${size?.columns ?? 80}`
}
