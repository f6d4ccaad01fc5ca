/**
 * Finds the daemon's address: `--host`, then DOCKER_HOST, then a context,
 * then the default socket.
 *
 * @module
 */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '../process/failure.ts'
import { type DockerConfig, fieldOf, isObject, readError } from './config-file.ts'
import { type Address, defaultHost, parseHost, type TlsFiles, unresolved } from './parse-host.ts'

/** An address, and where it came from. */
export type NamedAddress = {
  /** `DOCKER_HOST`, `the context desktop-linux`, `the default socket`. */
  readonly name: string
  readonly address: Address
}

/** Returns the daemon's address, looking in the same order as docker. */
export function findAddress(environment: NodeJS.ProcessEnv, config: DockerConfig): NamedAddress {
  return chosenAddress(environment, config) ?? defaultAddress(environment, config)
}

/**
 * Returns the address that the user has chosen, or undefined without a
 * choice.
 *
 * @param host - the value of `--host`
 */
export function chosenAddress(
  environment: NodeJS.ProcessEnv,
  config: DockerConfig,
  host?: string,
): NamedAddress | undefined {
  if (host !== undefined) {
    return { name: '--host', address: addressOfHost(host, environment, config) }
  }
  const fromEnvironment = environment.DOCKER_HOST
  if (fromEnvironment) {
    return { name: 'DOCKER_HOST', address: addressOfHost(fromEnvironment, environment, config) }
  }
  const context = environment.DOCKER_CONTEXT || config.currentContext
  if (!context || context === 'default') return undefined
  return { name: `the context ${context}`, address: addressOfContext(context, config) }
}

/** Returns the socket that docker uses by default. */
export function defaultAddress(environment: NodeJS.ProcessEnv, config: DockerConfig): NamedAddress {
  return {
    name: 'the default socket',
    address: addressOfHost(defaultHost, environment, config),
  }
}

/**
 * Parses an address from `--host` or DOCKER_HOST. The environment says
 * whether to use TLS.
 */
export function addressOfHost(
  host: string,
  environment: NodeJS.ProcessEnv,
  config: DockerConfig,
): Address {
  return parseHost(host, tlsFromEnvironment(environment, config))
}

function tlsFromEnvironment(
  environment: NodeJS.ProcessEnv,
  config: DockerConfig,
): TlsFiles | undefined {
  const verify = Boolean(environment.DOCKER_TLS_VERIFY)
  if (!verify && !environment.DOCKER_TLS) return undefined
  const folder = environment.DOCKER_CERT_PATH || config.folder
  const authority = join(folder, 'ca.pem')
  if (!existsSync(authority)) throw unresolved(`open ${authority}: no such file or directory`)
  return readTlsFiles(folder, verify)
}

/**
 * Reads the files that exist. Invalid ones are reported later, when TLS uses
 * them.
 */
function readTlsFiles(folder: string, verify: boolean): TlsFiles {
  const read = (name: string): string | undefined => {
    const path = join(folder, name)
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      throw unresolved(readError(error, path))
    }
  }
  const [ca, cert, key] = [read('ca.pem'), read('cert.pem'), read('key.pem')]
  return {
    folder,
    verify,
    ...(ca !== undefined && { ca }),
    // A certificate is useless without its key. The daemon asks for both.
    ...(cert !== undefined && key !== undefined && { cert, key }),
  }
}

/**
 * Reads a context. Its folder is named by the hash of the context's name, and
 * `meta.json` in it holds the address. A context without a host means the
 * default socket.
 */
function addressOfContext(name: string, config: DockerConfig): Address {
  // Loaded on demand, because few learners have another context.
  const { createHash } = process.getBuiltinModule('node:crypto')
  const hash = createHash('sha256').update(name).digest('hex')
  const path = join(config.folder, 'contexts', 'meta', hash, 'meta.json')
  const endpoints = fieldOf(readContext(name, path), 'Endpoints')
  const endpoint = isObject(endpoints) ? endpoints.docker : undefined
  if (endpoint === undefined) throw unresolved('cannot find docker endpoint in context')

  const host = fieldOf(endpoint, 'Host') ?? ''
  const skipVerify = fieldOf(endpoint, 'SkipTLSVerify') ?? false
  if (!isObject(endpoint) || typeof host !== 'string' || typeof skipVerify !== 'boolean') {
    throw unresolved(
      `context "${name}": parsing ${path}: Host must be a string and SkipTLSVerify true or false`,
    )
  }
  const tlsFolder = join(config.folder, 'contexts', 'tls', hash, 'docker')
  // Skipping verification implies TLS, even without a folder of certificates.
  const usesTls = skipVerify || existsSync(tlsFolder)
  return parseHost(host, usesTls ? readTlsFiles(tlsFolder, !skipVerify) : undefined)
}

function readContext(name: string, path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const isMissing = codeOf(error) === 'ENOENT'
    const reason = `context "${name}": ${isMissing ? 'context not found: ' : ''}${readError(error, path)}`
    if (!isMissing) throw unresolved(reason)
    throw unresolved(reason, 'Run docker context ls to list the contexts, or set DOCKER_HOST.')
  }
  try {
    return JSON.parse(text)
  } catch {
    throw unresolved(`context "${name}": parsing ${path}: it is not valid JSON`)
  }
}
