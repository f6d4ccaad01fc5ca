/**
 * What chapter 3 asks: what it costs to take a connection, and what comes with it.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import {
  apiOf,
  beginningWith,
  exchangeOf,
  exchangesOf,
  fieldOf,
  headerOf,
  inWords,
  listOf,
  named,
  stageOf,
  wireOf,
} from '../../src/questions/reading.ts'

const hijackRequests: Prediction = {
  name: 'hijack-requests',
  question: 'How many requests does it cost to take the connection away from HTTP?',
  choices: ['none', 'one', 'two', 'three'],
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
      : `Under "wire" chapter 3 has no request. All the asking was done with the ${answer?.status} ${answer?.reason} of chapter 2: what is left is to take the socket out of the hands of our own HTTP client.`
  },
}

const openConnections: Prediction = {
  name: 'open-connections',
  question: 'Over how many connections have we spoken to the daemon when the socket is ours?',
  choices: ['one connection', 'two connections', 'three connections'],
  answer(run) {
    if (!stageOf(run, 'hijack')) return undefined
    return beginningWith(openConnections.choices, inWords(connectionsOf(run).length))
  },
  why(run) {
    const [create, start] = [exchangeOf(run, named.create), exchangeOf(run, named.start)]
    return `The create went over connection ${create?.request.connection}, and the start over connection ${start?.request.connection}, which was answered ${start?.answer.status}. What was hijacked cannot carry a request any more, and there are requests to come: for the window size, for the exit code.`
  },
}

function connectionsOf(run: Parameters<Prediction['answer']>[0]): number[] {
  return [...new Set(exchangesOf(wireOf(run)).map(({ request }) => request.connection))]
}

const framing: Prediction = {
  name: 'framing',
  question: 'How will the output come over the connection that is ours now?',
  choices: ['as it is', 'in frames, each with a header', 'in HTTP chunks', 'as lines of JSON'],
  answer(run) {
    const shown = stageOf(run, 'hijack')?.state.framing
    if (shown === 'raw') return 'as it is'
    return shown === 'stdcopy' ? 'in frames, each with a header' : undefined
  },
  why(run) {
    const { request, answer } = exchangeOf(run, named.start) ?? {}
    const tty = fieldOf(request, 'Tty') === true
    const line = `The start said "Tty":${tty}, and the state has framing "${stageOf(run, 'hijack')?.state.framing}".`
    const type = `The Content-Type, ${headerOf(answer, 'content-type')} (${apiOf(run)}),`
    return tty
      ? `${line} A terminal has one screen and so one stream. ${type} fits, but older daemons say it without a tty too: go by the Tty that you asked for.`
      : `${line} stdout and stderr share this socket, and a header before each piece says whose it is. ${type} is no safe sign of it: go by the Tty that you asked for.`
  },
}

const earlyBytes: Prediction = {
  name: 'early-bytes',
  question: 'Does the session’s first output come in one packet with the 101?',
  choices: ['no, nothing had come with it', 'yes, some of it had come with it'],
  answer(run) {
    const length = earlyLength(run)
    return length === undefined ? undefined : earlyBytes.choices[length > 0 ? 1 : 0]
  },
  why: (run) =>
    `The state has early: ${stageOf(run, 'hijack')?.state.early}. That is this run, and another one may have it otherwise: it depends on how quick the command is. The HTTP parser has such bytes in its hand, so whoever forgets to ask for them loses a prompt once in a hundred times.`,
}

function earlyLength(run: Parameters<Prediction['answer']>[0]): number | undefined {
  const shown = /^<(\d+) bytes/.exec(String(stageOf(run, 'hijack')?.state.early))
  return shown ? Number(shown[1]) : undefined
}

/** The questions of chapter 3. */
export const questions: readonly Prediction[] = [
  hijackRequests,
  openConnections,
  framing,
  earlyBytes,
]
