import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { makeStateFolder, startOver, stateFolder } from '../../src/process/learner.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'

function folder(): string {
  const path = temporaryFolder('wblearner')
  onTestFinished(() => {
    chmodSync(path, 0o700)
    removeFolder(path)
  })
  return path
}

test('the state folder is in the checkout, so another clone starts from scratch', () => {
  const [one, two] = [folder(), folder()]
  expect(stateFolder({ HOME: '/home/learner' }, one)).toBe(join(one, '.workbook'))
  expect(stateFolder({ HOME: '/home/learner' }, two)).toBe(join(two, '.workbook'))
})

test('the state of a read-only checkout goes to its own folder in the home', () => {
  const [one, two] = ['/nowhere/one', '/nowhere/two'].map((root) =>
    stateFolder({ HOME: '/home/learner' }, root),
  )
  expect(one).toMatch(/^\/home\/learner\/\.local\/state\/docker-exec-workbook\/one-[0-9a-f]{8}$/)
  expect(two).not.toBe(one)
})

test.runIf(process.getuid?.() === 0)(
  'the state of another user’s checkout goes to the home',
  () => {
    const other = folder()
    const owner = vi.spyOn(process, 'getuid').mockReturnValue(65534)
    onTestFinished(() => owner.mockRestore())
    expect(stateFolder({ HOME: '/home/learner' }, other)).toMatch(/^\/home\/learner\//)
  },
)

test('XDG_STATE_HOME overrides the state folder', () => {
  expect(stateFolder({ XDG_STATE_HOME: '/s' }, folder())).toBe('/s/docker-exec-workbook')
})

test('starting over moves everything to a private folder and deletes nothing', () => {
  const home = folder()
  vi.stubEnv('XDG_STATE_HOME', home)
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(startOver()).toBeUndefined()

  const state = makeStateFolder()
  writeFileSync(join(state, 'progress.json'), 'first')
  mkdirSync(join(state, 'tapes'))
  const aside = startOver(new Date('2026-03-01T09:30:00.250Z')) ?? ''
  expect(aside).toBe(join(state, 'before-2026-03-01T09-30-00-250Z'))
  expect(readFileSync(join(aside, 'progress.json'), 'utf8')).toBe('first')
  expect(statSync(join(aside, 'tapes')).isDirectory()).toBe(true)
  expect(statSync(aside).mode & 0o777).toBe(0o700)
  expect(startOver()).toBeUndefined()
})
