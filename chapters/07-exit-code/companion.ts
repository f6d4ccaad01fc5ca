/**
 * What the workbook prints and does around stage 7, exit code.
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
      : `The exit code is ${exitCode}${signalText(exitCode)}.`,

  wayOut: wayOutOfSession,

  sessionEnd: async (exited) => endingText(await exited.ended, exited),
}

/** Names the signal of an exit code above 128: `, which is 128 + 9: …`. */
function signalText(exitCode: number): string {
  const [name] =
    Object.entries(constants.signals).find(([, signal]) => signal + 128 === exitCode) ?? []
  return name === undefined
    ? ''
    : `, which is 128 + ${exitCode - 128}: the conventional code of a command that ${name} killed`
}
