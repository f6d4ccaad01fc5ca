import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readProgress, recordExperiment } from '../../src/questions/progress.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'

function damagedFile(): string {
  const folder = temporaryFolder('wbprogress')
  onTestFinished(() => removeFolder(folder))
  const file = join(folder, 'progress.json')
  writeFileSync(file, '{"chapters":')
  return file
}

test('renames a progress file that is not JSON, and warns', () => {
  const file = damagedFile()
  const warnings: string[] = []
  expect(readProgress((line) => warnings.push(line), file)).toEqual({ chapters: {} })
  expect(warnings).toEqual([expect.stringContaining(`The file is now ${file}.unreadable`)])
  expect(readFileSync(`${file}.unreadable`, 'utf8')).toBe('{"chapters":')
})

test('warns and continues if a damaged progress file cannot be renamed', () => {
  const file = damagedFile()
  mkdirSync(join(`${file}.unreadable`, 'in the way'), { recursive: true })
  const warnings: string[] = []
  expect(readProgress((line) => warnings.push(line), file)).toEqual({ chapters: {} })
  expect(warnings).toEqual([expect.stringMatching(/is not valid JSON\. Could not rename it: /)])
})

test('names the folder in which progress cannot be saved', () => {
  const home = join(damagedFile(), 'below a file')
  vi.stubEnv('XDG_STATE_HOME', home)
  onTestFinished(() => void vi.unstubAllEnvs())
  const warnings: string[] = []
  recordExperiment('early-output', (line) => warnings.push(line))
  expect(warnings).toEqual([
    `Could not save your progress: the folder ${join(home, 'docker-exec-workbook')} does not exist.`,
  ])
})
