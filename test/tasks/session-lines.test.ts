/**
 * The lines printed after a session.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { tasks } from '../../chapters/05-copy-loops/tasks.ts'
import type { WalkResult } from '../../src/run/walk-chapter.ts'
import { sessionLines } from '../../src/show/session-lines.ts'
import type { TaskResult } from '../../src/tasks/task.ts'
import { plainStyle } from '../../src/text/style.ts'
import { answer, request, type TimelessEvent, tapeOf } from '../support/tape-parts.ts'

const page = { width: 60, style: plainStyle }

const done = { evidence: 'one byte, 03', at: 1 }
const results: TaskResult[] = tasks.slice(0, 2).map((task) => ({ task }))

function linesOf(
  happened: readonly TimelessEvent[],
  ofTasks: readonly TaskResult[] = [],
  isBeside = false,
): string {
  const { events } = tapeOf(happened)
  const run: WalkResult = { stages: [], exitCode: 0, unfinished: events, tasks: ofTasks }
  return sessionLines(run, page, isBeside).join('\n')
}

const sized = (rows: number, columns: number): TimelessEvent[] => [
  request(1, 'POST', `/exec/fc9c/resize?h=${rows}&w=${columns}`),
  answer(1, 200, 'OK'),
]

test('a task that was not done has no tick', () => {
  const [first, second] = results.map((result) => result.task.instruction)
  const ticked = results.map((result, at) => (at === 0 ? { ...result, done } : result))
  expect(linesOf([], ticked)).toBe(`  ✓ ${first}: one byte, 03\n  · ${second}`)
})

test('the size changes are counted without the initial size', () => {
  expect(linesOf(sized(24, 80))).toBe('')
  expect(linesOf([...sized(24, 80), ...sized(20, 60)])).toContain('was resized once')
  expect(linesOf([...sized(24, 80), ...sized(20, 60)], [], true)).toMatch(
    /^The session’s part of the window was resized once/,
  )
  expect(linesOf([...sized(24, 80), ...sized(20, 60), ...sized(22, 70)])).toMatch(
    /2 times.*22 rows and\s70\scolumns/s,
  )
})

test('a recording that was cut short is mentioned only if tasks are left', () => {
  const uncounted: TimelessEvent = { kind: 'received', length: 1000 }
  expect(linesOf([uncounted], results)).toContain('64 KiB')
  expect(linesOf([uncounted], [])).toBe('')
  expect(linesOf([], results)).not.toContain('KiB')
})
