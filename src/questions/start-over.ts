/**
 * Beginning again: everything that is remembered of a learner is set aside, and nothing is deleted.
 *
 * @module
 */

import type { Ask } from '../menus/ask.ts'
import { startOver } from '../process/learner.ts'

/**
 * Sets it aside.
 *
 * @param ask - asks a person before; undefined where the wish was plain
 * @returns what came of it, a sentence each; nothing where the person would rather not
 */
export async function setProgressAside(ask: Ask | undefined): Promise<string[]> {
  const question = 'Begin again? Your progress, guesses, hints and tapes are set aside.'
  const isSure = ask === undefined || (await ask.confirm(question, false))
  if (!isSure) return []
  const aside = startOver()
  return [
    aside === undefined ? 'Nothing was kept yet.' : `Set aside, and not deleted: ${aside}`,
    'Your exercises in chapters/mine stay as they are.',
  ]
}
