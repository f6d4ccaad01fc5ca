/**
 * What chapter 2 asks: which connection the start takes, how the daemon agrees, and what follows.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import { beginningWith, exchangeOf, fieldOf, headerOf, named } from '../../src/questions/reading.ts'

const startConnection: Prediction = {
  name: 'start-connection',
  question: 'The create went over connection 1, which is still open. Which one carries the start?',
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
      ? `${line}. It asks for no session, so it needs no connection of its own.`
      : `${line}, which becomes the session. Connection 1 stays HTTP for what comes later: the size of your window, and the exit code.`
  },
}

const startStatus: Prediction = {
  name: 'start-status',
  question: 'Which status does the daemon answer to the start?',
  choices: ['200 OK', '201 Created', '101 Switching Protocols', '202 Accepted'],
  scene: 'start answer',
  asked: 'before',
  answer: (run) => beginningWith(startStatus.choices, exchangeOf(run, named.start)?.answer.status),
  why(run) {
    const { request, answer } = exchangeOf(run, named.start) ?? {}
    if (answer?.status === 101) {
      return `The daemon writes it as "101 ${answer.reason}", and only the number counts. It agrees to the Upgrade: this answer is the last HTTP on connection ${answer.connection}.`
    }
    return fieldOf(request, 'Detach') === true
      ? `The body said "Detach":true, so we asked for no session and got an ordinary answer, ${answer?.status}.`
      : `The answer is ${answer?.status}, and without a 101 the connection stays HTTP. The command may run, but we have no session.`
  },
}

const afterBlankLine: Prediction = {
  name: 'after-blank-line',
  question:
    'HTTP answers have a blank line after their headers. What follows it in the answer to the start?',
  choices: ['a body in JSON', 'whatever the command writes', 'nothing: the connection closes'],
  scene: 'start answer',
  asked: 'after',
  answer(run) {
    const status = exchangeOf(run, named.start)?.answer.status
    return status === 101 ? afterBlankLine.choices[1] : undefined
  },
  why(run) {
    const { answer } = exchangeOf(run, named.start) ?? {}
    return `The answer has a Content-Type, ${headerOf(answer, 'content-type')}, and no length: the bytes come for as long as the command runs. What you type goes the other way.`
  },
}

/** The questions of chapter 2. */
export const questions: readonly Prediction[] = [startConnection, startStatus, afterBlankLine]
