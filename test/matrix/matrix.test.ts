/**
 * `npm run matrix`: its options, and how it ends.
 *
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeFolder, removeFolder } from '../support/folder.ts'
import { run, start } from '../support/run.ts'
import { root, script } from '../support/scripts.ts'

function matrix(...args: string[]) {
  const [command, ...words] = script('matrix', ...args)
  return run(command, words, { cwd: root, env: { npm_lifecycle_event: undefined } })
}

describe('npm run matrix', () => {
  test.each([
    [['--only', 'nonsense'], '--only nonsense is not in the matrix'],
    [['--only'], '--only needs a value: npm run matrix -- --only podman'],
    [['--daemon', 'here'], '--daemon needs NAME=ADDRESS with unix:// or tcp://, not here'],
    [
      ['--daemon', 'a=ssh://b'],
      '--daemon needs NAME=ADDRESS with unix:// or tcp://, not a=ssh://b',
    ],
    [['now'], 'npm run matrix takes no word, but got now'],
    [['--nodes'], 'unknown flag: --nodes'],
  ])('%j is rejected with one sentence', async (args, sentence) => {
    const { stdout, stderr, code } = await matrix(...args)
    expect([stderr.toString().split('\n')[0], code]).toEqual([sentence, 125])
    expect(stdout.toString()).toBe('')
  })

  test('lists its daemons, Nodes and parts, with a daemon of yours', async () => {
    const { stdout, code } = await matrix('--list', '--daemon', 'mine=unix:///run/mine.sock')
    expect(stdout.toString()).toMatch(/^ {2}podman-newest +the newest Podman/m)
    expect(stdout.toString()).toMatch(/^ {2}mine +unix:\/\/\/run\/mine\.sock$/m)
    expect(stdout.toString()).toContain('Nodes:  20, 22, 24, installed')
    expect(code).toBe(0)
  })

  test('says which daemon it could not have, and fails if nothing ran', async () => {
    const host = `unix://${join(root, 'no-such.sock')}`
    const { stdout, code } = await matrix('--quick', '--daemon', `mine=${host}`, '--only', 'mine')
    expect(stdout.toString()).toContain(`left out: mine: no daemon answers at ${host}`)
    expect(stdout.toString()).toMatch(/^Nothing ran\.$/m)
    expect(code).toBe(1)
  })

  test.skipIf(process.platform !== 'linux')(
    'stops its daemon and its tests on SIGINT',
    async () => {
      const folder = makeFolder('wbmx')
      onTestFinished(() => removeFolder(folder))
      const [command, ...words] = script('matrix', '--quick', '--only', 'practice')
      const env = { npm_lifecycle_event: undefined, TMPDIR: folder, XDG_STATE_HOME: folder }
      const running = start(command, words, { cwd: root, env })
      onTestFinished(running.stop)
      await running.waitFor('practice daemon, Node')
      // The matrix, the daemon, the tests.
      await expect.poll(() => processesIn(folder).length).toBeGreaterThanOrEqual(3)
      process.kill(running.pid, 'SIGINT')
      const { code, stderr } = await running.ended
      expect([code, stderr.toString()]).toEqual([130, expect.stringContaining('SIGINT: stopped')])
      expect(processesIn(folder)).toEqual([])
    },
  )
})

/** The processes that have a folder in their environment. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(folder)
    } catch {
      return false
    }
  })
}
