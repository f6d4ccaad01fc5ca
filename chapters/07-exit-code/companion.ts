/**
 * What the workbook says and does around stage 7, exit code.
 *
 * @module
 */

import { constants } from 'node:os'
import type { Companion } from '../../src/run/companion.ts'
import { wayOutOfSession } from '../../src/tasks/way-out.ts'
import type { Resizing } from '../06-resize/stage.ts'
import type { Exited } from './stage.ts'

/** What docker says when the detach keys have ended a session. */
const detached = 'read escape sequence'

/** The companion of chapter 7. */
export const companion: Companion<Resizing, Exited> = {
  needs: ['ended', 'rawMode', 'resizes', 'execId', 'container'],

  summarize({ exitCode, message, container }) {
    if (message === detached) {
      return `You detached: the command goes on in ${container}, without us. Docker’s words for it are "${message}", and our exit code is ${exitCode}.`
    }
    return message
      ? `${message}. Our exit code is ${exitCode}.`
      : `The exit code is ${exitCode}${endedBySignal(exitCode)}.`
  },

  wayOut: wayOutOfSession,
}

/** By custom a command that a signal has ended has the signal's number plus 128 as its exit code. */
function endedBySignal(exitCode: number): string {
  const [name] = Object.entries(constants.signals).find(([, it]) => it + 128 === exitCode) ?? []
  return name === undefined
    ? ''
    : `: 128 and ${exitCode - 128}, the custom where ${name} has ended a command`
}
