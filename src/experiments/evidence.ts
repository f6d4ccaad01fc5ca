/**
 * The lines in which an experiment shows what it found.
 *
 * @module
 */

import type { Verdict } from '../exec/exec.ts'
import { headerLength } from '../stream/frames.ts'
import { wireLines } from '../tape/wire.ts'
import { wrapText } from '../text/width.ts'

/** How wide a line of evidence may be. */
export const evidenceWidth = 76

/** `← 409 Container box is paused`, in as many lines as it takes. */
export function verdictLines({ status, message }: Verdict): string[] {
  return wrapText(`← ${status || 'no answer'} ${message}`.trim(), evidenceWidth)
}

/** The text in the first frame of an output, without what is not printable in it. */
export function textLines(output: string): string[] {
  const text = output
    .slice(headerLength)
    .trim()
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
  return wrapText(`← ${text}`, evidenceWidth)
}

/** The choice that goes with a number, a status perhaps. Undefined if none does. */
export function choiceFor(
  number: number | null,
  choices: Readonly<Record<number, string>>,
): string | undefined {
  return number === null ? undefined : choices[number]
}

/** Bytes as text of hexadecimal digits: the form in which facts keep them. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** Such a text as rows of numbers and characters, 76 columns wide. The arrow says who sent them. */
export function hexLines(hex: string, kind: 'sent' | 'received' = 'received'): string[] {
  return wireLines([{ at: 0, kind, length: hex.length / 2, hex }], { width: evidenceWidth })
}
