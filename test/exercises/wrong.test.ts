/**
 * The verdicts on attempts: wrong ones, each a misconception, and right ones
 * that look different from the solution. They are in each chapter's
 * `solutions.ts`, in `test/chapters`.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { exercises } from '../../chapters/commands/chapter-folders.ts'
import type { Exercise } from '../../src/judging/exercise.ts'
import type { Verdict } from '../../src/judging/judge.ts'
import { attempts as create } from '../chapters/01-create/solutions.ts'
import { attempts as start } from '../chapters/02-start/solutions.ts'
import { attempts as hijack } from '../chapters/03-hijack/solutions.ts'
import { attempts as rawMode } from '../chapters/04-raw-mode/solutions.ts'
import { attempts as copyLoops } from '../chapters/05-copy-loops/solutions.ts'
import { attempts as resize } from '../chapters/06-resize/solutions.ts'
import { attempts as exitCode } from '../chapters/07-exit-code/solutions.ts'
import { describeWithEngine, type Engine, isPodman } from '../support/engine.ts'
import type { Attempt, Attempts } from './attempts.ts'
import { judgeFiles, judgeOnPractice, solved } from './judging.ts'

const all: Attempts = {
  ...create,
  ...start,
  ...hijack,
  ...rawMode,
  ...copyLoops,
  ...resize,
  ...exitCode,
}

/** An attempt and its exercise. */
type Tried = { readonly exercise: Exercise; readonly attempt: Attempt }

function attemptsAt(chosen: readonly Exercise[], isRight: boolean): Tried[] {
  return chosen.flatMap((exercise) =>
    (all[exercise.name] ?? [])
      .filter(({ verdict }) => (verdict === undefined) === isRight)
      .map((attempt) => ({ exercise, attempt })),
  )
}

/** Judges all attempts, and returns a line for each unexpected verdict. */
async function unexpectedVerdicts(
  tried: readonly Tried[],
  judgeAll: (jobs: { exercise: string; file: string }[]) => Promise<Verdict[]>,
): Promise<string[]> {
  const verdicts = await judgeAll(
    tried.map(({ exercise, attempt }) => ({
      exercise: exercise.name,
      file: solved(exercise, attempt),
    })),
  )
  return tried.flatMap(({ exercise, attempt: { name, verdict } }, at) => {
    const { right, complaint } = verdicts[at] ?? {}
    const fits = verdict === undefined ? right : right === false && complaint?.includes(verdict)
    return fits ? [] : [`${exercise.name} ${name}: ${right ? 'passed' : complaint}`]
  })
}

/** Whether an engine can judge an attempt. */
function canJudge(engine: Engine, { since = '1.0', needsDockerd }: Attempt): boolean {
  const minor = (text: string): number => Number(text.split('.')[1])
  return minor(engine.apiVersion) >= minor(since) && !(needsDockerd && isPodman(engine))
}

/**
 * Judges all attempts on an engine, or on the practice daemon those that the
 * engine can't judge. Returns a line for each unexpected verdict.
 */
async function unexpectedOn(engine: Engine, tried: readonly Tried[]): Promise<string[]> {
  const here = tried.filter(({ attempt }) => canJudge(engine, attempt))
  const rest = tried.filter(({ attempt }) => !canJudge(engine, attempt))
  const found = await unexpectedVerdicts(here, (jobs) => judgeFiles(engine.host, jobs))
  if (rest.length === 0) return found
  return [...found, ...(await unexpectedVerdicts(rest, judgeOnPractice))]
}

describe('the wrong solutions', () => {
  test('number at least twenty for a stage and eight for a part, with unique names', () => {
    for (const exercise of exercises) {
      const { length } = attemptsAt([exercise], false)
      expect(length, exercise.name).toBeGreaterThanOrEqual(exercise.main ? 20 : 8)
    }
    const names = Object.values(all).flatMap((some) => some.map(({ name }) => name))
    expect(new Set(names).size).toBe(names.length)
  })
})

describeWithEngine('a right solution', (engine) => {
  test('passes even if it looks different from the reference', async () => {
    expect(await unexpectedOn(engine, attemptsAt(exercises, true))).toEqual([])
  })
})

describeWithEngine('a wrong solution gets the expected verdict', (engine) => {
  const inChapters = (...chapters: number[]): Tried[] =>
    attemptsAt(
      exercises.filter(({ chapter }) => chapters.includes(chapter)),
      false,
    )
  // Chapter 5 waits longest.
  const quarter = (first: number): Tried[] => inChapters(5).filter((_, at) => at % 4 === first)

  // Concurrent, because some attempts spend most of their time waiting for a
  // timeout. The timeout depends on the reference's time, which is long on a
  // busy machine.
  test.concurrent.each([
    ['chapters 4 and 7', inChapters(4, 7)],
    ['chapter 6', inChapters(6)],
    ['chapters 2 and 3', inChapters(2, 3)],
    ['a quarter of chapter 5', quarter(0)],
    ['a second quarter', quarter(1)],
    ['a third quarter', quarter(2)],
    ['the last quarter', quarter(3)],
    ['chapter 1', inChapters(1)],
  ] as const)('in %s', { timeout: 600_000 }, async (_, wrong) => {
    expect(await unexpectedOn(engine, wrong)).toEqual([])
  })
})
