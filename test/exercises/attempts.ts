/**
 * Attempts at an exercise, kept as what makes each one different from its solution.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Exercise } from '../../src/judging/exercise.ts'
import { originalFileOf, solutionFileOf } from '../../src/judging/own-file.ts'
import { fillHoles } from '../../src/judging/solve.ts'
import { root } from '../support/scripts.ts'

/** One attempt, as a learner might hand it in. It has changes or a body. */
export type Attempt = {
  /** What the attempt does, and often why: `counts characters instead of bytes`. */
  readonly name: string
  /** Words that the verdict has to contain. Without them the attempt is right. */
  readonly verdict?: string
  /** The version of the API that an engine needs before it can tell: `1.42`. */
  readonly since?: string
  /** Replacements in the solved exercise. Each `from` occurs exactly once in it. */
  readonly changes?: readonly (readonly [from: string, to: string])[]
  /** The body of the exercise's function, in place of the solution's. */
  readonly body?: string
  /** The function that gets the body, where it is neither the stage nor what the exercise exports. */
  readonly bodyOf?: string
}

/** The attempts at some exercises, by the name of the exercise. */
export type Attempts = Readonly<Record<string, readonly Attempt[]>>

/** The text of a solved exercise, with the changes or the body of an attempt. */
export function textOf(
  exercise: Exercise,
  { name, changes = [], body, bodyOf }: Partial<Attempt>,
): string {
  const [original = '', solution = ''] = [originalFileOf(exercise), solutionFileOf(exercise)].map(
    (file) => readFileSync(join(root, file), 'utf8'),
  )
  let text = fillHoles(
    original,
    body === undefined ? solution : replacing(exercise, body, bodyOf, solution),
  )
  for (const [from, to] of changes) {
    const times = text.split(from).length - 1
    if (times === 1) text = text.replace(from, () => to)
    else throw new Error(`${exercise.name}, "${name}": ${times} times in the solution: ${from}`)
  }
  return text
}

/** Puts a function before the solution's own of the same name: the first one fills the hole. */
function replacing(
  { main, exports }: Exercise,
  body: string,
  bodyOf: string | undefined,
  solution: string,
): string {
  const isStage = main && bodyOf === undefined
  const [indent, name] = isStage ? ['  ', 'run'] : ['', bodyOf ?? exports]
  return `${indent}function ${name}() {\n${body}\n${indent}}\n${solution}`
}
