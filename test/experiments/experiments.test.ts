/**
 * Runs every experiment for real, and expects one of its answers.
 *
 * @module
 */

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { experiments } from '../../chapters/commands/experiments.ts'
import { evidenceWidth } from '../../src/experiments/evidence.ts'
import type { Outcome } from '../../src/experiments/run-experiment.ts'
import { type PracticeDaemon, startPracticeDaemon } from '../../src/practice/spawn.ts'
import { type Container, describeWithEngine, noCgroups, startContainer } from '../support/engine.ts'
import { root } from '../support/scripts.ts'
import { experimentOrSkip } from './lab.ts'

const byName = experiments.map((experiment) => ({ name: experiment.name, experiment }))

test('experiment names are unique, and each is one command-line word', () => {
  const names = experiments.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/)
  expect(names, 'list lists the experiments').not.toContain('list')
})

test('the workbook has at least thirty experiments', () => {
  expect(experiments.length).toBeGreaterThanOrEqual(30)
})

test.each([1, 2, 3, 4, 5, 6, 7])('chapter %i has at least four experiments', (chapter) => {
  const own = experiments.filter((experiment) => experiment.chapter === chapter)
  expect(own.length).toBeGreaterThanOrEqual(4)
})

test.each(byName)(
  '$name has distinct choices, and a link to a report',
  ({ experiment: { choices, report, title, action, question, docker, chapter } }) => {
    expect(new Set(choices).size).toBe(choices.length)
    expect(choices.length).toBeGreaterThanOrEqual(2)
    expect(report.url).toMatch(/^https:\/\/\S+$/)
    expect(question).toMatch(/\?$/)
    for (const text of [title, action, report.what, docker]) expect(text).not.toBe('')
    expect(chapter).toBeGreaterThanOrEqual(1)
    expect(chapter).toBeLessThanOrEqual(7)
  },
)

/** Checks what every run has to show on every daemon. */
function expectAnswer(choices: readonly string[], { facts, answer, evidence, why }: Outcome): void {
  const shown = JSON.stringify(facts)
  expect(answer, `an answer from ${shown}`).toBeDefined()
  expect(choices, shown).toContain(answer)
  expect(evidence.length).toBeGreaterThan(0)
  for (const line of evidence) expect(line.length, line).toBeLessThanOrEqual(evidenceWidth)
  expect(evidence.join('')).not.toMatch(/undefined|\[object/)
  expect(why).not.toMatch(/undefined|NaN|\[object/)
  expect(JSON.parse(shown), 'plain values').toEqual(facts)
}

describeWithEngine('on the engine', (engine) => {
  let box: Container
  beforeAll(async () => {
    box = await startContainer()
  })
  afterAll(() => box.release())

  test.for(byName)('$name shows one of its answers', async ({ experiment }, { skip }) => {
    if (experiment.name === 'paused' && !engine.hasCgroups) skip(noCgroups)
    const place = { host: engine.host, container: box.name }
    expectAnswer(experiment.choices, await experimentOrSkip(experiment, place, skip))
  })
})

describe('on a practice daemon', () => {
  let daemon: PracticeDaemon
  beforeAll(async () => {
    daemon = await startPracticeDaemon({ program: join(root, 'src', 'practice', 'main.ts') })
  })
  afterAll(() => daemon.close())

  const withoutFault = byName.filter(({ experiment }) => experiment.where !== 'practice daemon')
  test.for(withoutFault)('$name shows one of its answers', async ({ experiment }, { skip }) => {
    expectAnswer(experiment.choices, await experimentOrSkip(experiment, daemon, skip))
  })
})
