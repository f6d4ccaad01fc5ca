/**
 * The questions of chapter 1: what we send before the create, and what the
 * daemon does with it.
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
  question: 'Before the create we send another request. What does it ask?',
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
    return `The answer to ${first?.request.method} ${first?.request.path} was ${first?.answer.status} ${first?.answer.reason}: the container exists. If you mistype the name, you find out here, before we check our terminal.`
  },
}

const createStatus: Prediction = {
  name: 'create-status',
  question: 'The daemon stores our note. Which HTTP status does it answer with?',
  choices: ['200 OK', '201 Created', '202 Accepted', '204 No Content'],
  scene: 'create',
  asked: 'before',
  answer: (run) =>
    beginningWith(createStatus.choices, exchangeOf(run, named.create)?.answer.status),
  why: (run) =>
    `The daemon has created the note. The body is {"Id":"${idOf(run).slice(0, 12)}…"}: the note’s number, and nothing else.`,
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
    return `So far we have sent ${sent.map(({ request }) => nameOf(request)).join(' and ')}. Neither starts a process. The note waits until we start it. If we never do, dockerd keeps it until the container stops.`
  },
}

function idOf(run: WalkResult): string {
  const id = fieldOf(exchangeOf(run, named.create)?.answer, 'Id')
  return typeof id === 'string' ? id : ''
}

/** The questions of chapter 1. */
export const questions: readonly Prediction[] = [firstRequest, createStatus, runsYet]
