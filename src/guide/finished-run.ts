/**
 * A finished run: its data, its views, and the comparison with the previous
 * run.
 *
 * @module
 */

import { viewPages } from '../menus/viewer.ts'
import type { WalkResult } from '../run/walk-chapter.ts'
import type { Evidence } from '../runner/run-evidence.ts'
import { pagesOf, type ViewName, viewNames } from '../runner/views.ts'
import { type Page, terminalLines } from '../show/stage-lines.ts'
import type { Tape } from '../tape/event.ts'
import { wireLines } from '../tape/wire.ts'
import { wrapText } from '../text/width.ts'
import { comparisonLines, comparisonPage } from './compare.ts'
import { type GuideSession, printLines } from './guide-session.ts'
import { browseEvents } from './replay.ts'

/** A run of a chapter that has ended. */
export type FinishedRun = {
  readonly result: WalkResult
  readonly evidence: Evidence
  readonly tape: Tape | undefined
  /** The name of the tape's file, if the tape was kept. */
  readonly tapeName?: string | undefined
  /** Whether a session had the terminal during the run. */
  readonly hadSession?: boolean
}

/** Fewer wire lines than this explain nothing. */
const minWireLines = 2

/**
 * Says why a run stopped, below the last messages on the wire as far as they
 * fit, and whether the terminal was restored.
 */
export function failureLines({ result }: FinishedRun, page: Page, room: number): string[] {
  const { failure, unfinished, stages, terminal } = result
  if (!failure) return []
  const earlier = stages.flatMap(({ wire }) => wire)
  const why = [
    ...(terminal ? [...terminalLines(terminal, page).slice(-1), ''] : []),
    ...wrapText(failure.message, page.width).map(page.style.bad),
    ...(failure.hint === undefined ? [] : wrapText(failure.hint, page.width)),
  ]
  const wire = wireLines(unfinished, { width: page.width, earlier, rows: 1, bodyLength: 120 })
  const left = Math.min(wire.length, room - why.length - 1)
  if (left < minWireLines) return why
  return [...(left < wire.length ? lastLines(wire, left) : wire), '', ...why]
}

/** The error is about the last messages on the wire. */
function lastLines(lines: readonly string[], room: number): string[] {
  return [`… ${lines.length - room + 1} more lines: press v`, ...lines.slice(1 - room)]
}

/**
 * Shows the views of a run, or the events of one that failed: in the
 * full-screen viewer, or appended if the terminal cannot draw.
 *
 * @param view - the view to open
 */
export async function inspectRun<First extends object>(
  { options, ask, page, scope }: GuideSession<First>,
  chapter: number,
  { evidence, result, tape }: FinishedRun,
  view: ViewName = 'state',
): Promise<void> {
  // A failed stage has no views. Its last event is what stopped it.
  if (result.failure && tape && tape.events.length > 0) {
    const sources = options.lessons.map((lesson, at) => {
      return { ...lesson, name: options.course.stages[at]?.name ?? '' }
    })
    const [read, last] = [{ ...tape, cut: undefined }, tape.events.length - 1]
    await browseEvents(read, last, options.form, sources, page, scope)
    return
  }
  const pages = pagesOf(evidence, page.style)
  const first = Math.min(chapter, pages.length) - 1
  if (options.form === 'menus') {
    await viewPages(pages, first, page.style, scope, undefined, viewNames.indexOf(view))
    return
  }
  for (;;) {
    const views = pages[first]?.views ?? []
    const choices = views.map((view) => ({ value: view, label: view.name }))
    const view = await ask.choose('Which view do you want?', [
      ...choices,
      { value: undefined, label: 'Go back', back: 'back' },
    ])
    if (!view) return
    printLines('', ...view.lines(page.width), '')
  }
}

/**
 * Shows the differences between two runs of the same chapter, if both have a
 * tape.
 */
export async function compareRuns<First extends object>(
  { options, page, scope }: GuideSession<First>,
  before: FinishedRun,
  after: FinishedRun,
): Promise<void> {
  if (!before.tape || !after.tape) return
  const names = ['the previous run', 'this run'] as const
  if (options.form === 'menus') {
    const compared = comparisonPage(before.tape, after.tape, names, page.style)
    await viewPages([compared], 0, page.style, scope)
    return
  }
  printLines(page.style.bold('This run compared with the previous one'))
  printLines(...comparisonLines(before.tape, after.tape, names, page), '')
}
