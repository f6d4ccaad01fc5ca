/**
 * A learner in the guide: what is on the screen now, and the keys for its prompts.
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
export type GuideAtWork = Terminal & {
  /** All lines that were ever on the screen, as they stood there. */
  readonly seen: () => Promise<string>
  /** The lines that are on the screen now. */
  readonly now: () => Promise<string>
  /** Waits until a prompt stands below this on the screen, and types these keys, if any. */
  readonly at: (wanted: string, keys: string) => Promise<void>
}

/** The last row of every prompt that waits for a key. */
const prompt = /^(└|.*\bq [a-z ]+|Enter [a-z].*|.*, or q to [a-z ]+:)$/

/** A page that does not come within this time, in milliseconds, will not come. */
const patience = 30_000

/** Opens the guide with a progress of its own. */
export function openGuide(
  args: readonly string[],
  size: ScreenSize = { columns: 80, rows: 24 },
  more: Readonly<Record<string, string | undefined>> = {},
): GuideAtWork {
  const state = temporaryFolder('wbguide')
  onTestFinished(() => removeFolder(state))
  const [command, ...words] = script('chapter', ...args)
  const env = { CI: '', ACCESSIBLE: undefined, XDG_STATE_HOME: state, ...more }
  const terminal = openTerminal(command, words, { env, ...size })
  onTestFinished(terminal.stop)
  const seen = (): Promise<string[]> => seenLines(terminal.screen(), size)
  const now = async (): Promise<string> => (await seen()).slice(-size.rows).join('\n')
  /** What the screen showed when keys were typed last: what comes of them looks different. */
  let before = ''
  return {
    ...terminal,
    seen: async () => (await seen()).join('\n'),
    now,
    async at(wanted, keys) {
      const begun = Date.now()
      for (;;) {
        const screen = await now()
        const last = screen.trimEnd().split('\n').at(-1) ?? ''
        const isPrompt = screen !== before && prompt.test(last.trimEnd())
        if (isPrompt && screen.includes(wanted)) {
          if (keys === '') return
          before = screen
          break
        }
        if (Date.now() - begun > patience) throw new Error(`no ${wanted} came: ${screen}`)
        await wait(40)
      }
      terminal.type(keys)
    },
  }
}
