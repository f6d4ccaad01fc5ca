/**
 * What chapter 7 asks: where the exit code is, what kept the question off the session, and what the whole
 * session cost.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import {
  beginningWith,
  type Exchange,
  exchangeOf,
  exchangesOf,
  fieldOf,
  inWords,
  listOf,
  named,
  nameOf,
  stageOf,
  wireOf,
} from '../../src/questions/reading.ts'
import type { WalkResult } from '../../src/run/walk-chapter.ts'

/** The last request for the code, with the daemon's answer. */
function codeExchange(run: WalkResult): Exchange | undefined {
  return exchangesOf(wireOf(run)).findLast(
    ({ answer }) => fieldOf(answer, 'ExitCode') !== undefined,
  )
}

const codeRequest: Prediction = {
  name: 'code-request',
  question: 'The session is over. Where does the exit code come from?',
  choices: [
    'from the last byte of the session',
    'from the note of chapter 1',
    'from a header after the session',
  ],
  scene: 'exit code',
  asked: 'before',
  answer(run) {
    const found = codeExchange(run)
    return found && nameOf(found.request) === named.inspectExec ? codeRequest.choices[1] : undefined
  },
  why(run) {
    const { answer } = codeExchange(run) ?? {}
    const told = `We sent ${named.inspectExec}, and the answer has "Running":${fieldOf(answer, 'Running')} and "ExitCode":${fieldOf(answer, 'ExitCode')}.`
    return fieldOf(answer, 'Running') === false
      ? `${told} Every byte of the session belonged to the command, so the daemon wrote the code on the note.`
      : `${told} Every byte of the session belonged to the command, so the code can only come on the note. The daemon has not written it there yet.`
  },
}

const codeConnection: Prediction = {
  name: 'code-connection',
  question: 'What kept the request for the exit code off connection 2?',
  choices: [
    'the command, which used it',
    'the 101: no HTTP since then',
    'the daemon, which answers one request for each connection',
  ],
  scene: 'exit code',
  asked: 'after',
  answer(run) {
    const [found, start] = [codeExchange(run), exchangeOf(run, named.start)]
    if (!found || start?.answer.status !== 101) return undefined
    return found.request.connection === start.request.connection
      ? undefined
      : codeConnection.choices[1]
  },
  why(run) {
    const [found, start] = [codeExchange(run), exchangeOf(run, named.start)]
    return `The session was on connection ${start?.request.connection}; this request went over connection ${found?.request.connection}. That one has stayed open since chapter 1 for what is not part of the session: this request, and the size of your window.`
  },
}

const requestCount: Prediction = {
  name: 'request-count',
  question: 'From the look at the container to the exit code: how many requests did we send?',
  choices: ['two', 'three', 'four', 'five', 'six or more'],
  scene: 'exit code',
  asked: 'after',
  answer(run) {
    if (!stageOf(run, 'exit code') || !codeExchange(run)) return undefined
    return beginningWith(
      requestCount.choices,
      inWords(Math.min(6, exchangesOf(wireOf(run)).length)),
    )
  },
  why: (run) =>
    `They were ${listOf(exchangesOf(wireOf(run)))}. What you typed and what you saw cost none, however much it was.`,
}

/** The questions of chapter 7. */
export const questions: readonly Prediction[] = [codeRequest, codeConnection, requestCount]
