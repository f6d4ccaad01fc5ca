/**
 * Drives the guide in a terminal: reads its screen and types keys at its
 * prompts.
 *
 * @module
 */

import { setTimeout as wait } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { removeFolder, temporaryFolder } from './folder.ts'
import { openTerminal, type Terminal } from './pty.ts'
import { type ScreenSize, seenLines } from './screen.ts'
import { script } from './scripts.ts'

/** The guide in a terminal. */
export type GuideSession = Terminal & {
  /** All lines so far, including those that have scrolled off. */
  readonly seen: () => Promise<string>
  /** The lines on the screen now. */
  readonly now: () => Promise<string>
  /**
   * Waits until the screen has this text and a prompt, and types these keys,
   * if any.
   */
  readonly at: (wanted: string, keys: string) => Promise<void>
}

/** Matches the last row of every prompt that waits for a key. */
const prompt = /^(└|.*\bq [a-z ]+|Enter [a-z].*|.*, or q to [a-z ]+:)$/

/** How long to wait for a page, in milliseconds. */
const timeout = 30_000

/** Opens the guide with its own state folder. */
export function openGuide(
  args: readonly string[],
  size: ScreenSize = { columns: 80, rows: 24 },
  more: Readonly<Record<string, string | undefined>> = {},
): GuideSession {
  const state = temporaryFolder('wbguide')
  onTestFinished(() => removeFolder(state))
  const [command, ...words] = script('chapter', ...args)
  const env = { CI: '', ACCESSIBLE: undefined, XDG_STATE_HOME: state, ...more }
  const terminal = openTerminal(command, words, { env, ...size })
  onTestFinished(terminal.stop)
  const seen = (): Promise<string[]> => seenLines(terminal.screen(), size)
  const now = async (): Promise<string> => (await seen()).slice(-size.rows).join('\n')
  /** The screen when keys were last typed. Wait until it has changed. */
  let lastScreen = ''
  return {
    ...terminal,
    seen: async () => (await seen()).join('\n'),
    now,
    async at(wanted, keys) {
      const started = Date.now()
      for (;;) {
        const screen = await now()
        const last = screen.trimEnd().split('\n').at(-1) ?? ''
        const isPrompt = screen !== lastScreen && prompt.test(last.trimEnd())
        if (isPrompt && screen.includes(wanted)) {
          if (keys === '') return
          lastScreen = screen
          break
        }
        if (Date.now() - started > timeout) {
          throw new Error(`timed out waiting for "${wanted}" on the screen: ${screen}`)
        }
        await wait(40)
      }
      terminal.type(keys)
    },
  }
}
