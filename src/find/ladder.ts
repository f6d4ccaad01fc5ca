/**
 * Which daemon does a chapter run against? The ladder has a rung for every place where an engine
 * may be: what the person has chosen, the default socket, the sockets of the engines that do not
 * use it, and at the bottom the practice daemon, which is always there.
 *
 * A choice is kept: if the chosen daemon does not answer, that is an error. Nobody should believe
 * that they look at their server while they look at something else.
 *
 * @module
 */

import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import {
  addressOfHost,
  chosenAddress,
  defaultAddress,
  type NamedAddress,
} from '../engine/address.ts'
import { type DockerConfig, readDockerConfig } from '../engine/config-file.ts'
import { connectTo, type Engine, type EngineOptions } from '../engine/engine.ts'
import type { Address } from '../engine/parse-host.ts'
import { codeOf, Failure } from '../process/failure.ts'

/** A place where an engine may be. */
export type Rung = NamedAddress & {
  /** True where a person has chosen it: then it is the only rung. */
  readonly chosen: boolean
}

/** What came of trying a rung. */
export type Attempt = {
  readonly rung: Rung
  /** Why there is no engine: `nothing there`, `permission denied`. Absent where one answered. */
  readonly reason?: string
}

/** An engine that answered, and the rungs above it that did not. */
export type Found = {
  readonly engine: Engine
  /** `DOCKER_HOST`, `the default socket`, `Colima`. */
  readonly name: string
  readonly passed: readonly Attempt[]
}

/** An engine that nobody has chosen has this time for its first answer, in milliseconds. */
const patience = 2000

/** The rungs for this person on this machine, the highest first, without the practice daemon. */
export function rungs(
  environment: NodeJS.ProcessEnv,
  config: DockerConfig,
  host: string | undefined,
): Rung[] {
  const chosen =
    host === undefined
      ? chosenAddress(environment, config)
      : { name: '--host', address: addressOfHost(host, environment, config) }
  if (chosen) return [{ ...chosen, chosen: true }]
  return [defaultAddress(environment, config), ...otherSockets(environment)].map((place) => ({
    ...place,
    chosen: false,
  }))
}

/**
 * Climbs down until an engine answers.
 *
 * @returns the engine, or the attempts if none answered
 * @throws a {@link Failure} if the chosen engine does not answer
 */
export async function climbDown(
  options: EngineOptions & { readonly host?: string | undefined },
): Promise<Found | { readonly engine?: undefined; readonly passed: readonly Attempt[] }> {
  const config = readDockerConfig(options.environment, options.warn)
  const passed: Attempt[] = []
  for (const rung of rungs(options.environment, config, options.host)) {
    const { engine, reason } = await tryRung(rung, config, options)
    if (engine) return { engine, name: rung.name, passed }
    passed.push({ rung, reason })
  }
  return { passed }
}

/** Tries one rung. Of a rung that was chosen the failure is thrown. */
export async function tryRung(
  rung: Rung,
  config: DockerConfig,
  options: EngineOptions,
): Promise<{ engine: Engine; reason?: undefined } | { engine?: undefined; reason: string }> {
  if (rung.chosen) return { engine: await connectTo(rung.address, config, options) }
  if (isAbsent(rung.address)) return { reason: 'nothing there' }
  try {
    const engine = await connectTo(rung.address, config, { ...options, patience })
    if (engine.product !== '') return { engine }
    await engine.close()
    return { reason: 'what answers is no engine' }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { reason: reasonOf(error) }
  }
}

/** A socket that is no file needs no dialling: most rungs of most machines end here. */
function isAbsent(address: Address): boolean {
  return address.kind === 'socket' && process.platform !== 'win32' && !existsSync(address.path)
}

function reasonOf(failure: Failure): string {
  switch (codeOf(failure.cause)) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    case 'ENOENT':
    case 'ENOTDIR':
      return 'nothing there'
    case 'ECONNREFUSED':
    case 'ENOTSOCK':
      return 'nobody listens'
    case 'UND_ERR_HEADERS_TIMEOUT':
      return `no answer within ${patience / 1000} s`
    default:
      return 'what answers is no engine'
  }
}

/** Where engines listen that leave the default socket alone. */
function otherSockets(environment: NodeJS.ProcessEnv): NamedAddress[] {
  if (process.platform === 'win32') {
    return [
      pipe('Docker Desktop', 'dockerDesktopLinuxEngine'),
      pipe('Podman', 'podman-machine-default'),
    ]
  }
  const home = environment.HOME || homedir()
  const runtime = environment.XDG_RUNTIME_DIR || `/run/user/${process.getuid?.() ?? 0}`
  const colima = environment.COLIMA_HOME || join(home, '.colima')
  return [
    socket('rootless Docker', join(runtime, 'docker.sock')),
    // Docker Desktop for macOS, and for Linux.
    socket('Docker Desktop', join(home, '.docker/run/docker.sock')),
    socket('Docker Desktop', join(home, '.docker/desktop/docker.sock')),
    socket('Colima', join(colima, 'default/docker.sock')),
    socket('OrbStack', join(home, '.orbstack/run/docker.sock')),
    socket('Rancher Desktop', join(home, '.rd/docker.sock')),
    socket('rootless Podman', join(runtime, 'podman/podman.sock')),
    socket('Podman', '/run/podman/podman.sock'),
    // Podman's virtual machine on macOS; the newer place first.
    socket('Podman', join(environment.TMPDIR || '/tmp', 'podman/podman-machine-default-api.sock')),
    socket('Podman', join(home, '.local/share/containers/podman/machine/podman.sock')),
  ]
}

function socket(name: string, path: string): NamedAddress {
  return { name, address: { kind: 'socket', host: `unix://${path}`, path } }
}

function pipe(name: string, file: string): NamedAddress {
  const host = `npipe:////./pipe/${file}`
  return { name, address: { kind: 'socket', host, path: `\\\\.\\pipe\\${file}` } }
}
