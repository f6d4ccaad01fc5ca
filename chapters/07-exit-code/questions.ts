/**
 * The questions of chapter 7: where the exit code comes from, why its request
 * can't use the session's connection, and how many requests the session took.
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

/** The last exchange that asked for the exit code. */
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
    const found = `We sent ${named.inspectExec}, and the answer has "Running":${fieldOf(answer, 'Running')} and "ExitCode":${fieldOf(answer, 'ExitCode')}.`
    return fieldOf(answer, 'Running') === false
      ? `${found} The session’s stream has no room for a code, so the daemon added it to the note.`
      : `${found} The session’s stream has no room for a code, so it can only be in the note. The daemon has not added it yet.`
  },
}

const codeConnection: Prediction = {
  name: 'code-connection',
  question: 'Why didn’t we ask for the exit code on connection 2?',
  choices: [
    'the command was still using it',
    'it stopped speaking HTTP at the 101',
    'the daemon answers only one request per connection',
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
    const connectionOf = (exchange?: Exchange) => exchange?.request.connection
    const [session, create] = [named.start, named.create].map((name) =>
      connectionOf(exchangeOf(run, name)),
    )
    const used = connectionOf(codeExchange(run))
    return `After the 101, connection ${session} carried only the session, so it could not carry another request. This request used connection ${used}. ${
      used === create
        ? 'It has stayed open since chapter 1 for everything outside the session: this request, and the size of your window.'
        : 'It is a new one, because the connection from chapter 1 was idle for too long and closed.'
    }`
  },
}

const requestCount: Prediction = {
  name: 'request-count',
  question: 'From inspecting the container to the exit code, how many requests did we send?',
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
    `They were ${listOf(exchangesOf(wireOf(run)))}. What you typed and what you saw took no requests, however much it was.`,
}

/** The questions of chapter 7. */
export const questions: readonly Prediction[] = [codeRequest, codeConnection, requestCount]
