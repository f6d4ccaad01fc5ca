/**
 * Findings as lines on a screen: a word for how it is, then what was seen, and below a problem what
 * it means and what helps.
 *
 * @module
 */

import { heading, type Page } from '../show/stage-report.ts'
import { wrapText } from '../text/style.ts'
import { failureNamed, type System } from './failures.ts'
import type { Finding } from './finding.ts'
import type { Verdict } from './verdict.ts'

/** As wide as `problem` and two spaces. */
const wordWidth = 9

/** The title of a part. */
export function partLines(title: string, page: Page): string[] {
  return ['', heading(title, page)]
}

/** What was found. A failure is explained the first time only. */
export function findingLines(
  { status, about, saw, failure }: Finding,
  isNew: boolean,
  system: System,
  page: Page,
): string[] {
  const word = status === 'problem' ? page.style.bold : page.style.dim
  const lines = beside(status, `${about}: ${saw}`, page, word)
  if (!failure || !isNew) return lines
  const { means, fix } = failureNamed(failure)
  return [
    ...lines,
    ...indented(beside('means', means, narrower(page)), page),
    ...indented(beside('fix', fix[system], narrower(page)), page),
  ]
}

/** A step that takes long. */
export function progressLines(what: string, page: Page): string[] {
  return beside('...', what, page, page.style.dim)
}

/** What it comes to. */
export function verdictLines({ runsOn, first, command }: Verdict, page: Page): string[] {
  const lines = [
    runsOn ? `A chapter can be run on ${runsOn}.` : 'No chapter can be run yet.',
    ...(first ? [`${runsOn ? 'To use an engine' : 'First'}: ${first}`] : []),
    `Next: ${command}`,
  ]
  return ['', ...lines.flatMap((line) => wrapText(line, page.width))]
}

function beside(
  word: string,
  text: string,
  page: Page,
  mark: (text: string) => string = (text) => text,
): string[] {
  const lines = wrapText(text, Math.max(20, page.width - wordWidth))
  return lines.map((line, at) =>
    at === 0
      ? mark(word) + ' '.repeat(wordWidth - word.length) + line
      : ' '.repeat(wordWidth) + line,
  )
}

/** In a narrow window what it means stands below the word and not beside it. */
function indentOf({ width }: Page): number {
  return width < 60 ? 0 : wordWidth
}

function narrower(page: Page): Page {
  return { ...page, width: page.width - indentOf(page) }
}

function indented(lines: readonly string[], page: Page): string[] {
  return lines.map((line) => ' '.repeat(indentOf(page)) + line)
}
