/**
 * How to get out of a live session, and what it means to have left it.
 *
 * @module
 */

import { defaultDetachKeys } from '../terminal/detach-keys.ts'
import { type AskedSession, isShell } from './task.ts'

/** What the sentence depends on besides the session itself. */
type Surroundings = {
  readonly engine: { readonly config: { readonly detachKeys: string } }
  readonly terminal: { readonly inputIsTerminal: boolean }
}

/** How to get out of a live session, in a sentence. */
export function wayOutOfSession(
  asked: AskedSession & { readonly detachKeys: string },
  { engine, terminal }: Surroundings,
): string {
  if (!asked.interactive || !terminal.inputIsTerminal)
    return 'The session ends when the command does.'
  if (!asked.tty) {
    return 'Ctrl-D ends your input; the session ends when the command does. Ctrl-C stops this client.'
  }
  const keys = asked.detachKeys || engine.config.detachKeys || defaultDetachKeys
  const detach = `${keys.replaceAll(',', ' ')} leaves it running.`
  return isShell(asked.command)
    ? `To get out: exit or Ctrl-D ends the shell; ${detach}`
    : `The session ends when the command does. Ctrl-C goes to the command; ${detach}`
}

/** How a session can end, as chapter 5 tells it. */
type Ending =
  | { readonly by: 'daemon' | 'detach keys' }
  | { readonly by: 'error'; readonly error: Error }

/** What there is to say when it was not the command that ended the session. */
export function endingText(
  ending: Ending,
  { container }: { readonly container: string },
): string | undefined {
  switch (ending.by) {
    case 'daemon':
      return undefined
    case 'detach keys':
      return `You detached: the command goes on in ${container}, without us.`
    case 'error':
      return `The session broke off: ${ending.error.message}`
  }
}

/** What there is to say when neither the command nor the learner has ended the session. */
export function externalEndText(why: string): string {
  return `The session ended, and not by you: ${why}.`
}

/** What there is to say when Ctrl-C was a signal to us, and no byte for the command. */
export function interruptText({
  tty,
  container,
}: {
  readonly tty: boolean
  readonly container: string
}): string {
  const why = tty
    ? 'NORAW has kept our terminal as it was'
    : 'without a tty our terminal is not raw'
  return `Ctrl-C ended the session: ${why}, so the key became a signal to this client. No byte of it reached the command, which goes on in ${container} until it reads the end of its input.`
}
