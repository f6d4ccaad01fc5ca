/**
 * What chapter 1 asks: what comes before the note, and what the daemon makes of it.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import {
  beginningWith,
  exchangeOf,
  exchangesOf,
  fieldOf,
  named,
  nameOf,
  stageOf,
  wireOf,
} from '../../src/questions/reading.ts'
import type { WalkResult } from '../../src/run/walk-chapter.ts'

const firstRequest: Prediction = {
  name: 'first-request',
  question: 'Before the note we send another request. What do we ask?',
  choices: [
    'whether the command exists',
    'whether the container exists',
    'whether the daemon has room for one more process',
  ],
  scene: 'inspect container',
  asked: 'before',
  answer(run) {
    const [first] = exchangesOf(wireOf(run))
    if (!first) return undefined
    return nameOf(first.request) === named.inspectContainer ? firstRequest.choices[1] : undefined
  },
  why(run) {
    const [first] = exchangesOf(wireOf(run))
    return `${first?.request.method} ${first?.request.path} was answered ${first?.answer.status} ${first?.answer.reason}: it exists. A mistyped name is reported here, before there is a note.`
  },
}

const createStatus: Prediction = {
  name: 'create-status',
  question: 'The daemon puts our note into its drawer. Which HTTP status does it answer?',
  choices: ['200 OK', '201 Created', '202 Accepted', '204 No Content'],
  scene: 'create',
  asked: 'before',
  answer: (run) =>
    beginningWith(createStatus.choices, exchangeOf(run, named.create)?.answer.status),
  why: (run) =>
    `What it created is the note. The body is {"Id":"${idOf(run).slice(0, 12)}…"}, the number on it, and nothing else.`,
}

const runsYet: Prediction = {
  name: 'runs-yet',
  question: 'The daemon has answered the create. How many processes has it started for us?',
  choices: ['none', 'one, the command', 'two, the command and its terminal'],
  scene: 'create',
  asked: 'after',
  answer(run) {
    const stage = stageOf(run, 'create')
    if (!stage || idOf(run) === '') return undefined
    const started = exchangesOf(stage.wire).some(({ request }) => nameOf(request) === named.start)
    return runsYet.choices[started ? 1 : 0]
  },
  why(run) {
    const sent = exchangesOf(stageOf(run, 'create')?.wire ?? [])
    return `So far we have sent ${sent.map(({ request }) => nameOf(request)).join(' and ')}. Neither of them starts a process. The note waits in its drawer, for good if we never ask for it to be started.`
  },
}

function idOf(run: WalkResult): string {
  const id = fieldOf(exchangeOf(run, named.create)?.answer, 'Id')
  return typeof id === 'string' ? id : ''
}

/** The questions of chapter 1. */
export const questions: readonly Prediction[] = [firstRequest, createStatus, runsYet]
