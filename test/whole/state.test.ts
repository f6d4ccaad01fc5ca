/**
 * The learner's stored progress, across commands.
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
  const overview = async (): Promise<ChapterOverview[]> =>
    JSON.parse(await chapter('--json')).chapters
  return { env, folder: join(home, 'docker-exec-workbook'), chapter, overview }
}

test('counts an experiment from the command line, and --start-over moves it aside', async () => {
  const { folder, chapter, overview } = openState()
  expect((await overview()).map(({ experimentsDone: [count] }) => count)).toEqual([
    0, 0, 0, 0, 0, 0, 0,
  ])
  await chapter('--practice', '--experiment', 'never-started', '--plain')
  const tried = (await overview()).filter(({ experimentsDone: [count] }) => count > 0)
  expect(tried).toEqual([expect.objectContaining({ experimentsDone: [1, expect.any(Number)] })])

  const output = await chapter('--start-over', '--plain')
  const [aside = ''] = readdirSync(folder)
  expect(output).toContain('Moved, not deleted:')
  expect(aside).toMatch(/^before-\d{4}-/)
  expect(existsSync(join(folder, aside, 'progress.json'))).toBe(true)
  expect((await overview()).filter(({ experimentsDone: [count] }) => count > 0)).toEqual([])
  expect(await chapter('--start-over', '--plain')).toContain('There was no progress to reset.')
})

test('marks a finished chapter as done, in a pipe too', async () => {
  const { chapter, overview } = openState()
  await chapter('--practice', '--plain', '2')
  await chapter('--practice', '--json', '3', 'practice', 'true')
  expect((await overview()).map(({ done }) => done)).toEqual([
    false,
    true,
    true,
    false,
    false,
    false,
    false,
  ])
})

test.skipIf(process.platform === 'win32')('asks before it resets the progress', async () => {
  const { env, folder, chapter } = openState()
  await chapter('--practice', '--plain', '1')
  const [command, ...words] = script('chapter', '--start-over')
  const terminal = openTerminal(command, words, { env })
  onTestFinished(terminal.stop)
  await terminal.waitFor('Reset your progress?')
  terminal.type('\x03')
  await terminal.ended
  expect(readdirSync(folder).filter((name) => name.startsWith('before-'))).toEqual([])
})
