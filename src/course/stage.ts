/**
 * What a stage is, and how stages are chained into a course.
 *
 * @module
 */

import type { Kit } from './kit.ts'

/**
 * One stage of a course. It takes the state of the stage before it and passes
 * on a larger one. The difference between the two types is what the chapter
 * teaches.
 */
export type Stage<In, Out> = {
  /** One or two words, as in the folder's name: `raw mode`. */
  readonly name: string
  /**
   * What the stage does, completing a sentence that starts with "this stage".
   */
  readonly title: string
  /** The question that the chapter answers. */
  readonly question: string
  /**
   * Does the work. This is a property on purpose: a method's parameter would
   * be bivariant, and a course in the wrong order would compile.
   */
  readonly run: (state: In, kit: Kit) => Promise<Out | Done<In>>
}

/**
 * The state of a course that ends before its last stage, as a detached exec
 * does.
 */
export type Done<State = object> = State & { readonly done: true; readonly exitCode: number }

/** A stage without its state types. */
// biome-ignore lint/suspicious/noExplicitAny: the only place where a stage loses its types; `add` has checked them.
export type AnyStage = Stage<any, any>

/** A chain of stages that takes a `First` and ends in a `Last`. */
export type Course<First, Last> = {
  readonly stages: readonly AnyStage[]
  /**
   * Adds a stage that takes what the last one passes on. Any other doesn't
   * compile.
   */
  readonly add: <Next>(stage: Stage<Last, Next>) => Course<First, Next>
  /** Never set. It keeps the type of the first state. */
  readonly first?: First
}

/** A complete course, ready to walk. */
export type Walkable<First> = Pick<Course<First, unknown>, 'stages' | 'first'> & {
  /**
   * The chapter whose stage is the learner's, and its file. Undefined if all
   * are ours.
   */
  readonly mine?: { readonly chapter: number; readonly file: string }
}

/** Creates a course without stages. It takes and passes on a `First`. */
export function courseFrom<First>(): Course<First, First> {
  return extend<First, First>([])
}

function extend<First, Last>(stages: readonly AnyStage[]): Course<First, Last> {
  return { stages, add: (stage) => extend([...stages, stage]) }
}

/**
 * `Chapter 4 of 7: raw mode`, and the file if the stage is the learner's own.
 */
export function chapterTitle<First>({ stages, mine }: Walkable<First>, chapter: number): string {
  const owner = mine?.chapter === chapter ? `, yours (${mine.file})` : ''
  return `Chapter ${chapter} of ${stages.length}: ${stages[chapter - 1]?.name}${owner}`
}

/** Whether the course ends with this state. */
export function isDone(state: object): state is Done {
  return 'done' in state && state.done === true
}

/** Returns the course with one stage replaced. Numbers count from 1. */
export function courseWith<First extends object>(
  course: Walkable<First>,
  number: number,
  stage: AnyStage,
): Walkable<First> {
  return { stages: course.stages.map((other, at) => (at + 1 === number ? stage : other)) }
}
