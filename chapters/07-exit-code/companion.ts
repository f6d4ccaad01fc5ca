/**
 * What the workbook says and does around stage 7, exit code.
 *
 * @module
 */

import { constants } from 'node:os'
import type { Companion } from '../../src/run/companion.ts'
import { endingText, wayOutOfSession } from '../../src/tasks/way-out.ts'
import type { Resizing } from '../06-resize/stage.ts'
import type { Exited } from './stage.ts'

/** The companion of chapter 7. */
export const companion: Companion<Resizing, Exited> = {
  needs: ['ended', 'rawMode', 'resizes', 'execId', 'container'],

  summarize: ({ exitCode, message }) =>
    message
      ? `${message}. Our exit code is ${exitCode}.`
      : `The exit code is ${exitCode}${endedBySignal(exitCode)}.`,

  wayOut: wayOutOfSession,

  sessionEnd: async (exited) => endingText(await exited.ended, exited),
}

/** By custom a command that a signal has ended has the signal's number plus 128 as its exit code. */
function endedBySignal(exitCode: number): string {
  const [name] = Object.entries(constants.signals).find(([, it]) => it + 128 === exitCode) ?? []
  return name === undefined
    ? ''
    : `: 128 and ${exitCode - 128}, the custom where ${name} has ended a command`
}
