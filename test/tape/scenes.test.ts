/**
 * The scenes of a run: what the stages did, each told by at least one sentence.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import type { Tape } from '../../src/tape/event.ts'
import { momentsOf } from '../../src/tape/moments.ts'
import { narrate } from '../../src/tape/narrate.ts'
import { sceneWords } from '../../src/tape/scene-words.ts'
import { type SceneName, scenesOf } from '../../src/tape/scenes.ts'
import { framed, received, stage, tapeOf, typed } from '../support/tape-parts.ts'
import { pipeTape, terminalTape } from '../support/tapes.ts'

function namesIn(tape: Tape, stage: number): SceneName[] {
  return scenesOf(momentsOf(tape.events), stage).map(({ name }) => name)
}

describe('the scenes of a stage', () => {
  test.each([
    ['in a terminal', terminalTape()],
    ['in a pipe', pipeTape()],
  ])('%s are told by at least one sentence each', (_, tape) => {
    const moments = momentsOf(tape.events)
    const stages = [1, 2, 3, 4, 5, 6, 7]
    const scenes = stages.flatMap((number) => scenesOf(moments, number))
    expect(scenes.length).toBeGreaterThan(7)
    for (const scene of scenes) {
      const notes = scene.moments.map((moment) => narrate(moment).note)
      expect([sceneWords(scene), ...notes].join(''), scene.name).toMatch(/\w\./)
    }
  })

  test.each([2, 3, 4])('%i end before the workbook ends the command', (number) => {
    const teardown = { kind: 'teardown' as const }
    const leaving = [{ kind: 'sent' as const, length: 1, hex: '04' }, received('\r\n')]
    const ended = [{ kind: 'half-close' as const }, { kind: 'end' as const }]
    const tape = tapeOf([...stage(number, {}, {}, []), teardown, ...leaving, ...ended])
    const own = { 2: [], 3: ['hijack'], 4: ['raw mode'] }[number]
    expect(namesIn(tape, number)).toEqual(own)
  })

  test.each([
    ['says that Enter goes out as 0d where it did', 'ls\r', true],
    ['says nothing of 0d where our terminal made 0a of Enter', 'ls\n', false],
  ])('5 %s', (_, line, isSaid) => {
    const tape = tapeOf(stage(5, {}, {}, [received('# '), typed(line)]))
    const [session] = scenesOf(momentsOf(tape.events), 5)
    expect(session && sceneWords(session).includes('Enter goes out as 0d')).toBe(isSaid)
  })

  const question = received('# \x1b[6n')
  const answer = typed('\x1b[12;3R')
  test.each([
    ['says who asked for the cursor where the shell did', [question, answer, typed('ls\r')], true],
    [
      'says nothing of it where a program asked later',
      [received('# '), typed('vi\r'), question, answer],
      false,
    ],
  ])('5 %s', (_, events, isSaid) => {
    const [session] = scenesOf(momentsOf(tapeOf(stage(5, {}, {}, events)).events), 5)
    expect(session && sceneWords(session).includes('asked where the cursor is')).toBe(isSaid)
  })

  test.each([
    ['says that two outputs have no order', ['stdout', 'stderr'] as const, true],
    ['says nothing of it where there is one output', ['stdout', 'stdout'] as const, false],
  ])('5 %s', (_, streams, isSaid) => {
    const output = framed(streams.map((name) => [name, 'x'] as const))
    const events = [{ kind: 'upgrade' as const, framing: 'stdcopy' as const }, ...output]
    const scenes = scenesOf(momentsOf(tapeOf(stage(5, {}, {}, events)).events), 5)
    const words = scenes.map(sceneWords).join('')
    expect(words.includes('which of two outputs was written first')).toBe(isSaid)
  })

  test('6 without a terminal are one, told by how it ended', () => {
    expect(namesIn(tapeOf(stage(6, {}, {}, [])), 6)).toEqual(['resize'])
    expect(namesIn(terminalTape(), 6)).toEqual(['resize'])
    expect(namesIn(terminalTape(), 7)).toEqual(['exit code'])
  })

  test('5 go on after it: the session is what its loops do', () => {
    const tape = tapeOf([...stage(5, {}, {}, []), received('# '), { kind: 'end' }])
    expect(namesIn(tape, 5)).toEqual(['session', 'end'])
  })
})
