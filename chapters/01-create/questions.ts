/**
 * What chapter 1 asks: which requests go out, and what the daemon makes of them.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import {
  beginningWith,
  exchangeOf,
  exchangesOf,
  fieldOf,
  listOf,
  named,
  nameOf,
  stageOf,
  wireOf,
} from '../../src/questions/reading.ts'

const firstRequest: Prediction = {
  name: 'first-request',
  question: 'The daemon is found. Which request does chapter 1 send first?',
  choices: [named.create, named.start, named.inspectContainer],
  answer(run) {
    const [first] = exchangesOf(wireOf(run))
    return firstRequest.choices.find((choice) => first && nameOf(first.request) === choice)
  },
  why(run) {
    const [first] = exchangesOf(wireOf(run))
    return `The wire begins with ${first?.request.method} ${first?.request.path}, and the daemon says ${first?.answer.status}. The container is asked for before anything is made: a name that is mistyped must be reported as such, and must leave nothing behind.`
  },
}

const createStatus: Prediction = {
  name: 'create-status',
  question: 'Which status does the daemon answer to the create?',
  choices: ['200 OK', '201 Created', '101 Switching Protocols', '204 No Content'],
  answer: (run) =>
    beginningWith(createStatus.choices, exchangeOf(run, named.create)?.answer.status),
  why(run) {
    const { answer } = exchangeOf(run, named.create) ?? {}
    return `It answered ${answer?.status} ${answer?.reason}, with ${answer?.body.trim().slice(0, 20)}…: what was made is a note with an ID. There is no output yet and no connection to take over, only a name to start it by.`
  },
}

const execId: Prediction = {
  name: 'exec-id',
  question: 'How long is the name that the daemon gives to it, the exec ID?',
  choices: [
    '12 hexadecimal digits',
    '32 hexadecimal digits',
    '36 characters, a UUID',
    '64 hexadecimal digits',
  ],
  answer: (run) => beginningWith(execId.choices, idOf(run).length || undefined),
  why: (run) =>
    `The daemon's answer has "${idOf(run).slice(0, 12)}…", and it is ${idOf(run).length} characters to its end: 4 bits each, ${idOf(run).length * 4} random bits. The 12 that docker ps shows of a container's ID are its beginning, cut for the eye.`,
}

function idOf(run: Parameters<Prediction['answer']>[0]): string {
  const id = fieldOf(exchangeOf(run, named.create)?.answer, 'Id')
  return typeof id === 'string' ? id : ''
}

const runsYet: Prediction = {
  name: 'runs-yet',
  question: 'Chapter 1 is over. Does the command run now?',
  choices: ['yes, it runs and waits for us', 'no, nothing has started it'],
  answer(run) {
    const stage = stageOf(run, 'create')
    if (!stage || idOf(run) === '') return undefined
    const started = exchangesOf(stage.wire).some(({ request }) => nameOf(request) === named.start)
    return runsYet.choices[started ? 0 : 1]
  },
  why(run) {
    const sent = exchangesOf(stageOf(run, 'create')?.wire ?? [])
    return `Chapter 1 sent ${listOf(sent)}, and the daemon's ${exchangeOf(run, named.create)?.answer.status} gave ${idOf(run).slice(0, 12)}…, no more. What makes a process of the note is a ${named.start}, and that is chapter 2.`
  },
}

/** The questions of chapter 1. */
export const questions: readonly Prediction[] = [firstRequest, createStatus, execId, runsYet]
