/**
 * What the experiments of chapter 7 claim, on real daemons.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import {
  backgroundChild,
  detachedFailure,
} from '../../../chapters/07-exit-code/experiments/background.ts'
import {
  exit256,
  notFound,
  signalOrExit,
} from '../../../chapters/07-exit-code/experiments/codes.ts'
import {
  goneBeforeInspect,
  sigtermToClient,
} from '../../../chapters/07-exit-code/experiments/endings.ts'
import { experiments } from '../../../chapters/07-exit-code/experiments/index.ts'
import {
  askedTooEarly,
  lateExitCode,
  noExitCode,
} from '../../../chapters/07-exit-code/experiments/too-early.ts'
import { experimentAt } from '../../experiments/lab.ts'
import {
  describeEverywhere,
  experimentWithFault,
  watchBelongings,
} from '../../experiments/places.ts'

test('chapter 7 has more than six experiments', () => {
  expect(experiments.length).toBeGreaterThan(6)
})

describeEverywhere('an exit code', (place) => {
  test('is null before the start and while the command runs', async () => {
    const { facts } = await experimentAt(askedTooEarly, place())
    expect(facts).toEqual({
      before: { Running: false, ExitCode: null },
      running: { Running: true, ExitCode: null },
      over: { Running: false, ExitCode: 5 },
    })
  })

  test('is made up where nothing could be started: by the daemon, or by a shell', async () => {
    const { facts, answer } = await experimentAt(notFound, place())
    // 20.10 says 126 to both, newer ones tell them apart.
    expect([126, 127]).toContain(facts.missing.code)
    expect(answer).toContain(String(facts.missing.code))
    expect(facts.notExecutable.code).toBe(126)
    expect(facts.byShell.code).toBe(127)
    expect(facts.missing.shown).toContain('executable file not found in $PATH')
    expect(facts.byShell.shown).not.toContain('OCI runtime')
  })

  test('does not tell a signal from a number: 128 and n', async () => {
    const { facts } = await experimentAt(signalOrExit, place())
    expect(facts.ends.map(({ code }) => code)).toEqual([143, 143, 130, 137, 0])
  })

  test('is one byte', async () => {
    const { facts } = await experimentAt(exit256, place())
    expect(facts.ends.map(({ code }) => code)).toEqual([0, 44, 255])
  })

  test('is there before the stream ends where a child holds stdout open; the rest is dropped', async () => {
    const { facts, answer } = await experimentAt(backgroundChild, place())
    expect(facts.holding).toEqual({ shown: 'hi\n', note: { Running: false, ExitCode: 0 } })
    expect(facts.redirected).toEqual(facts.holding)
    expect(answer).toContain('late is lost')
  })

  test('of a detached command is the daemon’s to know; the client’s own is 0', async () => {
    const { facts } = await experimentAt(detachedFailure, place())
    expect(facts.exitCode).toBe(0)
    expect(facts.requests).toEqual(['GET /json', 'POST /exec', 'POST /start'])
    expect(facts.note).toEqual({ Running: false, ExitCode: 5 })
  })

  test('of a client that got SIGTERM is 143, and the command runs on', async () => {
    const { facts } = await experimentAt(sigtermToClient, place())
    expect(facts.code).toBe(143)
    expect(facts.stderr).toContain('the command may still run')
    expect(facts.note).toEqual({ Running: true, ExitCode: null })
  })
})

describe('an exit code that does not come', () => {
  test('at once is asked for again; whoever asks once takes a failure for a success', async () => {
    const { facts } = await experimentWithFault(lateExitCode)
    expect(facts).toMatchObject({ naive: 0, questions: 3, exitCode: 5, message: '' })
  })

  test('at all is no 0', async () => {
    const { facts } = await experimentWithFault(noExitCode)
    expect(facts).toMatchObject({ naive: 0, exitCode: 1 })
    expect(facts.questions).toBeGreaterThan(1)
    expect(facts.message).not.toBe('')
  })

  test('because the daemon is gone is 255, with the reason', async () => {
    const { facts } = await experimentWithFault(goneBeforeInspect)
    expect(facts.exitCode).toBe(255)
    expect(facts.message).toContain('exit code is unknown')
  })

  test('leaves no folder, no socket and no process', async () => {
    const { files, opened } = watchBelongings()
    await experimentWithFault(lateExitCode)
    await experimentWithFault(goneBeforeInspect)
    expect(files()).toEqual([])
    // A socket that was destroyed is closed in the next turn of the event loop.
    await expect.poll(() => opened()).toEqual([])
  })
})
