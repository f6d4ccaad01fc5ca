/**
 * The learner's progress in each chapter, as data and as a table.
 *
 * @module
 */

import { warn } from '../process/failure.ts'
import type { Page } from '../show/stage-lines.ts'
import { wrapText } from '../text/width.ts'
import { type Progress, readProgress } from './progress.ts'
import type { Questionnaire } from './questions.ts'

/** A count and its total: `[2, 3]`. */
export type Share = readonly [count: number, of: number]

/** One chapter's progress. */
export type ChapterOverview = {
  /** Its number, from 1. */
  readonly chapter: number
  readonly name: string
  readonly question: string
  /** Whether a run of it has finished. */
  readonly done: boolean
  /** The questions answered right. */
  readonly questionsRight: Share
  /** The experiments that finished. */
  readonly experimentsDone: Share
  /** The exercises solved. */
  readonly exercisesDone: Share
}

/** The experiments and exercises of a chapter. */
export type ChapterMaterial = {
  /** The names of the experiments. */
  readonly experiments: readonly string[]
  /** For each exercise, whether it passed its last check. */
  readonly exercises: readonly boolean[]
}

/** Returns the learner's progress in each chapter. */
export function chapterOverviews(
  { course, lessons }: Questionnaire,
  material: readonly ChapterMaterial[],
  { chapters, experiments: run = [] }: Progress = readProgress(warn),
): ChapterOverview[] {
  return course.stages.map(({ name, question }, at) => {
    const { doneAt, known = [] } = chapters[name] ?? {}
    const { experiments, exercises } = material[at] ?? { experiments: [], exercises: [] }
    const predictions = (lessons[at]?.predictions ?? []).map((prediction) => prediction.name)
    return {
      ...{ chapter: at + 1, name, question },
      done: doneAt !== undefined,
      questionsRight: share(predictions, (each) => known.includes(each)),
      experimentsDone: share(experiments, (each) => run.includes(each)),
      exercisesDone: share(exercises, (right) => right),
    }
  })
}

/** Sums the questions, experiments and exercises over all chapters. */
export function overviewTotal(
  map: readonly ChapterOverview[],
): Pick<ChapterOverview, 'questionsRight' | 'experimentsDone' | 'exercisesDone'> {
  const sum = (share: (chapter: ChapterOverview) => Share): Share => [
    map.reduce((count, each) => count + share(each)[0], 0),
    map.reduce((of, each) => of + share(each)[1], 0),
  ]
  return {
    questionsRight: sum(({ questionsRight }) => questionsRight),
    experimentsDone: sum(({ experimentsDone }) => experimentsDone),
    exercisesDone: sum(({ exercisesDone }) => exercisesDone),
  }
}

/**
 * Returns the map as a table that fits 40 columns. Finished chapters are
 * ticked.
 */
export function overviewLines(map: readonly ChapterOverview[], { width, style }: Page): string[] {
  const total = overviewTotal(map)
  const isWide = width >= 52
  const columnWidth = isWide ? 12 : 8
  const row = (label: string, cells: readonly string[]): string =>
    `${label.padEnd(15)}${cells.map((text) => text.padStart(columnWidth)).join('')}`
  const counts = ({ questionsRight, experimentsDone, exercisesDone }: typeof total): string[] =>
    [questionsRight, experimentsDone, exercisesDone].map(([count, of]) => `${count} of ${of}`)
  const header = isWide ? ['questions', 'experiments', 'exercises'] : ['quest.', 'exper.', 'exerc.']
  const legend = 'Questions answered correctly, experiments run, exercises solved.'
  return [
    style.dim(row('', header)),
    ...map.map((each) =>
      row(`${each.done ? '✓' : ' '} ${each.chapter} ${each.name}`, counts(each)),
    ),
    style.dim(row('  all', counts(total))),
    ...wrapText(legend, width),
  ]
}

function share<Item>(items: readonly Item[], counts: (item: Item) => boolean): Share {
  return [items.filter(counts).length, items.length]
}
