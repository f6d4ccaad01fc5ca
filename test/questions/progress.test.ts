import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readProgress, recordExperiment } from '../../src/questions/progress.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'

function nonsense(): string {
  const folder = temporaryFolder('wbprogress')
  onTestFinished(() => removeFolder(folder))
  const file = join(folder, 'progress.json')
  writeFileSync(file, '{"chapters":')
  return file
}

test('progress that is not JSON is put aside and told of', () => {
  const file = nonsense()
  const told: string[] = []
  expect(readProgress((line) => told.push(line), file)).toEqual({ chapters: {} })
  expect(told).toEqual([expect.stringContaining(`It was kept as ${file}.unreadable`)])
  expect(readFileSync(`${file}.unreadable`, 'utf8')).toBe('{"chapters":')
})

test('progress that is not JSON and cannot be put aside is told of, and stops nothing', () => {
  const file = nonsense()
  mkdirSync(join(`${file}.unreadable`, 'in the way'), { recursive: true })
  const told: string[] = []
  expect(readProgress((line) => told.push(line), file)).toEqual({ chapters: {} })
  expect(told).toEqual([expect.stringMatching(/is not valid JSON, and could not be renamed: /)])
})

test('progress that has no place is told of with its folder, in words', () => {
  const home = join(nonsense(), 'below a file')
  vi.stubEnv('XDG_STATE_HOME', home)
  onTestFinished(() => void vi.unstubAllEnvs())
  const told: string[] = []
  recordExperiment('early-output', (line) => told.push(line))
  expect(told).toEqual([
    `Your progress could not be kept: there is no folder ${join(home, 'docker-exec-workbook')}.`,
  ])
})
