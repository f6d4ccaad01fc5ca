/**
 * How to get out of a live session, and what is printed when it has ended.
 *
 * @module
 */

import { defaultDetachKeys } from '../terminal/detach-keys.ts'
import { type AskedSession, isShell } from './task.ts'

/** The engine's configuration and the terminal. */
type SessionContext = {
  readonly engine: { readonly config: { readonly detachKeys: string } }
  readonly terminal: { readonly inputIsTerminal: boolean }
}

/** How to get out of a live session, in one or two sentences. */
export function wayOutOfSession(
  asked: AskedSession & { readonly detachKeys: string },
  { engine, terminal }: SessionContext,
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

/** How a session can end, as chapter 5 reports it. */
type Ending =
  | { readonly by: 'daemon' | 'detach keys' }
  | { readonly by: 'error'; readonly error: Error }

/** What ended the session if it wasn't the command. */
export function endingText(
  ending: Ending,
  { container }: { readonly container: string },
): string | undefined {
  switch (ending.by) {
    case 'daemon':
      return undefined
    case 'detach keys':
      return `You detached: the command keeps running in ${container}.`
    case 'error':
      return `The session failed: ${ending.error.message}`
  }
}

/** What ended the session if it was neither the command nor the learner. */
export function externalEndText(why: string): string {
  return `The session ended unexpectedly: ${why}.`
}

/**
 * Explains why Ctrl-C reached this client as a signal and not the command as
 * a byte.
 */
export function interruptText({
  tty,
  container,
}: {
  readonly tty: boolean
  readonly container: string
}): string {
  const why = tty ? 'with NORAW our terminal is not raw' : 'without a tty our terminal is not raw'
  const until = tty ? '' : ' until it reads EOF'
  return `Ctrl-C ended the session: ${why}, so the key interrupted this client. The command did not get it, and keeps running in ${container}${until}.`
}
