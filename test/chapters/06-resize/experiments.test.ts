/**
 * The experiments of chapter 6, on real daemons and on the practice daemon.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { experiments } from '../../../chapters/06-resize/experiments/index.ts'
import {
  resizeBeforeStart,
  resizeNever,
  resizeRefused,
} from '../../../chapters/06-resize/experiments/refused.ts'
import {
  consoleSize,
  noFirstSize,
  swapped,
  zeroByZero,
} from '../../../chapters/06-resize/experiments/size.ts'
import { resizeStorm, sameSizeAgain } from '../../../chapters/06-resize/experiments/storm.ts'
import { experimentAt } from '../../experiments/lab.ts'
import { describeEverywhere, experimentWithFault, watchLeaks } from '../../experiments/places.ts'

test('chapter 6 has more than six experiments', () => {
  expect(experiments.length).toBeGreaterThan(6)
})

describeEverywhere('the size of a terminal', (place) => {
  test('starts at 0 by 0, and vi falls back to 24 rows', async () => {
    const { facts, answer } = await experimentAt(noFirstSize, place())
    // busybox stty fails at 0 by 0, others print it.
    expect(['0 0', 'stty: standard input']).toContain(facts.stty)
    expect(answer).toBe(facts.stty === '0 0' ? '0 0' : 'only an error')
    expect([0, 24]).toContain(facts.lowestRow)
  })

  test('is set before the command runs if the create has it, from API 1.42 on', async () => {
    const { facts } = await experimentAt(consoleSize, place())
    const minor = Number(facts.apiVersion.split('.')[1])
    expect(facts.first).toBe(minor >= 42 ? '33 99' : '0 0')
  })

  test('cannot be set before the process runs, but the daemon waits for it', async () => {
    const { facts, answer } = await experimentAt(resizeBeforeStart, place())
    expect(facts.answeredAtOnce).toBe(false)
    expect(facts.status).toBe(500)
    expect(facts.message).toContain('timeout waiting for exec session ready')
    expect(facts.started).toEqual({ status: 200, size: '33 99' })
    expect(answer).toContain('waits for the process')
  })

  test('is the last one of a burst, with at most one SIGWINCH per resize', async () => {
    const { facts } = await experimentAt(resizeStorm, place())
    expect(facts.statuses).toEqual(Array.from({ length: 40 }, () => 200))
    expect(facts.size).toBe('59 100')
    expect(facts.signals).toBeGreaterThanOrEqual(1)
    expect(facts.signals).toBeLessThanOrEqual(40)
  })

  test('causes SIGWINCH when it changes, not when it is set again', async () => {
    const { facts } = await experimentAt(sameSizeAgain, place())
    expect(facts.size).toBe('33 99')
    expect(facts.signals).toBe(1)
  })

  test('can be reset to 0 by 0', async () => {
    const { facts } = await experimentAt(zeroByZero, place())
    expect(facts).toEqual({ statuses: [200, 200], sizes: ['33 99', '0 0'] })
  })

  test('is set without a check, even with height and width swapped', async () => {
    const { facts } = await experimentAt(swapped, place())
    expect(facts).toEqual({ statuses: [200], sizes: ['99 33'] })
  })
})

describe('a resize that is refused', () => {
  test('is retried until it succeeds, without a message', async () => {
    const { facts, answer } = await experimentWithFault(resizeRefused)
    expect(facts.statuses).toEqual([500, 500, 500, 200])
    expect(facts.stderr).toBe('')
    expect(facts.exitCode).toBe(0)
    expect(answer).toContain('four')
  })

  test('is given up after ten retries with one line, and the session goes on', async () => {
    const { facts } = await experimentWithFault(resizeNever)
    expect(facts.statuses).toEqual(Array.from({ length: 11 }, () => 500))
    expect(facts.stderr).toBe('failed to resize tty, using default size')
    expect(facts.exitCode).toBe(0)
  })

  test('leaves no directory, socket or process', async () => {
    const { files, opened } = watchLeaks()
    await experimentWithFault(resizeRefused)
    expect(files()).toEqual([])
    // A destroyed socket closes in the next turn of the event loop.
    await expect.poll(() => opened()).toEqual([])
  })
})
