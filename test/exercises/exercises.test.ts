import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exercises } from '../../chapters/exercises/catalogue.ts'
import { judgeAll } from '../../chapters/exercises/judging.ts'
import { fillHoles } from '../../src/check/solve.ts'
import { createScope } from '../../src/scope.ts'
import { describeWithEngine } from '../support/engine.ts'
import { root } from '../support/scripts.ts'
import { folder, judgeFiles, solved } from './judging.ts'

describe('the exercises', () => {
  test('are a main one and a smaller one for each chapter', () => {
    for (const chapter of [1, 2, 3, 4, 5, 6, 7]) {
      const there = exercises.filter((exercise) => exercise.chapter === chapter)
      expect(there.filter(({ main }) => main)).toHaveLength(1)
      expect(there.length).toBeGreaterThan(1)
    }
  })

  test('are all in the catalogue, with a hole and a solution', () => {
    const files = readdirSync(folder).filter((file) => /^\d\d-.*\.ts$/.test(file))
    expect(files.map((file) => file.replace('.ts', '')).sort()).toEqual(
      exercises.map(({ name }) => name).sort(),
    )
    for (const { name, solution } of exercises) {
      expect(existsSync(join(folder, solution)), solution).toBe(true)
      const text = readFileSync(join(folder, `${name}.ts`), 'utf8')
      const whole = fillHoles(text, readFileSync(join(folder, solution), 'utf8'))
      expect(text).toContain('// YOUR CODE')
      expect(whole).not.toContain('// YOUR CODE')
      expect(whole).not.toMatch(/throw notWritten/)
    }
  })

  test('have hints that are not in their files', () => {
    for (const { name, hints } of exercises) {
      const text = readFileSync(join(folder, `${name}.ts`), 'utf8')
      expect(new Set(hints).size).toBe(3)
      for (const hint of hints) expect(text).not.toContain(hint)
    }
  })
})

describeWithEngine('a check', (engine) => {
  test.concurrent('of an unsolved exercise fails, and says where to begin', async () => {
    const jobs = exercises.map(({ name }) => ({ exercise: name, file: join(folder, `${name}.ts`) }))
    const verdicts = await judgeFiles(engine.host, jobs)
    for (const [at, { name, chapter }] of exercises.entries()) {
      expect(verdicts[at], name).toMatchObject({
        exercise: name,
        right: false,
        complaint: `exercise ${chapter} ${name.slice(3)}: not written yet`,
      })
    }
  })

  test.concurrent('is none where the reference itself does not pass', async () => {
    const { name, ...exercise } = exercises[0] as (typeof exercises)[0]
    const file = solved({ name, ...exercise })
    const scope = createScope()
    const jobs = [{ exercise: name, file }]
    const [verdict] = await judgeAll({ host: engine.host, container: 'none', jobs }, root, scope)
    expect(verdict).toMatchObject({
      right: false,
      complaint: expect.stringMatching(/^nothing can be judged here: the reference itself/),
    })
  })

  test.concurrent('of a solution passes', async () => {
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
