/**
 * A check as text: the list of the exercises, and a verdict.
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

/** The words that name an exercise on a command line: `3`, or `3 split` for a smaller one. */
export function wordsFor({ chapter, folder, main, name }: Exercise): string {
  return main ? `${chapter}` : `${chapter} ${name.slice(folder.length + 1)}`
}

/** In a narrower column a sentence is hard to read. */
const readable = 30

/** The list of all exercises, with how far the learner is with each of them. */
export function listLines(exercises: readonly Exercise[], root: string, page: Page): string[] {
  const rows = exercises.map((exercise) => ({
    words: wordsFor(exercise),
    progress: progressOf(exercise, root),
    task: exercise.task,
  }))
  const right = rows.filter(({ progress }) => progress === 'right').length
  const wide = Math.max(...rows.map(({ words }) => widthOf(words)))
  return [
    `${page.style.good('█'.repeat(right))}${page.style.dim('░'.repeat(rows.length - right))} ${right} of ${rows.length} right`,
    '',
    ...wrapText('npm run check, and one of these:', page.width).map(page.style.dim),
    ...rows.flatMap(({ words, progress, task }) => {
      const mark = `${padText(words, wide)}  ${padText(progress, 15)}  `
      if (page.width - mark.length >= readable) return hangingLines(mark, task, page.width)
      return [mark.trimEnd(), ...indented(wrapText(task, page.width - 4), 4)]
    }),
    '',
    ...wrapText(nextLine(exercises, root), page.width),
  ]
}

/** What to do next: the exercise behind this one that is not right yet, or the first. */
export function nextLine(exercises: readonly Exercise[], root: string, from?: Exercise): string {
  const next = nextExercise(exercises, root, from)
  return next
    ? `Next: npm run check ${wordsFor(next)}`
    : `All ${exercises.length} exercises are right.`
}

/** One trial of a check: `right  a pipe into cat`. */
export function trialLines(
  mark: 'right' | 'WRONG' | 'open' | '…',
  title: string,
  { width, style }: Page,
): string[] {
  const colour = { right: style.good, WRONG: style.bad, open: style.dim, '…': style.dim }[mark]
  const [first = '', ...rest] = hangingLines(padText(mark, 7), title, width)
  return [`${colour(first.slice(0, mark.length))}${first.slice(mark.length)}`, ...rest]
}

/** What is wrong, or that all is right. The trials that were passed are shown before it. */
export function verdictLines(
  exercise: Exercise,
  { right, failed, complaint, difference }: Verdict,
  page: Page,
): string[] {
  const wrap = (text: string): string[] => wrapText(printable(text), page.width)
  if (right) {
    const story = `See it in the story: npm run chapter -- ${exercise.chapter} --mine`
    return ['', ...wrap(exercise.main ? `Right. ${story}` : 'Right.').map(page.style.good)]
  }
  const mark = complaint?.startsWith(openHolePrefix) ? 'open' : 'WRONG'
  return [
    ...(failed ? trialLines(mark, failed, page) : []),
    '',
    ...wrap(withFullStop(complaint ?? 'it could not be judged')),
    ...(difference ? ['', ...differenceLines(difference, page)] : []),
  ]
}

/** What to type after a verdict. */
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
        `Another way to do it: npm run check -- ${words} --solution`,
        nextLine(exercises, root, exercise),
      ]
    : [
        `Next: write in ${displayPath(ownFileOf(exercise, root))}, then npm run check ${words}`,
        `A hint: npm run check -- ${words} --hint`,
      ]
  return lines.flatMap((line) => wrapText(line, width))
}

/** A unified diff, with a colour for each side. */
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
 * A hint, and how to get more.
 *
 * @param step - its number; without it the one behind the last that was given
 * @param key - the key that gives the next one; without it a command does
 * @throws a {@link Failure} if there is no such hint
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
  if (text === undefined) throw new Failure(`there are ${count} hints, 1 to ${count}`)
  recordHint(exercise, number)
  const more =
    number < count
      ? `More: ${key ?? `npm run check -- ${wordsFor(exercise)} --hint ${number + 1}`}`
      : `Now only the solution is left: npm run check -- ${wordsFor(exercise)} --solution`
  return [...wrapText(`Hint ${number} of ${count}: ${text}`, width), '', ...wrapText(more, width)]
}
