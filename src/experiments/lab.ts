/**
 * Opens a lab: the daemon that was found, a container on it, and a way to a practice daemon where a
 * healthy one does not do what is to be seen.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import { addressOfHost } from '../engine/address.ts'
import { type DockerConfig, readDockerConfig } from '../engine/config-file.ts'
import { connectTo, type Engine } from '../engine/engine.ts'
import type { ExecPlace } from '../exec/exec-place.ts'
import { startPracticeDaemon } from '../practice/spawn.ts'
import type { Lab } from './experiment.ts'

/** How long a session of an experiment may take, in milliseconds, before it counts as stuck. */
const limit = 30_000

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

/** Opens it. */
export function openLab({ engine, container, program, scope, progress }: LabOptions): Lab {
  const config = readDockerConfig(process.env, () => {})
  return {
    ...openWorld(engine.host, container, config),
    scope,
    product: productName(engine.product),
    progress,
    async practise(...faults) {
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
