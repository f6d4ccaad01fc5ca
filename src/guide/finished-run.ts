/**
 * A finished run: the report of it, the views into it, and the comparison with the run before.
 *
 * @module
 */

import { viewPages } from '../menus/viewer.ts'
import { type Guess, judge, verdictLine } from '../questions/prediction.ts'
import { changeProgress } from '../questions/progress.ts'
import { rememberVerdict } from '../questions/questions.ts'
import type { WalkResult } from '../run/walk-chapter.ts'
import type { Evidence } from '../runner/run-evidence.ts'
import { pagesOf } from '../runner/views.ts'
import { type Page, terminalLines } from '../show/stage-lines.ts'
import type { Tape } from '../tape/event.ts'
import { wrapText } from '../text/width.ts'
import { comparisonLines, comparisonPage } from './compare.ts'
import { type GuideSession, say, warn } from './guide-session.ts'

/** A run of a chapter that has ended. */
export type FinishedRun = {
  readonly result: WalkResult
  readonly evidence: Evidence
  readonly tape: Tape | undefined
  /** The name of the tape's file, if the tape was kept. */
  readonly tapeName: string | undefined
}

/**
 * Says what happened and whether the terminal is restored, then judges the guesses. Remembers the
 * verdicts, and that the chapter is done.
 */
export function reportRun<First extends object>(
  { options, page }: GuideSession<First>,
  chapter: number,
  { result }: FinishedRun,
  guesses: readonly Guess[],
): void {
  sayWhatHappened(result, chapter, page)
  for (const guess of guesses) {
    const verdict = judge(guess, result)
    say('', ...wrapText(verdictLine(verdict, result), page.width))
    rememberVerdict(options, chapter, verdict, warn)
  }
  const done = result.failure ? undefined : stageOf(result, chapter)
  if (done) {
    changeProgress(
      done.name,
      (kept) => ({ ...kept, doneAt: kept.doneAt ?? new Date().toISOString() }),
      warn,
    )
  }
  say('')
}

const stageOf = ({ stages }: WalkResult, chapter: number) =>
  stages.find(({ number }) => number === chapter)

function sayWhatHappened(result: WalkResult, chapter: number, page: Page): void {
  const { stages, terminal, failure } = result
  const stage = stageOf(result, chapter)
  if (stage) {
    say('', page.style.bold('What happened'))
    say(...wrapText(stage.story, page.width))
  } else if (stages.length > 0 && !failure) {
    say('', ...wrapText(stages.at(-1)?.story ?? '', page.width))
  }
  if (failure) {
    say('', page.style.bold('It did not come to its end'), ...wrapText(failure.message, page.width))
    if (failure.hint) say(...wrapText(failure.hint, page.width))
  }
  if (terminal) say(...terminalLines(terminal, page).slice(-1))
}

/** Shows the views of a run: in the full-screen viewer, or appended if the form has no drawing. */
export async function inspectRun<First extends object>(
  { options, ask, page, scope }: GuideSession<First>,
  chapter: number,
  { evidence }: FinishedRun,
): Promise<void> {
  const pages = pagesOf(evidence, page.style)
  const first = Math.min(chapter, pages.length) - 1
  if (options.form === 'menus') {
    await viewPages(pages, first, page.style, scope)
    return
  }
  for (;;) {
    const views = pages[first]?.views ?? []
    const choices = views.map((view) => ({ value: view, label: view.name }))
    const view = await ask.choose('Look at what?', [
      ...choices,
      { value: undefined, label: 'Back', back: 'back' },
    ])
    if (!view) return
    say('', ...view.lines(page.width), '')
  }
}

/** Shows what differs between two runs of the same chapter, if both have a tape. */
export async function compareRuns<First extends object>(
  { options, page, scope }: GuideSession<First>,
  before: FinishedRun,
  after: FinishedRun,
): Promise<void> {
  if (!before.tape || !after.tape) return
  const names = ['the run before', 'this run'] as const
  if (options.form === 'menus') {
    const compared = comparisonPage(before.tape, after.tape, names, page.style)
    await viewPages([compared], 0, page.style, scope)
    return
  }
  say(page.style.bold('This run compared with the one before'))
  say(...comparisonLines(before.tape, after.tape, names, page), '')
}
