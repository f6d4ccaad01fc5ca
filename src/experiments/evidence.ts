/**
 * Formats the evidence of an experiment.
 *
 * @module
 */

import type { AnswerSummary } from '../exec/exec.ts'
import { headerLength } from '../stream/frames.ts'
import { wireLines } from '../tape/wire.ts'
import { wrapText } from '../text/width.ts'

/** The maximum width of a line of evidence. */
export const evidenceWidth = 76

/** Formats a daemon's answer, wrapped: `← 409 Container box is paused`. */
export function answerLines({ status, message }: AnswerSummary): string[] {
  return wrapText(`← ${status || 'no answer'} ${message}`.trim(), evidenceWidth)
}

/**
 * Formats the text in the first frame of an output, printable characters
 * only.
 */
export function textLines(output: string): string[] {
  const text = output
    .slice(headerLength)
    .trim()
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
  return wrapText(`← ${text}`, evidenceWidth)
}

/**
 * Returns the choice for a number such as a status, or undefined if there
 * isn't one.
 */
export function choiceFor(
  number: number | null,
  choices: Readonly<Record<number, string>>,
): string | undefined {
  return number === null ? undefined : choices[number]
}

/** Encodes bytes in hexadecimal, the form in which facts store them. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/**
 * Formats hexadecimal bytes as a dump, 76 columns wide. The arrow shows the
 * direction.
 */
export function hexLines(hex: string, kind: 'sent' | 'received' = 'received'): string[] {
  return wireLines([{ at: 0, kind, length: hex.length / 2, hex }], { width: evidenceWidth })
}
