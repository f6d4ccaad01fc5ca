/**
 * The questions of chapter 2: which connection carries the start, how the
 * daemon agrees, and what follows its answer.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import { beginningWith, exchangeOf, fieldOf, headerOf, named } from '../../src/questions/reading.ts'

const startConnection: Prediction = {
  name: 'start-connection',
  question:
    'We sent the create on connection 1, which is still open. Which connection carries the start?',
  choices: ['connection 1 again', 'a new one, connection 2'],
  scene: 'start',
  asked: 'before',
  answer(run) {
    const [create, start] = [exchangeOf(run, named.create), exchangeOf(run, named.start)]
    if (!create || !start) return undefined
    return startConnection.choices[start.request.connection === create.request.connection ? 0 : 1]
  },
  why(run) {
    const [create, start] = [exchangeOf(run, named.create), exchangeOf(run, named.start)]
    const line = `The create is on connection ${create?.request.connection}, the start on connection ${start?.request.connection}`
    return create?.request.connection === start?.request.connection
      ? `${line}. This start asks for no session, so it doesn’t need its own connection.`
      : `${line}, which becomes the session. Connection 1 stays HTTP because we need it later, for the size of your window and the exit code.`
  },
}

const startStatus: Prediction = {
  name: 'start-status',
  question: 'Which status does the daemon answer the start with?',
  choices: ['200 OK', '201 Created', '101 Switching Protocols', '202 Accepted'],
  scene: 'start answer',
  asked: 'before',
  answer: (run) => beginningWith(startStatus.choices, exchangeOf(run, named.start)?.answer.status),
  why(run) {
    const { request, answer } = exchangeOf(run, named.start) ?? {}
    if (answer?.status === 101) {
      return `The daemon writes "101 ${answer.reason}", but only the number counts. It accepts the upgrade, so this answer is the last HTTP on connection ${answer.connection}.`
    }
    return fieldOf(request, 'Detach') === true
      ? `The body said "Detach":true: we asked for no session, and got an ordinary answer, ${answer?.status}.`
      : `The answer is ${answer?.status}. Without a 101 the connection stays HTTP: the command may run, but we have no session.`
  },
}

const afterBlankLine: Prediction = {
  name: 'after-blank-line',
  question:
    'HTTP answers have a blank line after their headers. What follows it in the answer to the start?',
  choices: ['a JSON body', 'the output of the command', 'nothing: the connection closes'],
  scene: 'start answer',
  asked: 'after',
  answer(run) {
    const status = exchangeOf(run, named.start)?.answer.status
    return status === 101 ? afterBlankLine.choices[1] : undefined
  },
  why(run) {
    const { answer } = exchangeOf(run, named.start) ?? {}
    return `The answer has a Content-Type, ${headerOf(answer, 'content-type')}, but no length: bytes arrive for as long as the command runs. What you type travels the other way.`
  },
}

/** The questions of chapter 2. */
export const questions: readonly Prediction[] = [startConnection, startStatus, afterBlankLine]
