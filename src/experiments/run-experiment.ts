/**
 * Runs an experiment: on the daemon that was found, in a container on it, or on a practice daemon where
 * a healthy one does not do what is to be seen.
 *
 * @module
 */

import { createScope, type Scope } from '../course/scope.ts'
import { addressOfHost } from '../engine/address.ts'
import { type DockerConfig, readDockerConfig } from '../engine/config-file.ts'
import { connectTo, type Engine } from '../engine/engine.ts'
import type { ExecPlace } from '../exec/exec-place.ts'
import { startPracticeDaemon } from '../practice/spawn.ts'
import { unlessProcessEnds } from '../process/ending.ts'
import type { Experiment, ExperimentLab } from './experiment.ts'

/** What came of an experiment. */
export type Outcome<Facts = unknown> = {
  readonly facts: Facts
  /** Which of the choices it was. Undefined where the facts show none of them. */
  readonly answer: string | undefined
  /** What the person guessed, if they did. */
  readonly guess: string | undefined
  /** Undefined where there is nothing to compare. */
  readonly right: boolean | undefined
  readonly evidence: readonly string[]
  readonly why: string
}

/** What a lab is made of. */
export type LabOptions = {
  readonly engine: Pick<Engine, 'host' | 'product'>
  /** A running container, with a shell. */
  readonly container: string
  /** The path of the practice daemon's program. */
  readonly program: string
  /** Holds what the experiments open. Whoever opened it releases it. */
  readonly scope: Scope
  /** Gets a line about what takes long. */
  readonly progress: (line: string) => void
}

/**
 * Runs it. What it opens is given back before this returns, and by whoever releases the lab's scope
 * where a signal comes first.
 */
export async function runExperiment<Facts>(
  experiment: Experiment<Facts>,
  options: LabOptions,
  guess: string | undefined,
): Promise<Outcome<Facts>> {
  const inner = createScope()
  const held = options.scope.hold('experiment', inner, inner.releaseAll)
  try {
    return await unlessProcessEnds(
      evaluate(experiment, openLab({ ...options, scope: inner }), guess),
    )
  } finally {
    await held.release()
  }
}

/** Finds the facts, and reads everything else off them. */
async function evaluate<Facts>(
  experiment: Experiment<Facts>,
  lab: ExperimentLab,
  guess: string | undefined,
): Promise<Outcome<Facts>> {
  const facts = await experiment.run(lab)
  const answer = experiment.answer(facts)
  const isComparable = answer !== undefined && guess !== undefined
  return {
    facts,
    answer,
    guess,
    right: isComparable ? answer === guess : undefined,
    evidence: experiment.evidence(facts),
    why: experiment.why(facts),
  }
}

/** How long a session of an experiment may take, in milliseconds, before it counts as stuck. */
const limit = 30_000

function openLab({ engine, container, program, scope, progress }: LabOptions): ExperimentLab {
  const config = readDockerConfig(process.env, () => {})
  return {
    ...openWorld(engine.host, container, config),
    scope,
    product: productName(engine.product),
    progress,
    async startPracticeDaemon(...faults) {
      const harm = faults.length > 0 ? ` with the fault ${faults.join(', ')}` : ''
      progress(`Starting a practice daemon${harm}.`)
      const daemon = await startPracticeDaemon({ program, faults })
      scope.hold('practice daemon', daemon, daemon.close)
      return openWorld(daemon.host, daemon.container, config)
    },
  }
}

function openWorld(host: string, container: string, config: DockerConfig): ExecPlace {
  const address = addressOfHost(host, process.env, config)
  return {
    address,
    container,
    limit,
    connect: (log) => connectTo(address, config, { environment: process.env, record: log }),
  }
}

/** What the daemon calls itself. Podman’s server gives the name of its library. */
function productName(product: string): string {
  const names: Readonly<Record<string, string>> = { Libpod: 'Podman', Practice: 'practice daemon' }
  return names[product] ?? (product || 'an engine that does not say its name')
}
