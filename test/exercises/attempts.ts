/**
 * Attempts at an exercise, stored as differences from its solution.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Exercise } from '../../src/judging/exercise.ts'
import { originalFileOf, solutionFileOf } from '../../src/judging/own-file.ts'
import { fillHoles } from '../../src/judging/solve.ts'
import { root } from '../support/scripts.ts'

/**
 * One attempt, as a learner might submit it. It has either changes or a body.
 */
export type Attempt = {
  /** What the attempt does: `counts characters instead of bytes`. */
  readonly name: string
  /**
   * Text that the verdict has to contain. Without it, the attempt is right.
   */
  readonly verdict?: string
  /** The API version that an engine needs to show the mistake: `1.42`. */
  readonly since?: string
  /** Whether Podman has another opinion of it than dockerd. */
  readonly needsDockerd?: true
  /**
   * Replacements in the solved exercise. Each `from` occurs there exactly
   * once.
   */
  readonly changes?: readonly (readonly [from: string, to: string])[]
  /** The body of the exercise's function, instead of the solution's. */
  readonly body?: string
  /**
   * The function that gets the body, if it isn't the stage or the exercise's
   * export.
   */
  readonly bodyOf?: string
}

/** Attempts by the name of their exercise. */
export type Attempts = Readonly<Record<string, readonly Attempt[]>>

/**
 * Returns the text of a solved exercise with an attempt's changes or body.
 */
export function textOf(
  exercise: Exercise,
  { name, changes = [], body, bodyOf }: Partial<Attempt>,
): string {
  const [original = '', solution = ''] = [originalFileOf(exercise), solutionFileOf(exercise)].map(
    (file) => readFileSync(join(root, file), 'utf8'),
  )
  let text = fillHoles(
    original,
    body === undefined ? solution : prependFunction(exercise, body, bodyOf, solution),
  )
  for (const [from, to] of changes) {
    const times = text.split(from).length - 1
    if (times === 1) text = text.replace(from, () => to)
    else throw new Error(`${exercise.name}, "${name}": ${times} times in the solution: ${from}`)
  }
  return text
}

/**
 * Prepends a function to a solution that has one of the same name: the first
 * fills the hole.
 */
function prependFunction(
  { main, exports }: Exercise,
  body: string,
  bodyOf: string | undefined,
  solution: string,
): string {
  const isStage = main && bodyOf === undefined
  const [indent, name] = isStage ? ['  ', 'run'] : ['', bodyOf ?? exports]
  return `${indent}function ${name}() {\n${body}\n${indent}}\n${solution}`
}
