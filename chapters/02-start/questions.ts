/**
 * What chapter 2 asks: how a request asks for a session, and how the daemon says yes.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import {
  apiOf,
  beginningWith,
  exchangeOf,
  fieldOf,
  headerOf,
  named,
} from '../../src/questions/reading.ts'
import type { WalkResult } from '../../src/run/walk-chapter.ts'

const startStatus: Prediction = {
  name: 'start-status',
  question: 'Which status does the daemon answer to the start?',
  choices: ['200 OK', '201 Created', '101 Switching Protocols', '202 Accepted'],
  answer: (run) => beginningWith(startStatus.choices, exchangeOf(run, named.start)?.answer.status),
  why(run) {
    const { answer } = exchangeOf(run, named.start) ?? {}
    const line = `It answered ${answer?.status} ${answer?.reason}.`
    if (answer?.status === 101) {
      return `${line} That ends the HTTP on this connection: behind the empty line under "Upgrade: ${headerOf(answer, 'upgrade')}" come the bytes of the session, in both directions.`
    }
    return isDetached(run)
      ? `${line} The body said "Detach":true, so no session was asked for: an ordinary request got an ordinary answer.`
      : `${line} Not a 101: whoever is on the way still takes this for HTTP, and the connection is not ours.`
  },
}

const startUpgrade: Prediction = {
  name: 'start-upgrade',
  question: 'How does the start ask for the connection itself?',
  choices: [
    'by the method CONNECT',
    'by a field of its JSON body',
    'by a header, Upgrade: tcp',
    'by a header, Upgrade: websocket',
    'not at all',
  ],
  answer(run) {
    const { request } = exchangeOf(run, named.start) ?? {}
    if (!request) return undefined
    const upgrade = headerOf(request, 'upgrade')
    const wanted = upgrade === '' ? 'not at all' : `by a header, Upgrade: ${upgrade}`
    return startUpgrade.choices.find((choice) => choice === wanted)
  },
  why(run) {
    const { request, answer } = exchangeOf(run, named.start) ?? {}
    const body = request?.body.trim()
    if (headerOf(request, 'upgrade') === '') {
      return `Its headers have no Upgrade, and its body is ${body}: a command in the background needs no connection.`
    }
    return `It has "Connection: ${headerOf(request, 'connection')}" and "Upgrade: ${headerOf(request, 'upgrade')}", and the ${answer?.status} repeats them. The body, ${body}, says nothing of it. The headers are for the proxies on the way, which read headers and no bodies.`
  },
}

const startConnection: Prediction = {
  name: 'start-connection',
  question: 'The create went over a first connection. Which one carries the start?',
  choices: ['the same one', 'a second one'],
  answer(run) {
    const [create, start] = [exchangeOf(run, named.create), exchangeOf(run, named.start)]
    if (!create || !start) return undefined
    return startConnection.choices[start.request.connection === create.request.connection ? 0 : 1]
  },
  why(run) {
    const [create, start] = [exchangeOf(run, named.create), exchangeOf(run, named.start)]
    const line = `The create is on connection ${create?.request.connection}, the start on connection ${start?.request.connection}.`
    return create?.request.connection === start?.request.connection
      ? `${line} It was answered ${start?.answer.status}, as any request is, and the connection stays HTTP.`
      : `${line} This one becomes the session with the ${start?.answer.status}. The window size and the exit code are requests that come later, and need one that is still HTTP.`
  },
}

const startContentType: Prediction = {
  name: 'start-content-type',
  question: 'What does the Content-Type of the daemon’s answer call the stream?',
  choices: [
    'text/plain',
    'application/octet-stream',
    'application/vnd.docker.raw-stream',
    'application/vnd.docker.multiplexed-stream',
  ],
  answer(run) {
    const type = headerOf(exchangeOf(run, named.start)?.answer, 'content-type')
    return startContentType.choices.find((choice) => choice === type)
  },
  why(run) {
    const { request, answer } = exchangeOf(run, named.start) ?? {}
    const tty = fieldOf(request, 'Tty') === true
    const line = `The answer has "Content-Type: ${headerOf(answer, 'content-type')}" (${apiOf(run)}, "Tty":${tty}).`
    return tty
      ? `${line} A terminal is one stream, and its bytes come as they are.`
      : `${line} From API 1.42 on a daemon says multiplexed-stream for stdout and stderr in frames. Older ones, and Podman, say raw-stream, and send frames all the same.`
  },
  toSee: 'It shows where the daemon answers with a session, so without --detach.',
}

function isDetached(run: WalkResult): boolean {
  return fieldOf(exchangeOf(run, named.start)?.request, 'Detach') === true
}

/** The questions of chapter 2. */
export const questions: readonly Prediction[] = [
  startStatus,
  startUpgrade,
  startConnection,
  startContentType,
]
