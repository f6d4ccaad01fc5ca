/**
 * The guide, from a chapter to what can be done with it: look, break, write, leave.
 *
 * @module
 */

import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { openTerminal } from '../support/pty.ts'
import { script } from '../support/scripts.ts'

test.skipIf(process.platform === 'win32')(
  'leads from a run to its views, its experiments and its exercises, and leaves with 0',
  async () => {
    const [command, ...words] = script('chapter', '1', '--practice')
    const env = { CI: '', ACCESSIBLE: '1', XDG_STATE_HOME: temporaryFolder() }
    const terminal = openTerminal(command, words, { env })
    onTestFinished(terminal.stop)
    /** Chooses by the words of a choice, as a person does who reads the numbers. */
    const choose = async (question: string, label: string): Promise<void> => {
      const from = terminal.screen().length
      await terminal.waitFor(question)
      await terminal.waitFor(/or q to (leave|go back): $/)
      const shown = terminal
        .screen()
        .subarray(Math.max(0, from - 4000))
        .toString()
      const list = shown.slice(shown.lastIndexOf(question))
      const [, number] = new RegExp(`(\\d+)\\. ${label}`).exec(list) ?? []
      expect(number, `${label} in ${list}`).toBeDefined()
      terminal.type(`${number}\n`)
    }

    await choose('1 of ', 's: no more questions')
    await terminal.waitFor('What goes in')
    await terminal.waitFor('What happened')
    await choose('And now?', 'Look at it')
    await choose('Look at what?', 'wire')
    await terminal.waitFor('POST /v1.')
    await choose('Look at what?', 'more')
    await terminal.waitFor('The story in five minutes')
    await choose('Look at what?', 'Back')

    await choose('And now?', 'Break it')
    await choose('Break what?', '')
    await choose('?', 'I would rather see')
    await terminal.waitFor('── why ─')
    await choose('Break what?', 'Back')

    await choose('And now?', 'Write it yourself')
    await choose('Which exercise?', '')
    await choose('Exercise: ', 'Get a hint')
    await terminal.waitFor('$ npm run check -- 1 --hint --practice')
    await terminal.waitFor('Hint 1 of 3: ')
    await choose('Exercise: ', 'Back')

    await choose('And now?', 'Leave')
    const { code, modesBefore, modesAfter } = await terminal.ended
    expect(code).toBe(0)
    expect(modesAfter).toBe(modesBefore)
  },
)
