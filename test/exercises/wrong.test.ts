/**
 * The verdicts on attempts: wrong ones, each a misconception, and right ones that look different
 * from the solution. They stand in `test/chapters`, in the `solutions.ts` of each chapter.
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
import { describeWithEngine } from '../support/engine.ts'
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

/** An attempt with the exercise that it is made at. */
type Tried = { readonly exercise: Exercise; readonly attempt: Attempt }

function attemptsAt(chosen: readonly Exercise[], isRight: boolean): Tried[] {
  return chosen.flatMap((exercise) =>
    (all[exercise.name] ?? [])
      .filter(({ verdict }) => (verdict === undefined) === isRight)
      .map((attempt) => ({ exercise, attempt })),
  )
}

/** Writes each attempt into a file, has all of them judged, and names every unexpected verdict. */
async function unexpected(
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

function knows(version: string, wanted = '1.0'): boolean {
  const minor = (text: string): number => Number(text.split('.')[1])
  return minor(version) >= minor(wanted)
}

describe('the wrong solutions', () => {
  test('are at least twenty for a stage and eight for a part, each with a name of its own', () => {
    for (const exercise of exercises) {
      const { length } = attemptsAt([exercise], false)
      expect(length, exercise.name).toBeGreaterThanOrEqual(exercise.main ? 20 : 8)
    }
    const names = Object.values(all).flatMap((some) => some.map(({ name }) => name))
    expect(new Set(names).size).toBe(names.length)
  })
})

describeWithEngine('a right solution', (engine) => {
  test('may look different from the reference', async () => {
    const right = attemptsAt(exercises, true)
    expect(await unexpected(right, (jobs) => judgeFiles(engine.host, jobs))).toEqual([])
  })
})

describeWithEngine('a wrong solution is told what is wrong with it', (engine) => {
  // Side by side, because most of the time of some is waiting for what never comes. How long that
  // is follows from what the reference takes, which on a busy machine is long.
  const groups = [[1], [2, 3], [4, 7], [5], [6]]
  test.concurrent.each(groups)('in chapter %i', { timeout: 600_000 }, async (...chapters) => {
    const wrong = attemptsAt(
      exercises.filter(({ chapter }) => chapters.includes(chapter)),
      false,
    )
    const [known, later] = [true, false].map((isKnown) =>
      wrong.filter(({ attempt }) => knows(engine.apiVersion, attempt.since) === isKnown),
    )
    expect(await unexpected(known ?? [], (jobs) => judgeFiles(engine.host, jobs))).toEqual([])
    // What an older daemon cannot tell, the practice daemon can.
    if (!later || later.length === 0) return
    expect(await unexpected(later, judgeOnPractice)).toEqual([])
  })
})
