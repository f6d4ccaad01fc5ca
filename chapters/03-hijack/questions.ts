/**
 * What chapter 3 asks: what it costs to take a connection, how output comes over it, and what can no
 * longer be said on it.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import {
  beginningWith,
  exchangeOf,
  exchangesOf,
  fieldOf,
  headerOf,
  inWords,
  listOf,
  named,
  stageOf,
} from '../../src/questions/reading.ts'

const hijackRequests: Prediction = {
  name: 'hijack-requests',
  question: 'We take the connection away from our HTTP library. How many requests does that take?',
  choices: ['none', 'one', 'two'],
  scene: 'hijack',
  asked: 'before',
  answer(run) {
    const stage = stageOf(run, 'hijack')
    const count = stage && exchangesOf(stage.wire).length
    return beginningWith(hijackRequests.choices, inWords(count))
  },
  why(run) {
    const sent = exchangesOf(stageOf(run, 'hijack')?.wire ?? [])
    const { answer } = exchangeOf(run, named.start) ?? {}
    return sent.length > 0
      ? `The chapter sent ${listOf(sent)}.`
      : `The daemon stopped speaking HTTP with its ${answer?.status}, so there is nothing left to ask for. What changes is inside our own program: the socket moves out of the library’s hands into ours.`
  },
}

const framing: Prediction = {
  name: 'framing',
  question: 'A command has two outputs, stdout and stderr. How do they share the one connection?',
  choices: [
    'in pieces, each behind a header',
    'mixed, as plain bytes',
    'in turns, a line of JSON each',
  ],
  scene: 'hijack',
  asked: 'before',
  answer(run) {
    const shown = stageOf(run, 'hijack')?.state.framing
    if (shown === 'raw') return framing.choices[1]
    return shown === 'stdcopy' ? framing.choices[0] : undefined
  },
  why(run) {
    const { request, answer } = exchangeOf(run, named.start) ?? {}
    const type = headerOf(answer, 'content-type')
    const tty = `"Tty":${fieldOf(request, 'Tty')}`
    return stageOf(run, 'hijack')?.state.framing === 'raw'
      ? `The start said ${tty}: both outputs go to the command’s terminal, which mixes them before the daemon reads them. We know it from our own request. The Content-Type, ${type}, tells the two forms apart only since API 1.42.`
      : `The start said ${tty}, so each piece comes behind a header that says which output it is from. Docker calls the two a stdcopy frame. The Content-Type, ${type}, tells the two forms apart only since API 1.42.`
  },
}

const twoRequests: Prediction = {
  name: 'two-requests',
  question: 'Why does Docker need two requests, create and start, to run one command?',
  choices: [
    'creating the process takes a while',
    'what needs an answer has to come before the session',
    'a request cannot have a body and become a session',
  ],
  scene: 'hijack',
  asked: 'after',
  answer(run) {
    const [create, start] = [exchangeOf(run, named.create), exchangeOf(run, named.start)]
    return create && start?.answer.status === 101 ? twoRequests.choices[1] : undefined
  },
  why(run) {
    const [create, start] = [exchangeOf(run, named.create), exchangeOf(run, named.start)]
    const id = String(fieldOf(create?.answer, 'Id')).slice(0, 12)
    return `The create was answered ${create?.answer.status}, with the ID ${id}…: the size of your window and the exit code are asked for with it, on connection 1. The start had a body too, and after its ${start?.answer.status} there are only the command’s bytes: no place for an ID or an error.`
  },
}

/** The questions of chapter 3. */
export const questions: readonly Prediction[] = [hijackRequests, framing, twoRequests]
