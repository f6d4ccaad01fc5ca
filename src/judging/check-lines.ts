/**
 * Formats a check as text: the list of exercises, the trials, the verdict and
 * the hints.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'
import type { Page } from '../show/stage-lines.ts'
import { printable } from '../text/printable.ts'
import { hangingLines, indented, padText, widthOf, wrapText } from '../text/width.ts'
import type { Exercise } from './exercise.ts'
import { nextExercise, progressOf, readRecord, recordHint } from './exercise-records.ts'
import type { Verdict } from './judge.ts'
import { displayPath } from './load.ts'
import { openHolePrefix } from './not-written.ts'
import { ownFileOf } from './own-file.ts'
import { withFullStop } from './rules.ts'

/**
 * The command-line words for an exercise: `3`, or `3 split` for a smaller
 * one.
 */
export function wordsFor({ chapter, folder, main, name }: Exercise): string {
  return main ? `${chapter}` : `${chapter} ${name.slice(folder.length + 1)}`
}

/**
 * The narrowest column for a task; below that, it goes on a line of its own.
 */
const minTaskWidth = 30

/** Lists all exercises with the learner's progress on each. */
export function listLines(exercises: readonly Exercise[], root: string, page: Page): string[] {
  const rows = exercises.map((exercise) => ({
    words: wordsFor(exercise),
    progress: progressOf(exercise, root),
    task: exercise.task,
  }))
  const right = rows.filter(({ progress }) => progress === 'right').length
  const wordsWidth = Math.max(...rows.map(({ words }) => widthOf(words)))
  return [
    `${page.style.good('█'.repeat(right))}${page.style.dim('░'.repeat(rows.length - right))} ${right} of ${rows.length} solved`,
    '',
    ...wrapText('Run npm run check with one of these:', page.width).map(page.style.dim),
    ...rows.flatMap(({ words, progress, task }) => {
      const row = `${padText(words, wordsWidth)}  ${padText(progress, 15)}  `
      if (page.width - row.length >= minTaskWidth) return hangingLines(row, task, page.width)
      return [row.trimEnd(), ...indented(wrapText(task, page.width - 4), 4)]
    }),
    '',
    ...wrapText(nextLine(exercises, root), page.width),
  ]
}

/** Names the next exercise that isn't right yet, starting after `from`. */
export function nextLine(exercises: readonly Exercise[], root: string, from?: Exercise): string {
  const next = nextExercise(exercises, root, from)
  return next
    ? `Next: npm run check ${wordsFor(next)}`
    : `All ${exercises.length} exercises are solved.`
}

/** The lines for one trial: `right  a pipe into cat`. */
export function trialLines(
  mark: 'right' | 'WRONG' | 'open' | '…',
  title: string,
  { width, style }: Page,
): string[] {
  const colour = { right: style.good, WRONG: style.bad, open: style.dim, '…': style.dim }[mark]
  const [first = '', ...rest] = hangingLines(padText(mark, 7), title, width)
  return [`${colour(first.slice(0, mark.length))}${first.slice(mark.length)}`, ...rest]
}

/**
 * Says what is wrong, or that all is right. The passed trials have been shown
 * already.
 */
export function verdictLines(
  exercise: Exercise,
  { right, failed, complaint, difference }: Verdict,
  page: Page,
): string[] {
  const wrap = (text: string): string[] => wrapText(printable(text), page.width)
  if (right) {
    const runIt = `Run your stage in the chapter: npm run chapter -- ${exercise.chapter} --mine`
    return ['', ...wrap(exercise.main ? `Right. ${runIt}` : 'Right.').map(page.style.good)]
  }
  const mark = complaint?.startsWith(openHolePrefix) ? 'open' : 'WRONG'
  return [
    ...(failed ? trialLines(mark, failed, page) : []),
    '',
    ...wrap(withFullStop(complaint ?? 'your work could not be judged')),
    ...(difference ? ['', ...differenceLines(difference, page)] : []),
  ]
}

/** The commands to type after a verdict. */
export function closingLines(
  exercise: Exercise,
  { right }: Pick<Verdict, 'right'>,
  exercises: readonly Exercise[],
  root: string,
  { width }: Page,
): string[] {
  const words = wordsFor(exercise)
  const lines = right
    ? [
        `Compare with the solution: npm run check -- ${words} --solution`,
        nextLine(exercises, root, exercise),
      ]
    : [
        `Next: edit ${displayPath(ownFileOf(exercise, root))}, then npm run check ${words}`,
        `For a hint: npm run check -- ${words} --hint`,
      ]
  return lines.flatMap((line) => wrapText(line, width))
}

/** Colours and wraps a unified diff. */
export function differenceLines(difference: string, { width, style }: Page): string[] {
  return difference
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const colour = line.startsWith('+') ? style.good : line.startsWith('-') ? style.bad : String
      return wrapText(printable(line), width).map((part) => colour(part))
    })
}

/**
 * A hint, and how to get the next one. Records that the hint was given.
 *
 * @param step - the number of the hint; by default the one after the last
 * given
 * @param key - the key that shows the next hint, if there is one; otherwise
 * the command is shown
 * @throws a {@link Failure} if the exercise has no hint of that number
 */
export function hintLines(
  exercise: Exercise,
  step: number | undefined,
  { width }: Page,
  key?: string,
): string[] {
  const count = exercise.hints.length
  const number = step ?? Math.min(readRecord(exercise).hints + 1, count)
  const text = exercise.hints[number - 1]
  if (text === undefined) {
    throw new Failure(`cannot show hint ${number}: this exercise has hints 1 to ${count}`)
  }
  recordHint(exercise, number)
  const more =
    number < count
      ? `Next hint: ${key ?? `npm run check -- ${wordsFor(exercise)} --hint ${number + 1}`}`
      : `That was the last hint. Solution: npm run check -- ${wordsFor(exercise)} --solution`
  return [...wrapText(`Hint ${number} of ${count}: ${text}`, width), '', ...wrapText(more, width)]
}
