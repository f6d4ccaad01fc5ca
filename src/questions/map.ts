/**
 * The map: how far the learner is in each chapter, as data and as a table.
 *
 * @module
 */

import { warn } from '../process/failure.ts'
import type { Page } from '../show/stage-lines.ts'
import { wrapText } from '../text/width.ts'
import { type Progress, readProgress } from './progress.ts'
import type { Questionnaire } from './questions.ts'

/** How many of how many: `[2, 3]`. */
export type Share = readonly [count: number, of: number]

/** A chapter on the map. */
export type ChapterOnMap = {
  /** Its number, from 1. */
  readonly chapter: number
  readonly name: string
  readonly question: string
  /** Whether it was run to its end. */
  readonly done: boolean
  /** Its questions that were answered right. */
  readonly questionsRight: Share
  /** Its experiments that were run to their end. */
  readonly experimentsDone: Share
  /** Its exercises that were judged right. */
  readonly exercisesDone: Share
}

/** What there is to break and to write in a chapter. */
export type ChapterMaterial = {
  /** The names of its experiments. */
  readonly experiments: readonly string[]
  /** For each exercise, whether the last check was passed. */
  readonly exercises: readonly boolean[]
}

/** Says of each chapter how far the learner is. */
export function mapOf(
  { course, lessons }: Questionnaire,
  material: readonly ChapterMaterial[],
  { chapters, experiments: run = [] }: Progress = readProgress(warn),
): ChapterOnMap[] {
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

/** The sum over all chapters: what was guessed, broken and written. */
export function totalOf(
  map: readonly ChapterOnMap[],
): Pick<ChapterOnMap, 'questionsRight' | 'experimentsDone' | 'exercisesDone'> {
  const sum = (share: (chapter: ChapterOnMap) => Share): Share => [
    map.reduce((count, each) => count + share(each)[0], 0),
    map.reduce((of, each) => of + share(each)[1], 0),
  ]
  return {
    questionsRight: sum(({ questionsRight }) => questionsRight),
    experimentsDone: sum(({ experimentsDone }) => experimentsDone),
    exercisesDone: sum(({ exercisesDone }) => exercisesDone),
  }
}

/** The map as a table that fits 40 columns, with the chapters that are done ticked off. */
export function mapLines(map: readonly ChapterOnMap[], { width, style }: Page): string[] {
  const total = totalOf(map)
  const row = (label: string, shares: readonly string[]): string =>
    `${label.padEnd(15)}${shares.map((text) => text.padStart(width < 48 ? 8 : 10)).join('')}`
  const counts = ({ questionsRight, experimentsDone, exercisesDone }: typeof total): string[] =>
    [questionsRight, experimentsDone, exercisesDone].map(([count, of]) => `${count} of ${of}`)
  return [
    style.dim(row('', ['guessed', 'broken', 'written'])),
    ...map.map((each) =>
      row(`${each.done ? '✓' : ' '} ${each.chapter} ${each.name}`, counts(each)),
    ),
    style.dim(row('  all', counts(total))),
    ...wrapText('guessed: questions; broken: experiments; written: exercises', width),
  ]
}

function share<Item>(items: readonly Item[], counts: (item: Item) => boolean): Share {
  return [items.filter(counts).length, items.length]
}
