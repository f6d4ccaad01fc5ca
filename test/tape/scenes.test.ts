/**
 * The scenes of a run. Each has at least one sentence of explanation.
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
  ])('%s are explained by at least one sentence each', (_, tape) => {
    const moments = momentsOf(tape.events)
    const stages = [1, 2, 3, 4, 5, 6, 7]
    const scenes = stages.flatMap((number) => scenesOf(moments, number))
    expect(scenes.length).toBeGreaterThan(7)
    for (const scene of scenes) {
      const notes = scene.moments.map((moment) => narrate(moment).note)
      expect([sceneWords(scene), ...notes].join(''), scene.name).toMatch(/\w\./)
    }
  })

  test.each([2, 3, 4])('%i do not include the teardown', (number) => {
    const teardown = { kind: 'teardown' as const }
    const leaving = [{ kind: 'sent' as const, length: 1, hex: '04' }, received('\r\n')]
    const ended = [{ kind: 'half-close' as const }, { kind: 'end' as const }]
    const tape = tapeOf([...stage(number, {}, {}, []), teardown, ...leaving, ...ended])
    const own = { 2: [], 3: ['hijack'], 4: ['raw mode'] }[number]
    expect(namesIn(tape, number)).toEqual(own)
  })

  test.each([
    ['says that Enter is sent as 0d if it was', 'ls\r', true],
    ['does not mention 0d if our terminal turned Enter into 0a', 'ls\n', false],
  ])('5 %s', (_, line, isSaid) => {
    const tape = tapeOf(stage(5, {}, {}, [received('# '), typed(line)]))
    const [session] = scenesOf(momentsOf(tape.events), 5)
    expect(session && sceneWords(session).includes('Enter is sent as 0d')).toBe(isSaid)
  })

  const question = received('# \x1b[6n')
  const answer = typed('\x1b[12;3R')
  test.each([
    [
      'explains the cursor report if the shell asked for it',
      [question, answer, typed('ls\r')],
      true,
    ],
    [
      'says nothing of it where a program asked later',
      [received('# '), typed('vi\r'), question, answer],
      false,
    ],
  ])('5 %s', (_, events, isSaid) => {
    const [session] = scenesOf(momentsOf(tapeOf(stage(5, {}, {}, events)).events), 5)
    expect(session && sceneWords(session).includes('asked for the cursor position')).toBe(isSaid)
  })

  test.each([
    ['warns that two output streams have no order', ['stdout', 'stderr'] as const, true],
    ['does not warn about order with one output stream', ['stdout', 'stdout'] as const, false],
  ])('5 %s', (_, streams, isSaid) => {
    const output = framed(streams.map((name) => [name, 'x'] as const))
    const events = [{ kind: 'upgrade' as const, framing: 'stdcopy' as const }, ...output]
    const scenes = scenesOf(momentsOf(tapeOf(stage(5, {}, {}, events)).events), 5)
    const words = scenes.map(sceneWords).join('')
    expect(words.includes('which stream was written first')).toBe(isSaid)
  })

  test('6 without a terminal are one scene, explained by the stage’s story', () => {
    expect(namesIn(tapeOf(stage(6, {}, {}, [])), 6)).toEqual(['resize'])
    expect(namesIn(terminalTape(), 6)).toEqual(['resize'])
    expect(namesIn(terminalTape(), 7)).toEqual(['exit code'])
  })

  test('5 include the session after the stage: its copy loops run until the end', () => {
    const tape = tapeOf([...stage(5, {}, {}, []), received('# '), { kind: 'end' }])
    expect(namesIn(tape, 5)).toEqual(['session', 'end'])
  })
})
