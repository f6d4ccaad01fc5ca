import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exercises } from '../../chapters/commands/chapter-folders.ts'
import { createScope } from '../../src/course/scope.ts'
import { originalFileOf, solutionFileOf } from '../../src/judging/own-file.ts'
import { fillHoles, findHoles } from '../../src/judging/solve.ts'
import { describeWithEngine } from '../support/engine.ts'
import { root } from '../support/scripts.ts'
import { judgeAt, judgeFiles, solved } from './judging.ts'

const readPage = (path: string): string => readFileSync(join(root, path), 'utf8')

describe('the exercises', () => {
  test('include a main one and a smaller one for each chapter', () => {
    for (const chapter of [1, 2, 3, 4, 5, 6, 7]) {
      const there = exercises.filter((exercise) => exercise.chapter === chapter)
      expect(there.filter(({ main }) => main)).toHaveLength(1)
      expect(there.length).toBeGreaterThan(1)
    }
  })

  test('are all registered, with a hole and a solution', () => {
    const files = readdirSync(join(root, 'chapters'), { recursive: true, encoding: 'utf8' })
      .map((path) => /^(\d\d)-.*\/exercises\/([a-z-]+)\.ts$/.exec(path))
      .flatMap((found) => (found ? [[found[1], found[2]]] : []))
      .filter(([, name = '']) => !['index', 'verdicts'].includes(name))
      .map((parts) => parts.join('-'))
      .sort()
    expect(files).toEqual(exercises.map(({ name }) => name).sort())
    for (const exercise of exercises) {
      const text = readPage(originalFileOf(exercise))
      const whole = fillHoles(text, readPage(solutionFileOf(exercise)))
      expect(text).toContain('// YOUR CODE')
      expect(whole).not.toContain('// YOUR CODE')
      expect(whole).not.toMatch(/throw notWritten/)
    }
  })

  test('have hints that do not appear in their files', () => {
    for (const exercise of exercises) {
      const { hints } = exercise
      const text = readPage(originalFileOf(exercise))
      expect(new Set(hints).size).toBe(3)
      for (const hint of hints) expect(text).not.toContain(hint)
    }
  })
})

describeWithEngine('a check', (engine) => {
  test.concurrent('names the first hole of an unsolved exercise, with its line', async () => {
    const jobs = exercises.map((exercise) => ({
      exercise: exercise.name,
      file: join(root, originalFileOf(exercise)),
    }))
    const verdicts = await judgeFiles(engine.host, jobs)
    for (const [at, exercise] of exercises.entries()) {
      const file = originalFileOf(exercise)
      const [hole] = findHoles(readPage(file))
      expect(verdicts[at], exercise.name).toMatchObject({
        exercise: exercise.name,
        right: false,
        complaint: `Not written yet: ${file}, line ${hole?.line} (${hole?.name})`,
      })
    }
  })

  test.concurrent('gives no verdict if the reference itself fails', async () => {
    const { name, ...exercise } = exercises[0] as (typeof exercises)[0]
    const file = solved({ name, ...exercise })
    const scope = createScope()
    const jobs = [{ exercise: name, file }]
    const [verdict] = await judgeAt({ host: engine.host, container: 'none' }, jobs, scope)
    expect(verdict).toMatchObject({
      right: false,
      complaint: expect.stringMatching(
        /^cannot judge your code here: .* even the reference solution/,
      ),
    })
  })

  test.concurrent('passes every solution', async () => {
    const jobs = exercises.map((exercise) => ({ exercise: exercise.name, file: solved(exercise) }))
    const verdicts = await judgeFiles(engine.host, jobs)
    for (const verdict of verdicts) {
      expect(verdict, verdict.exercise).toEqual({
        exercise: verdict.exercise,
        right: true,
        passed: verdict.passed,
      })
      expect(verdict.passed.length, verdict.exercise).toBeGreaterThan(0)
    }
    expect(verdicts).toHaveLength(exercises.length)
  })
})
