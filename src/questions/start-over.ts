/**
 * Starts over: moves everything stored about the learner aside and deletes
 * nothing.
 *
 * @module
 */

import type { Ask } from '../menus/ask.ts'
import { startOver } from '../process/learner.ts'

/**
 * Moves the learner's progress aside.
 *
 * @param ask - asks for confirmation first; undefined skips the question
 * @returns the result, one sentence each; empty if the user said no
 */
export async function setProgressAside(ask: Ask | undefined): Promise<string[]> {
  const question =
    'Reset your progress? Your progress, guesses, hints and tapes are moved, not deleted.'
  const isSure = ask === undefined || (await ask.confirm(question, false))
  if (!isSure) return []
  const aside = startOver()
  return [
    aside === undefined ? 'There was no progress to reset.' : `Moved, not deleted: ${aside}`,
    'Your exercises in chapters/mine are unchanged.',
  ]
}
