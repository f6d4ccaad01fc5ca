/**
 * The places where an engine may listen, in the order in which a chapter
 * tries them: the one that the user chose, or the default socket and then the
 * sockets of other engines.
 *
 * A choice is final. If the chosen daemon does not answer, that is an error,
 * and we never fall back to another one. You must not look at one daemon
 * while you think that it is another.
 *
 * @module
 */

import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { chosenAddress, defaultAddress, type NamedAddress } from '../engine/address.ts'
import type { DockerConfig } from '../engine/config-file.ts'
import { connectTo, type Engine, type EngineOptions } from '../engine/engine.ts'
import type { Address } from '../engine/parse-host.ts'
import { codeOf, Failure } from '../process/failure.ts'

/** A place where an engine may listen. */
export type Candidate = NamedAddress & {
  /** Whether the user chose it. Then it is the only candidate. */
  readonly chosen: boolean
}

/**
 * An engine that answered, or the reason why none did: `nothing there`,
 * `permission denied`.
 */
export type EngineAttempt =
  | { readonly engine: Engine; readonly reason?: undefined }
  | { readonly engine?: undefined; readonly reason: string }

/**
 * How long an engine that the user did not choose has for its first answer,
 * in milliseconds.
 */
const timeout = 2000

/**
 * Returns the candidates for this user on this machine, in order.
 *
 * @param host - the value of `--host`
 */
export function engineCandidates(
  environment: NodeJS.ProcessEnv,
  config: DockerConfig,
  host?: string,
): Candidate[] {
  const choice = chosenAddress(environment, config, host)
  if (choice) return [{ ...choice, chosen: true }]
  const places = [defaultAddress(environment, config), ...otherSockets(environment)]
  return places.map((place) => ({ ...place, chosen: false }))
}

/**
 * Tries to connect to a candidate.
 *
 * @throws a {@link Failure} if the user chose the candidate and it does not
 * answer
 */
export async function tryCandidate(
  { address, chosen }: Candidate,
  config: DockerConfig,
  options: EngineOptions,
): Promise<EngineAttempt> {
  if (chosen) return { engine: await connectTo(address, config, options) }
  if (isAbsent(address)) return { reason: 'nothing there' }
  try {
    const engine = await connectTo(address, config, { ...options, timeout })
    if (engine.product !== '') return { engine }
    await engine.close()
    return { reason: 'not a container engine' }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { reason: reasonOf(error) }
  }
}

/**
 * Whether the socket file is missing. Then there is no need to connect.
 */
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
      return 'nothing is listening'
    case 'UND_ERR_HEADERS_TIMEOUT':
      return `no answer within ${timeout / 1000} s`
    default:
      return 'not a container engine'
  }
}

/** Returns the places of engines that don't use the default socket. */
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
    // Docker Desktop for macOS, then for Linux.
    socket('Docker Desktop', join(home, '.docker/run/docker.sock')),
    socket('Docker Desktop', join(home, '.docker/desktop/docker.sock')),
    socket('Colima', join(colima, 'default/docker.sock')),
    socket('OrbStack', join(home, '.orbstack/run/docker.sock')),
    socket('Rancher Desktop', join(home, '.rd/docker.sock')),
    socket('rootless Podman', join(runtime, 'podman/podman.sock')),
    socket('Podman', '/run/podman/podman.sock'),
    // Podman's virtual machine on macOS, the newer location first.
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
