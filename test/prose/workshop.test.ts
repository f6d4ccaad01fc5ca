/**
 * `docs/workshop.md`: its plans come from the chapters' minutes, its failures
 * from the doctor.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { chapterFolders } from '../../chapters/commands/chapter-folders.ts'
import { dockerExec } from '../../chapters/index.ts'
import { expectPart } from './page.ts'
import { chapterList, chapterOf, failureList, lengthOf, plans, planTable } from './workshop.ts'

const page = 'docs/workshop.md'

test('every chapter says how long its parts take, in whole minutes', () => {
  expect(chapterFolders).toHaveLength(dockerExec.stages.length)
  for (const each of chapterFolders.flatMap(({ lesson }) => Object.values(lesson.minutes))) {
    expect(Number.isInteger(each) && each > 0).toBe(true)
  }
})

describe.each(plans.map((plan) => [plan.total, plan] as const))(
  'the plan of %i minutes',
  (total, plan) => {
    test('adds up, with arrival and breaks', () => {
      expect(lengthOf(plan)).toBe(total)
    })

    test('runs every chapter', () => {
      expect(plan.chapters).toHaveLength(dockerExec.stages.length)
      for (const chosen of plan.chapters) expect(chosen).toContain('run')
    })

    test(`is on ${page}`, () => {
      expectPart(page, `plan ${total}`, planTable(plan))
    })
  },
)

test('every chapter names two of its own experiments for a workshop', () => {
  expect(chapterFolders).toHaveLength(dockerExec.stages.length)
  for (const [at, { lesson }] of chapterFolders.entries()) {
    const { experiment, anotherExperiment } = lesson.workshop
    expect([experiment, anotherExperiment].map(chapterOf)).toEqual([at + 1, at + 1])
    expect(experiment).not.toBe(anotherExperiment)
  }
})

test(`what to do in each chapter is on ${page}`, () => {
  expectPart(page, 'chapters', chapterList())
})

test('no plan goes on for more than 90 minutes without a break', () => {
  for (const plan of plans) {
    let stretch = plan.before.minutes
    for (const [at, chosen] of plan.chapters.entries()) {
      stretch += chosen.reduce(
        (sum, part) => sum + (chapterFolders[at]?.lesson.minutes[part] ?? 0),
        0,
      )
      expect(stretch).toBeLessThanOrEqual(90)
      if (plan.breaks[at + 1]) stretch = 0
    }
  }
})

test(`the list of failures on ${page} has every failure that the doctor knows`, () => {
  expectPart(page, 'failures', failureList())
})
