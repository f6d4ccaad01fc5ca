/**
 * Wrong solutions, each a misconception that somebody might have: its own comment says what the
 * verdict has to say about it. And right ones that look otherwise than the reference.
 *
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exercises } from '../../chapters/commands/exercises.ts'
import type { Job } from '../../chapters/commands/judge.ts'
import type { Verdict } from '../../chapters/commands/verdicts.ts'
import { describeWithEngine } from '../support/engine.ts'
import { root } from '../support/scripts.ts'
import { judgeFiles, judgeOnPractice } from './judging.ts'

const wrong = join(root, 'test', 'exercises', 'wrong')

/** The wrong solutions of an exercise. */
function wrongOnes(exercise: string): Job[] {
  const files = readdirSync(join(wrong, exercise))
  return files.map((file) => ({ exercise, file: join(wrong, exercise, file) }))
}

/** What the verdict on a wrong solution has to say. */
function words(file: string): string {
  return /^ \* Verdict: (.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 'no verdict in its comment'
}

/** The version of the API from which on it is wrong: an older daemon cannot tell. */
function since(file: string): string {
  return /^ \* Since: (.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '1.0'
}

function knows(version: string, wanted: string): boolean {
  const minor = (text: string): number => Number(text.split('.')[1])
  return minor(version) >= minor(wanted)
}

/** What is wrong with the verdicts, a line for each that says something else. */
function mistaken(jobs: readonly Job[], verdicts: readonly Verdict[]): string[] {
  return jobs.flatMap(({ file }, at) => {
    const { right, complaint } = verdicts[at] ?? {}
    const fits = right === false && complaint?.includes(words(file))
    return fits ? [] : [`${file.slice(wrong.length + 1)}: ${right ? 'passed' : complaint}`]
  })
}

describe('the wrong solutions', () => {
  test('are at least three for each exercise', () => {
    for (const { name } of exercises) expect(wrongOnes(name).length, name).toBeGreaterThan(2)
  })
})

describeWithEngine('a right solution', (engine) => {
  test('may look otherwise than the reference', async () => {
    const right = join(root, 'test', 'exercises', 'right')
    const jobs = readdirSync(right).flatMap((exercise) =>
      readdirSync(join(right, exercise)).map((file) => ({
        exercise,
        file: join(right, exercise, file),
      })),
    )
    const verdicts = await judgeFiles(engine.host, jobs)
    const refused = jobs.flatMap(({ file }, at) =>
      verdicts[at]?.right ? [] : [`${file.slice(right.length + 1)}: ${verdicts[at]?.complaint}`],
    )
    expect(refused).toEqual([])
  })
})

describeWithEngine('a wrong solution is told what is wrong with it', (engine) => {
  // Side by side, because most of the time of some is waiting for what never comes. How long that
  // is follows from what the reference takes, which on a busy machine is long.
  const groups = [[1], [2, 3], [4, 7], [5], [6]]
  test.concurrent.each(groups)('in chapter %i', { timeout: 300_000 }, async (...chapters) => {
    const names = exercises.filter(({ chapter }) => chapters.includes(chapter))
    const jobs = names.flatMap(({ name }) => wrongOnes(name))
    const [known, later] = [true, false].map((isKnown) =>
      jobs.filter(({ file }) => knows(engine.apiVersion, since(file)) === isKnown),
    )
    expect(mistaken(known ?? [], await judgeFiles(engine.host, known ?? []))).toEqual([])
    if (!later || later.length === 0) return
    expect(mistaken(later, await judgeOnPractice(later))).toEqual([])
  })
})
