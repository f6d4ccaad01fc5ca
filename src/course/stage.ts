/**
 * What a stage is, and how stages are put in a row.
 *
 * @module
 */

import type { Kit } from './kit.ts'

/**
 * One step of the story. It takes the state that the stage before it made and passes on a
 * larger one; the difference between the two types is what the chapter teaches.
 */
export type Stage<In, Out> = {
  /** One or two words, as in the file's name: `raw mode`. */
  readonly name: string
  /** What the stage does, as the end of a sentence that begins with "this stage". */
  readonly title: string
  /** The question that the chapter answers. */
  readonly question: string
  /**
   * Does the work. It is a property with a function type on purpose: written as a method its
   * parameter would be bivariant, and a course in the wrong order would compile.
   */
  readonly run: (state: In, kit: Kit) => Promise<Out | Done<In>>
}

/** The state of a course that is over before its last stage: an exec that was detached. */
export type Done<State = object> = State & { readonly done: true; readonly exitCode: number }

/** A stage whose states are known to its course only. */
// biome-ignore lint/suspicious/noExplicitAny: the one place where a stage's states are forgotten; `add` has checked them.
export type AnyStage = Stage<any, any>

/** Stages in a row: it takes a `First` and ends in a `Last`. */
export type Course<First, Last> = {
  readonly stages: readonly AnyStage[]
  /** Adds a stage that takes what the last one passes on. Any other one does not compile. */
  readonly add: <Next>(stage: Stage<Last, Next>) => Course<First, Next>
  /** Never set: it keeps the first state's type in the course's own. */
  readonly first?: First
}

/** A finished course: what it begins with, and its stages. */
export type Walkable<First> = Pick<Course<First, unknown>, 'stages' | 'first'> & {
  /** The stage that is the learner's own, and its file. Undefined where all are the workbook's. */
  readonly mine?: { readonly chapter: number; readonly file: string }
}

/** A course without stages, which takes and passes on a `First`. */
export function courseFrom<First>(): Course<First, First> {
  return extend<First, First>([])
}

function extend<First, Last>(stages: readonly AnyStage[]): Course<First, Last> {
  return { stages, add: (stage) => extend([...stages, stage]) }
}

/** `Chapter 4 of 7: raw mode`, and behind a stage of the learner's own, whose it is. */
export function chapterTitle<First>({ stages, mine }: Walkable<First>, chapter: number): string {
  const whose = mine?.chapter === chapter ? `, yours (${mine.file})` : ''
  return `Chapter ${chapter} of ${stages.length}: ${stages[chapter - 1]?.name}${whose}`
}

/** True when this state is the end of its course. */
export function isDone(state: object): state is Done {
  return 'done' in state && state.done === true
}

/** The course with another stage in one place. The number counts from 1. */
export function courseWith<First extends object>(
  course: Walkable<First>,
  number: number,
  stage: AnyStage,
): Walkable<First> {
  return { stages: course.stages.map((other, at) => (at + 1 === number ? stage : other)) }
}
