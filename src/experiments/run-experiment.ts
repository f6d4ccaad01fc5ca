/**
 * Runs an experiment: in a container on the daemon that was found, or on a
 * practice daemon with a fault if a healthy daemon can't show it.
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

/** The result of an experiment. */
export type Outcome<Facts = unknown> = {
  readonly facts: Facts
  /** The choice that the facts show, or undefined if they show none. */
  readonly answer: string | undefined
  /** The learner's guess, if there was one. */
  readonly guess: string | undefined
  /** Whether the guess was right; undefined without a guess or an answer. */
  readonly right: boolean | undefined
  readonly evidence: readonly string[]
  readonly why: string
}

/** Everything a lab needs. */
export type LabOptions = {
  readonly engine: Pick<Engine, 'host' | 'product'>
  /** The name of a running container with a shell. */
  readonly container: string
  /** The path of the practice daemon's program. */
  readonly program: string
  /** Holds what the experiments open. The caller releases it. */
  readonly scope: Scope
  /** Gets a line about each step that takes a while. */
  readonly progress: (line: string) => void
}

/**
 * Runs an experiment and releases everything it opened. If a signal comes
 * first, the lab's scope releases it.
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

/** Runs the experiment, and derives everything else from its facts. */
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

/** The time limit for a session of an experiment, in milliseconds. */
const limit = 30_000

function openLab({ engine, container, program, scope, progress }: LabOptions): ExperimentLab {
  const config = readDockerConfig(process.env, () => {})
  return {
    ...openWorld(engine.host, container, config),
    scope,
    product: productName(engine.product),
    progress,
    async startPracticeDaemon(...faults) {
      const withFaults = faults.length > 0 ? ` with the fault ${faults.join(', ')}` : ''
      progress(`Starting a practice daemon${withFaults}.`)
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

/**
 * Returns the name of a product. Podman's server reports the name of its
 * library.
 */
function productName(product: string): string {
  const names: Readonly<Record<string, string>> = { Libpod: 'Podman', Practice: 'practice daemon' }
  return names[product] ?? (product || 'an engine that does not report its name')
}
