/**
 * The chapters on a machine where everything is unusual at once.
 *
 * @module
 */

import { chmodSync, cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { run } from '../support/run.ts'
import { asOrdinaryUser, root } from '../support/scripts.ts'
import { copyWorkbook } from '../support/workbook-copy.ts'

test('every chapter runs as an ordinary user with a strange folder, home, locale and TMPDIR', async () => {
  const parent = temporaryFolder()
  const home = join(parent, 'home')
  const longPath = join(parent, `a long path ${'x'.repeat(100)}`)
  mkdirSync(home)
  mkdirSync(longPath)
  const cwd = copyWorkbook(join(parent, "Übung it's 100% #1"))
  chmodSync(parent, 0o755)
  // A workbook that may write neither to the home nor to its own folder.
  for (const folder of [home, cwd]) {
    chmodSync(folder, 0o555)
    onTestFinished(() => chmodSync(folder, 0o755))
  }
  chmodSync(longPath, 0o1777)
  const env = {
    ...Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined])),
    PATH: process.env.PATH,
    HOME: home,
    TMPDIR: longPath,
    TZ: 'Asia/Kathmandu',
    LANG: 'tr_TR.UTF-8',
    LC_ALL: 'tr_TR.UTF-8',
  }
  const script =
    'umask 077; for chapter in 1 2 3 4 5 6 7; do npm run --silent chapter $chapter -- --practice || exit; done'
  const [command, ...args] = asOrdinaryUser(['sh', '-c', script])
  const { code, stdout, stderr } = await run(command, args, { cwd, env })
  expect(code, stderr.toString()).toBe(0)
  const complaints = stderr.toString().trimEnd().split('\n')
  expect([...new Set(complaints.map((line) => line.replace(/(permission).*/, '$1')))]).toEqual([
    'Could not save the tape of this run: you have no permission',
    'Could not save your progress: you have no permission',
  ])
  for (const chapter of [1, 2, 3, 4, 5, 6, 7]) {
    expect(stdout.toString()).toContain(`Chapter ${chapter} of 7`)
  }
})

test.each([
  ['vitest', '#', ['test']],
  ['vitest', '%', ['test']],
  ['tsx', '?', ['run', 'chapter', '1']],
  ['tsx', '\\', ['run', 'chapter', '1']],
])('says that %s cannot run in a folder with %s in its path', async (program, odd, words) => {
  const cwd = copyWorkbook(join(temporaryFolder(), `a${odd}b`))
  const config = join('test', 'vitest.config.mts')
  cpSync(join(root, config), join(cwd, config))
  const { code, stdout, stderr } = await run('npm', words, { cwd })
  const sentence = `${program} cannot run in a folder with ${odd} in its path: move the workbook.\n`
  expect({ code, out: stdout.toString(), error: stderr.toString() }).toEqual({
    code: 1,
    out: '',
    error: sentence,
  })
})
