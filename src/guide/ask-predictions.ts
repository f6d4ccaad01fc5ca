/**
 * The questions before a run: what does the learner expect to see?
 *
 * @module
 */

import type { Guess } from '../questions/prediction.ts'
import { readProgress } from '../questions/progress.ts'
import { questionsToAsk } from '../questions/questions.ts'
import type { Settings } from './change-settings.ts'
import { type GuideSession, say, warn } from './guide-session.ts'

const askNoMore = Symbol('ask no more')

/**
 * Asks the questions of this chapter, and those that were answered wrong two chapters ago. It asks
 * before anything is sent, because a stage that waits for an answer would change what the next one sees.
 *
 * @param all - also ask what the learner has already answered
 */
export async function askPredictions<First extends object>(
  { options, ask, page }: GuideSession<First>,
  chapter: number,
  { tty }: Settings,
  all: boolean,
): Promise<Guess[]> {
  const questions = questionsToAsk(options, chapter, readProgress(warn), { tty, all })
  const guesses: Guess[] = []
  if (questions.length > 0) say('', page.style.bold('Before it runs: what do you expect?'))
  for (const [at, { prediction, chapter: owner }] of questions.entries()) {
    const from = owner === chapter ? '' : `Chapter ${owner} once more. `
    const choices = prediction.choices.map((value) => ({ value, label: value }))
    const choice = await ask.choose<string | undefined | typeof askNoMore>(
      `${at + 1} of ${questions.length}. ${from}${prediction.question}`,
      [
        ...choices,
        { value: undefined, label: 'I would rather see' },
        { value: askNoMore, label: 's: no more questions, run it', key: 's', back: 'run it' },
      ],
    )
    if (choice === askNoMore) break
    if (choice !== undefined) guesses.push({ prediction, choice })
  }
  return guesses
}
