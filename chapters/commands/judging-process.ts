/**
 * The process in which a learner's work runs. It has no terminal, so there is none that it could
 * leave raw, and whoever started it ends it when it does not come to an end.
 *
 * @module
 */

import { addressOfHost } from '../../src/engine/address.ts'
import { readDockerConfig } from '../../src/engine/config-file.ts'
import { connectTo } from '../../src/engine/engine.ts'
import { judge, type Verdict } from '../../src/judging/judge.ts'
import type { Assignment, Notice } from '../../src/judging/judge-all.ts'
import { describeThrown, loadExport } from '../../src/judging/load.ts'
import { Failure } from '../../src/process/failure.ts'
import { findTrials } from './rooms.ts'

/** Judges everything, one after the other: errors that nobody waits for must have one owner. */
async function work({ host, container, jobs }: Assignment): Promise<void> {
  const tell = (notice: Notice): void => void process.send?.(notice)
  const config = readDockerConfig(process.env, () => {})
  const address = addressOfHost(host, process.env, config)
  const world = {
    container,
    address,
    connect: (record: Parameters<typeof connectTo>[2]['record']) =>
      connectTo(address, config, { environment: process.env, ...(record && { record }) }),
  }
  const begins = (milliseconds: number): void => tell({ kind: 'begins', milliseconds })

  for (const { exercise, file } of jobs) {
    const { exports, trials } = findTrials(exercise)
    begins(10_000)
    let verdict: Verdict
    try {
      verdict = await judge(exercise, trials, loadExport(file, exports), file, world, begins)
    } catch (error) {
      const complaint =
        error instanceof Failure ? error.message : describeThrown(error as Error, file)
      verdict = { exercise, right: false, passed: [], complaint }
    }
    tell({ kind: 'verdict', verdict })
  }
}

// Whoever wanted the verdicts is gone, or has them all.
process.once('disconnect', () => process.exit())
process.once('message', (assignment: Assignment) => {
  void work(assignment).then(() => process.disconnect?.())
})
