/**
 * A scene as text, with enough room and without.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { longSessionLines, sceneLines } from '../../src/show/scene-lines.ts'
import { momentsOf } from '../../src/tape/moments.ts'
import { type Scene, type SceneName, scenesOf } from '../../src/tape/scenes.ts'
import { plainStyle } from '../../src/text/style.ts'
import {
  answer,
  received,
  request,
  stage,
  type TimelessEvent,
  tapeOf,
  typed,
} from '../support/tape-parts.ts'

const page = { width: 80, style: plainStyle }

function sceneOf(name: SceneName, number: number, events: readonly TimelessEvent[]) {
  const moments = momentsOf(tapeOf(stage(number, {}, {}, events)).events)
  const scene = scenesOf(moments, number).find((each) => each.name === name)
  return { scene: scene as Scene, moments }
}

test('a scene without room drops the request’s Content-Type and keeps the answer', () => {
  const { scene, moments } = sceneOf('create', 1, [
    request(1, 'POST', '/containers/box/exec', '{"Tty":true}'),
    answer(1, 201, 'Created', '{"Id":"1"}'),
  ])
  const whole = sceneLines(scene, moments, page, 20)
  expect(whole.filter((line) => line.includes('Content-Type'))).toHaveLength(2)
  const short = sceneLines(scene, moments, page, whole.length - 1)
  expect(short.slice(-3)).toEqual(whole.slice(-3))
  expect(short).toHaveLength(whole.length - 1)
})

test('a session without room keeps its beginning, Enter and Ctrl-C with their output', () => {
  const echoed = (text: string): TimelessEvent[] =>
    [...text].flatMap((key) => [typed(key), received(key)])
  const { scene } = sceneOf('session', 5, [
    received('hello\r\n$ '),
    ...echoed('sleep 100'),
    typed('\r'),
    received('\r\n'),
    typed('\x03'),
    received('^C\r\n$ '),
    ...echoed('exit'),
  ])
  const lines = longSessionLines(scene, page, 9)
  expect(lines.map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
    '←2 68 65 6c 6c 6f 0d 0a 24 20  hello\\r\\n$ ',
    '2→ 73  s',
    '←2 73  s',
    '  …',
    '2→ 0d  \\r',
    '←2 0d 0a  \\r\\n',
    '2→ 03  ·',
    '←2 5e 43 0d 0a 24 20  ^C\\r\\n$ ',
    '  …',
  ])
})
