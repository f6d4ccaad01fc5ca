/**
 * What chapter 7 asks: who knows how it ended, and when it is asked.
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

/** The last question for the code, with the daemon's answer. */
function codeExchange(run: WalkResult): Exchange | undefined {
  return exchangesOf(wireOf(run)).findLast(
    ({ answer }) => fieldOf(answer, 'ExitCode') !== undefined,
  )
}

/** `"Running":false,"ExitCode":5`, as the daemon's answer has it. */
function noteOf(run: WalkResult): string {
  const answer = codeExchange(run)?.answer
  return `"Running":${fieldOf(answer, 'Running')}, "ExitCode":${fieldOf(answer, 'ExitCode')}`
}

const toSee = 'The code was never asked for: let the command end by itself, with exit.'

const codeRequest: Prediction = {
  name: 'code-request',
  question: 'How do we learn the exit code?',
  choices: [
    'from the last bytes of the stream',
    'from a header behind the stream, a trailer',
    'by POST /exec/…/wait',
    'by GET /exec/…/json',
  ],
  answer(run) {
    const found = codeExchange(run)
    return codeRequest.choices.find((choice) => found && choice === `by ${nameOf(found.request)}`)
  },
  why: (run) =>
    `The wire has ${named.inspectExec}, and the answer has ${noteOf(run)}. The stream has only bytes of the command, and its end looks the same for success and failure. The daemon keeps the code with the note of chapter 1.`,
  toSee,
}

const codeConnection: Prediction = {
  name: 'code-connection',
  question: 'Over which connection is the exit code asked for?',
  choices: ['that of the create', 'that of the session'],
  answer(run) {
    const [found, start] = [codeExchange(run), exchangeOf(run, named.start)]
    if (!found || !start) return undefined
    return codeConnection.choices[found.request.connection === start.request.connection ? 1 : 0]
  },
  why(run) {
    const [found, start] = [codeExchange(run), exchangeOf(run, named.start)]
    return `The question is on connection ${found?.request.connection}, the session was on connection ${start?.request.connection}. That one stopped being HTTP with the ${start?.answer.status}, and no request goes over it any more.`
  },
  toSee,
}

const codeMoment: Prediction = {
  name: 'code-moment',
  question: 'When is the exit code asked for?',
  choices: ['while the command runs, again and again', 'once the daemon’s stream has ended'],
  answer(run) {
    const wire = wireOf(run)
    const ended = wire.findIndex(({ kind }) => kind === 'end')
    const asked = wire.findIndex(
      (event) => event.kind === 'request' && nameOf(event) === named.inspectExec,
    )
    if (asked === -1 || ended === -1) return undefined
    return codeMoment.choices[asked < ended ? 0 : 1]
  },
  why(run) {
    const times = exchangesOf(wireOf(run)).filter(
      ({ request }) => nameOf(request) === named.inspectExec,
    ).length
    return `The wire has "End: the daemon writes no more", and ${named.inspectExec} ${codeMoment.answer(run) === codeMoment.choices[0] ? 'before' : 'behind'} it, ${times === 1 ? 'once' : `${times} times`}. The last answer has ${noteOf(run)}. While a command runs its ExitCode is null, and the end of the stream is the sign that it may be one now.`
  },
  toSee,
}

const requestCount: Prediction = {
  name: 'request-count',
  question: 'From chapter 1 to the end: how many requests does the whole session take?',
  choices: ['two', 'three', 'four', 'five', 'six or more'],
  answer(run) {
    if (!stageOf(run, 'exit code') || !codeExchange(run)) return undefined
    return beginningWith(
      requestCount.choices,
      inWords(Math.min(6, exchangesOf(wireOf(run)).length)),
    )
  },
  why: (run) =>
    `They were ${listOf(exchangesOf(wireOf(run)))}. Every key and every byte of output went without a request${exchangeOf(run, named.resize) ? ', and each change of the window costs one more' : ', and with a window there would be a resize too'}.`,
  toSee,
}

/** The questions of chapter 7. */
export const questions: readonly Prediction[] = [
  codeRequest,
  codeConnection,
  codeMoment,
  requestCount,
]
