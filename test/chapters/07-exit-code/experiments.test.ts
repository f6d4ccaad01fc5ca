/**
 * The experiments of chapter 7, on real daemons and on the practice daemon.
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
import { parent } from '../../../chapters/07-exit-code/experiments/parent.ts'
import {
  askedTooEarly,
  lateExitCode,
  noExitCode,
} from '../../../chapters/07-exit-code/experiments/too-early.ts'
import { experimentAt } from '../../experiments/lab.ts'
import { describeEverywhere, experimentWithFault, watchLeaks } from '../../experiments/places.ts'
import { withPractice } from '../../practice/daemon.ts'
import { describeWithDockerd, startContainer } from '../../support/engine.ts'

test('chapter 7 has more than six experiments', () => {
  expect(experiments.length).toBeGreaterThan(6)
})

describeWithDockerd('the parent of a command', (engine) => {
  test('is out of its sight, and the shim on the host', async ({ onTestFinished }) => {
    const box = await startContainer()
    onTestFinished(box.release)
    const { facts } = await experimentAt(parent, { host: engine.host, container: box.name })
    expect(facts.inside.parent).toBe(0)
    // The reason if the engine's processes can't be seen from here.
    if (typeof facts.outside === 'string') return
    expect(facts.outside.parent).toBeGreaterThan(1)
    expect(facts.outside.parentProgram).toMatch(/^(containerd-shim|conmon)/)
  })
})

test('the parent of a command on a practice daemon is the daemon', async () => {
  await withPractice([], async (daemon) => {
    const { facts } = await experimentAt(parent, daemon)
    expect(facts.inside.parent).toBeGreaterThan(1)
    if (typeof facts.outside === 'string') return
    expect(facts.outside).toMatchObject({ ...facts.inside, parentProgram: 'node' })
  })
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

  test('is 126 or 127 for a command that cannot be started', async () => {
    const { facts, answer } = await experimentAt(notFound, place())
    // dockerd 20.10 uses 126 for both, newer versions tell them apart.
    expect([126, 127]).toContain(facts.missing.code)
    expect(answer).toContain(String(facts.missing.code))
    expect(facts.notExecutable.code).toBe(126)
    expect(facts.byShell.code).toBe(127)
    expect(facts.missing.shown).toContain('executable file not found in $PATH')
    expect(facts.byShell.shown).not.toContain('OCI runtime')
  })

  test('is 128 + n after signal n and after exit 128 + n alike', async () => {
    const { facts } = await experimentAt(signalOrExit, place())
    expect(facts.ends.map(({ code }) => code)).toEqual([143, 143, 130, 137, 0])
  })

  test('keeps only the lowest eight bits', async () => {
    const { facts } = await experimentAt(exit256, place())
    expect(facts.ends.map(({ code }) => code)).toEqual([0, 44, 255])
  })

  test('is known although a child holds stdout open, and later output is dropped', async () => {
    const { facts, answer } = await experimentAt(backgroundChild, place())
    expect(facts.holding).toEqual({ shown: 'hi\n', status: { Running: false, ExitCode: 0 } })
    expect(facts.redirected).toEqual(facts.holding)
    expect(answer).toContain('late is lost')
  })

  test('is 0 for a detached client, and the daemon stores that of the command', async () => {
    const { facts } = await experimentAt(detachedFailure, place())
    expect(facts.exitCode).toBe(0)
    expect(facts.requests).toEqual(['GET /json', 'POST /exec', 'POST /start'])
    expect(facts.status).toEqual({ Running: false, ExitCode: 5 })
  })

  test('is 143 for a client that got SIGTERM, and the command keeps running', async () => {
    const { facts } = await experimentAt(sigtermToClient, place())
    expect(facts.code).toBe(143)
    expect(facts.stderr).toContain('the command may still run')
    expect(facts.status).toEqual({ Running: true, ExitCode: null })
  })
})

describe('an exit code that is missing at first', () => {
  test('is requested again, while a client that asks once reports success', async () => {
    const { facts } = await experimentWithFault(lateExitCode)
    expect(facts).toMatchObject({ naive: 0, questions: 3, exitCode: 5, message: '' })
  })

  test('does not become 0 if it never comes', async () => {
    const { facts } = await experimentWithFault(noExitCode)
    expect(facts).toMatchObject({ naive: 0, exitCode: 1 })
    expect(facts.questions).toBeGreaterThan(1)
    expect(facts.message).not.toBe('')
  })

  test('becomes 255 with a reason if the daemon is gone', async () => {
    const { facts } = await experimentWithFault(goneBeforeInspect)
    expect(facts.exitCode).toBe(255)
    expect(facts.message).toContain('exit code is unknown')
  })

  test('leaves no directory, socket or process', async () => {
    const { files, opened } = watchLeaks()
    await experimentWithFault(lateExitCode)
    await experimentWithFault(goneBeforeInspect)
    expect(files()).toEqual([])
    // A destroyed socket closes in the next turn of the event loop.
    await expect.poll(() => opened()).toEqual([])
  })
})
