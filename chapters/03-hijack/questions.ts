/**
 * The questions of chapter 3: what a hijack costs, how the output is framed,
 * and what has to be settled before the session starts.
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
      : `The daemon stopped speaking HTTP with its ${answer?.status}, so there is nothing left to ask for. The change is inside our own program: the library let go of the socket, and our code collects the bytes that it had read past the blank line.`
  },
}

const framing: Prediction = {
  name: 'framing',
  question:
    'In this run the command writes to stdout and stderr. With the Tty that we sent, how do the two share one connection?',
  choices: [
    'in chunks, each with a header',
    'mixed, as plain bytes',
    'as one line of JSON per chunk',
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
      ? `Our create and start said ${tty}: both outputs go to the container’s terminal, which mixes them before the daemon reads them. Don’t rely on the Content-Type (here ${type}): before API 1.42 it is raw-stream with and without a tty.`
      : `Our create and start said ${tty}, so each chunk has a header that names its stream. Together they are a frame, in the format of Docker’s stdcopy package. Don’t rely on the Content-Type (here ${type}): before API 1.42 it is raw-stream with and without a tty.`
  },
}

const twoRequests: Prediction = {
  name: 'two-requests',
  question: 'Why does Docker need two requests, create and start, to run one command?',
  choices: [
    'creating the process takes time',
    'the session has no room for an HTTP response',
    'a request with a body cannot become a session',
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
    return `The daemon answered the create with ${create?.answer.status} and the ID ${id}…. It could still have refused, with a status and a message. After the ${start?.answer.status} to our start, that connection carries only the command’s bytes, and an error has no status. Besides, later requests such as resize and inspect go over connection 1 and need the ID to name the exec. A body doesn’t prevent a session: the start had one.`
  },
}

/** The questions of chapter 3. */
export const questions: readonly Prediction[] = [hijackRequests, framing, twoRequests]
