/**
 * Where the daemon is: DOCKER_HOST, else a context, else the default socket.
 *
 * @module
 */

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../failure.ts'
import type { DockerConfig } from './config-file.ts'

/** The certificates of a TLS connection, as PEM texts. */
export type TlsFiles = {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** False where the daemon's certificate is not to be checked. */
  readonly verify: boolean
}

/** A daemon's address. `host` is how docker writes it, and how messages name it. */
export type Address =
  | { readonly kind: 'socket'; readonly host: string; readonly path: string }
  | {
      readonly kind: 'tcp'
      readonly host: string
      readonly hostname: string
      readonly port: number
      /** Stands before every path of the API: `tcp://host:2375/behind/a/proxy`. */
      readonly basePath: string
      readonly tls?: TlsFiles
    }

const defaultSocket = '/var/run/docker.sock'
const defaultPipe = '//./pipe/docker_engine'
const expected =
  'Write it as unix:///path/to/docker.sock or tcp://host:2375, or unset DOCKER_HOST to use the default socket.'

/** An address, with the reason why it is this one. */
export type NamedAddress = {
  /** `DOCKER_HOST`, `the context desktop-linux`, `the default socket`. */
  readonly name: string
  readonly address: Address
}

/** Finds the daemon in the order in which docker looks for it. */
export function findAddress(environment: NodeJS.ProcessEnv, config: DockerConfig): NamedAddress {
  return chosenAddress(environment, config) ?? defaultAddress(environment, config)
}

/** The daemon that the person has chosen outside the command line, if they have. */
export function chosenAddress(
  environment: NodeJS.ProcessEnv,
  config: DockerConfig,
): NamedAddress | undefined {
  const host = environment.DOCKER_HOST
  if (host) return { name: 'DOCKER_HOST', address: addressOfHost(host, environment, config) }
  const context = environment.DOCKER_CONTEXT || config.currentContext
  if (!context || context === 'default') return undefined
  return { name: `the context ${context}`, address: addressOfContext(context, config) }
}

/** The socket on which docker listens unless it is told otherwise. */
export function defaultAddress(environment: NodeJS.ProcessEnv, config: DockerConfig): NamedAddress {
  const host = process.platform === 'win32' ? `npipe://${defaultPipe}` : 'unix://'
  return { name: 'the default socket', address: addressOfHost(host, environment, config) }
}

/** Reads an address that a person has written. TLS is asked for by the environment, as docker has it. */
export function addressOfHost(
  host: string,
  environment: NodeJS.ProcessEnv,
  config: DockerConfig,
): Address {
  return parseHost(host, tlsFromEnvironment(environment, config))
}

/**
 * Reads an address as DOCKER_HOST has it.
 *
 * @throws a {@link Failure} that says what is wrong with it
 */
export function parseHost(text: string, tls?: TlsFiles): Address {
  const [, protocol = 'tcp', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/s.exec(text) ?? []
  if (protocol === 'unix') {
    const path = rest || defaultSocket
    return { kind: 'socket', host: `unix://${path}`, path }
  }
  if (protocol === 'npipe') {
    const path = rest || defaultPipe
    return { kind: 'socket', host: `npipe://${path}`, path: path.replaceAll('/', '\\') }
  }
  if (protocol === 'ssh') {
    throw new Failure(
      `unable to resolve docker endpoint: ${text} goes through ssh, which this workbook does not speak`,
      1,
      'Forward the socket, ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST, and set DOCKER_HOST=unix:///tmp/docker.sock.',
    )
  }
  if (protocol === 'tcp') return parseTcp(text, rest, tls)
  throw unresolved(`invalid bind address format: ${text}`)
}

function parseTcp(text: string, rest: string, tls: TlsFiles | undefined): Address {
  const [, name = '', port, basePath = ''] =
    /^(\[[^\]]*\]|[^:/]*)(?::([^/]*))?(\/.*)?$/s.exec(rest) ?? []
  const number = port ? Number(port) : tls ? 2376 : 2375
  if (port !== undefined && !/^\d*$/.test(port)) {
    throw unresolved(`parse "${text}": invalid port ":${port}" after host`)
  }
  if (number > 65535 || /\s/.test(name)) {
    throw unresolved(`invalid bind address format: ${text}`)
  }
  const hostname = name || 'localhost'
  return {
    kind: 'tcp',
    host: `tcp://${hostname}:${number}${basePath}`,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: number,
    basePath: basePath.replace(/\/+$/, ''),
    ...(tls && { tls }),
  }
}

function unresolved(reason: string): Failure {
  return new Failure(
    `Failed to initialize: unable to resolve docker endpoint: ${reason}`,
    1,
    expected,
  )
}

function tlsFromEnvironment(
  environment: NodeJS.ProcessEnv,
  config: DockerConfig,
): TlsFiles | undefined {
  const verify = Boolean(environment.DOCKER_TLS_VERIFY)
  if (!verify && !environment.DOCKER_TLS) return undefined
  return readTlsFiles(environment.DOCKER_CERT_PATH || config.folder, verify)
}

function readTlsFiles(folder: string, verify: boolean): TlsFiles {
  const read = (name: string): string | undefined => {
    const path = join(folder, name)
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined
  }
  const [ca, cert, key] = [read('ca.pem'), read('cert.pem'), read('key.pem')]
  return { verify, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
}

/** A context is a folder named by the hash of its name, with the daemon's address in a file. */
function addressOfContext(name: string, config: DockerConfig): Address {
  const hash = createHash('sha256').update(name).digest('hex')
  const path = join(config.folder, 'contexts', 'meta', hash, 'meta.json')
  if (!existsSync(path)) {
    throw new Failure(
      `Failed to initialize: unable to resolve docker endpoint: context "${name}": context not found: open ${path}: no such file or directory`,
      1,
      'See docker context ls for the contexts that there are, or set DOCKER_HOST.',
    )
  }
  let host: unknown
  let skipVerify: unknown
  try {
    const endpoint = JSON.parse(readFileSync(path, 'utf8'))?.Endpoints?.docker
    host = endpoint?.Host
    skipVerify = endpoint?.SkipTLSVerify
  } catch {
    host = undefined
  }
  if (typeof host !== 'string')
    throw unresolved(`context "${name}" names no docker host in ${path}`)
  const tlsFolder = join(config.folder, 'contexts', 'tls', hash, 'docker')
  const tls = existsSync(tlsFolder) ? readTlsFiles(tlsFolder, skipVerify !== true) : undefined
  return parseHost(host, tls)
}
