import { expect, onTestFinished, test, vi } from 'vitest'
import { chapterFolders, lessons } from '../../chapters/commands/chapter-folders.ts'
import { dockerExec } from '../../chapters/index.ts'
import { chapterOverviews, overviewLines, overviewTotal } from '../../src/questions/overview.ts'
import { readProgress, recordExperiment } from '../../src/questions/progress.ts'
import { styleFor } from '../../src/text/style.ts'
import { widthOf } from '../../src/text/width.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'

const questionnaire = { course: dockerExec, lessons: lessons() }
const material = chapterFolders.map(() => ({ experiments: ['a', 'b'], exercises: [true, false] }))

test('counts questions, experiments and exercises in each chapter', () => {
  const [first, second] = questionnaire.lessons[1]?.predictions ?? []
  const progress = {
    chapters: {
      start: { doneAt: '2026-03-01T00:00:00Z', known: [first?.name ?? '', 'not a question'] },
    },
    experiments: ['b', 'not an experiment'],
  }
  const [create, start] = chapterOverviews(questionnaire, material, progress)
  expect(second).toBeDefined()
  expect(create).toMatchObject({ chapter: 1, name: 'create', done: false, experimentsDone: [1, 2] })
  expect(start).toMatchObject({ chapter: 2, done: true, exercisesDone: [1, 2] })
  expect(start?.questionsRight).toEqual([1, questionnaire.lessons[1]?.predictions.length])
  expect(
    overviewTotal(chapterOverviews(questionnaire, material, progress)).experimentsDone,
  ).toEqual([7, 14])
})

test('fits 40 columns and ticks finished chapters', () => {
  const chapters = chapterOverviews(questionnaire, material, {
    chapters: { hijack: { doneAt: '2026-03-01' } },
  })
  const page = { width: 40, style: styleFor({ isTTY: false } as never, {}) }
  const lines = overviewLines(chapters, page)
  expect(lines.filter((line) => widthOf(line) > 40)).toEqual([])
  expect(lines.filter((line) => line.startsWith('✓'))).toEqual([
    expect.stringContaining('✓ 3 hijack '),
  ])
})

test('stores a finished experiment once, next to the chapters', () => {
  const folder = temporaryFolder('wbmap')
  onTestFinished(() => removeFolder(folder))
  vi.stubEnv('XDG_STATE_HOME', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  const warn = vi.fn()
  for (const name of ['early-input', 'early-input', 'half-asked']) recordExperiment(name, warn)
  expect(readProgress(warn)).toEqual({ chapters: {}, experiments: ['early-input', 'half-asked'] })
  expect(warn).not.toHaveBeenCalled()
})
