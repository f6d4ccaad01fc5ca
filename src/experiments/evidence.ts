/**
 * The lines in which an experiment shows what it found.
 *
 * @module
 */

import type { Verdict } from '../exec/exec.ts'
import { wireLines } from '../tape/wire.ts'
import { wrapText } from '../text/width.ts'

/** How wide a line of evidence may be. */
export const evidenceWidth = 76

/** `← 409 Container box is paused`, in as many lines as it takes. */
export function verdictLines({ status, message }: Verdict): string[] {
  return wrapText(`← ${status || 'no answer'} ${message}`.trim(), evidenceWidth)
}

/** Bytes as text of hexadecimal digits: the form in which facts keep them. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** Such a text as rows of numbers and characters, 76 columns wide. The arrow says who sent them. */
export function hexLines(hex: string, kind: 'sent' | 'received' = 'received'): string[] {
  return wireLines([{ at: 0, kind, length: hex.length / 2, hex }], { width: evidenceWidth })
}
