/**
 * What is kept of a learner's work, from command to command.
 *
 * @module
 */

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ChapterOverview } from '../../src/questions/overview.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { openTerminal } from '../support/pty.ts'
import { run } from '../support/run.ts'
import { script } from '../support/scripts.ts'

function openState() {
  const home = temporaryFolder('wbkept')
  onTestFinished(() => removeFolder(home))
  const env = { XDG_STATE_HOME: home, CI: '', ACCESSIBLE: undefined, NO_COLOR: '1' }
  const chapter = async (...args: string[]): Promise<string> => {
    const [command, ...words] = script('chapter', ...args)
    const { stdout, stderr, code } = await run(command, words, { env })
    expect([code, stderr.toString()]).toEqual([0, expect.anything()])
    return stdout.toString()
  }
  const map = async (): Promise<ChapterOverview[]> => JSON.parse(await chapter('--json')).chapters
  return { env, folder: join(home, 'docker-exec-workbook'), chapter, map }
}

test('an experiment on the command line counts on the map, and beginning again sets it aside', async () => {
  const { folder, chapter, map } = openState()
  expect((await map()).map(({ experimentsDone: [count] }) => count)).toEqual([0, 0, 0, 0, 0, 0, 0])
  await chapter('--practice', '--experiment', 'never-started', '--plain')
  const broken = (await map()).filter(({ experimentsDone: [count] }) => count > 0)
  expect(broken).toEqual([expect.objectContaining({ broken: [1, expect.any(Number)] })])

  const said = await chapter('--start-over', '--plain')
  const [aside = ''] = readdirSync(folder)
  expect(said).toContain('Set aside, and not deleted:')
  expect(aside).toMatch(/^before-\d{4}-/)
  expect(existsSync(join(folder, aside, 'progress.json'))).toBe(true)
  expect((await map()).filter(({ experimentsDone: [count] }) => count > 0)).toEqual([])
  expect(await chapter('--start-over', '--plain')).toContain('Nothing was kept yet.')
})

test('a chapter that ran to its end is done, in a pipe too', async () => {
  const { chapter, map } = openState()
  await chapter('--practice', '--plain', '2')
  await chapter('--practice', '--json', '3', 'practice', 'true')
  expect((await map()).map(({ done }) => done)).toEqual([
    false,
    true,
    true,
    false,
    false,
    false,
    false,
  ])
})

test.skipIf(process.platform === 'win32')('a person is asked before beginning again', async () => {
  const { env, folder, chapter } = openState()
  await chapter('--practice', '--plain', '1')
  const [command, ...words] = script('chapter', '--start-over')
  const terminal = openTerminal(command, words, { env })
  onTestFinished(terminal.stop)
  await terminal.waitFor('Begin again?')
  terminal.type('\x03')
  await terminal.ended
  expect(readdirSync(folder).filter((name) => name.startsWith('before-'))).toEqual([])
})
