/**
 * Runs experiments as the command does, on the test engine or on a practice
 * daemon.
 *
 * @module
 */

import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createScope } from '../../src/course/scope.ts'
import type { Experiment } from '../../src/experiments/experiment.ts'
import { type Outcome, runExperiment } from '../../src/experiments/run-experiment.ts'
import { Failure } from '../../src/process/failure.ts'
import { connectEngine } from '../support/kit.ts'
import { root } from '../support/scripts.ts'

/** Where an experiment runs. */
export type Place = { readonly host: string; readonly container: string }

/** Runs an experiment, and releases what it opened when the test finishes. */
export async function experimentAt<Facts>(
  experiment: Experiment<Facts>,
  { host, container }: Place,
): Promise<Outcome<Facts>> {
  const scope = createScope()
  const engine = await connectEngine({
    environment: { DOCKER_CONFIG: '/nonexistent', DOCKER_HOST: host },
    warn: () => {},
  })
  onTestFinished(async () => {
    await scope.releaseAll()
    await engine.close()
  })
  const program = join(root, 'src', 'practice', 'main.ts')
  return runExperiment(
    experiment,
    { engine, container, program, scope, progress: () => {} },
    undefined,
  )
}

/**
 * Runs an experiment. If it needs a local Linux daemon and this isn't one, the
 * test is skipped with the experiment's own reason.
 */
export async function experimentOrSkip<Facts>(
  experiment: Experiment<Facts>,
  place: Place,
  skip: (reason: string) => never,
): Promise<Outcome<Facts>> {
  try {
    return await experimentAt(experiment, place)
  } catch (error) {
    const mayRefuse = experiment.where === 'local Linux daemon'
    if (mayRefuse && error instanceof Failure) skip(error.message)
    throw error
  }
}
