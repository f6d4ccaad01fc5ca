/**
 * `docs/workshop.md`: its plans are made of the chapters' minutes, its failures are the doctor's.
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
    test('adds up, with arriving and breaks', () => {
      expect(lengthOf(plan)).toBe(total)
    })

    test('has something to do in every chapter', () => {
      expect(plan.chapters).toHaveLength(dockerExec.stages.length)
      for (const chosen of plan.chapters) expect(chosen).toContain('run')
    })

    test(`is on ${page} as it is`, () => {
      expectPart(page, `plan ${total}`, planTable(plan))
    })
  },
)

test('every chapter has an experiment of its own in a room, and another one for the quick', () => {
  expect(chapterFolders).toHaveLength(dockerExec.stages.length)
  for (const [at, { lesson }] of chapterFolders.entries()) {
    const { experiment, anotherExperiment: another } = lesson.workshop
    expect([experiment, another].map(chapterOf)).toEqual([at + 1, at + 1])
    expect(experiment).not.toBe(another)
  }
})

test(`what to do in each chapter is on ${page}`, () => {
  expectPart(page, 'chapters', chapterList())
})

test('no stretch without a break is longer than 90 minutes', () => {
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

test(`the list of failures on ${page} is what the doctor knows`, () => {
  expectPart(page, 'failures', failureList())
})
