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
/** A system keeps the path of a socket in a field of this length, in bytes. */
const longestSocketPath = 108

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
  const trimmed = text.trim() || `unix://${defaultSocket}`
  const [, protocol = 'tcp', rest = ''] = /^(?:(.*?):\/\/)?(.*)$/s.exec(trimmed) ?? []
  if (protocol === 'unix') {
    const path = rest || defaultSocket
    if (Buffer.byteLength(path) > longestSocketPath) {
      throw notInitialized(`unix socket path "${path}" is too long`)
    }
    return { kind: 'socket', host: `unix://${path}`, path }
  }
  if (protocol === 'npipe') {
    if (process.platform !== 'win32') throw notInitialized('protocol not available')
    const path = rest || defaultPipe
    return { kind: 'socket', host: `npipe://${path}`, path: path.replaceAll('/', '\\') }
  }
  if (protocol === 'ssh') {
    throw new Failure(
      `unable to resolve docker endpoint: ${trimmed} goes through ssh, which this workbook does not speak`,
      1,
      'Forward the socket, ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST, and set DOCKER_HOST=unix:///tmp/docker.sock.',
    )
  }
  if (protocol === 'fd') throw notInitialized(`unable to parse docker host \`${trimmed}\``)
  if (protocol === 'tcp') return parseTcp(trimmed, rest, tls)
  throw unresolved(`invalid bind address format: ${trimmed}`)
}

/**
 * Reads what stands behind `tcp://`: a name or a number, a port, a path. Each may be left out, and
 * an IPv6 address stands in brackets where a port follows.
 */
function parseTcp(text: string, rest: string, tls: TlsFiles | undefined): Address {
  const [, authority = '', path = ''] = /^([^/?#]*)([^?#]*)/.exec(rest) ?? []
  const place = authority.slice(authority.lastIndexOf('@') + 1)
  const wrong = (reason: string): Failure => unresolved(`parse "tcp://${rest}": ${reason}`)
  const badEscape = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(place + path)
  if (badEscape) throw wrong(`invalid URL escape "${badEscape[0]}"`)
  const bracket = place.lastIndexOf(']')
  if (place.startsWith('[') && bracket < 0) throw wrong("missing ']' in host")
  const behind = place.slice(place.startsWith('[') ? bracket + 1 : place.lastIndexOf(':'))
  if (place.includes(':') && !/^(:\d*)?$/.test(behind)) {
    throw wrong(`invalid port "${behind}" after host`)
  }
  const blank = /[\s<>"]/.exec(place)
  if (blank) throw wrong(`invalid character "${blank[0]}" in host name`)
  if (place.endsWith(']')) throw unresolved(`invalid bind address format: ${place}`)

  // Several colons without brackets are an address without a port.
  const named = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(place)
  const hostname = (named ? (named[1] ?? named[2]) : place) || 'localhost'
  const port = named?.[3] || (tls ? '2376' : '2375')
  const shown = hostname.includes(':') ? `[${hostname}]` : hostname
  if (Number(port) > 65535 || !URL.canParse(`http://${shown}:${port}`)) {
    throw unresolved(`invalid bind address format: ${text}`)
  }
  return {
    kind: 'tcp',
    host: `tcp://${shown}:${port}${path}`,
    hostname,
    port: Number(port),
    basePath: path.replace(/\/+$/, ''),
    ...(tls && { tls }),
  }
}

function notInitialized(reason: string): Failure {
  return new Failure(`Failed to initialize: ${reason}`, 1, expected)
}

function unresolved(reason: string): Failure {
  return notInitialized(`unable to resolve docker endpoint: ${reason}`)
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

/** Reads the certificates that are there. */
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
  const { host, skipVerify } = readEndpoint(name, path)
  const tlsFolder = join(config.folder, 'contexts', 'tls', hash, 'docker')
  const tls = existsSync(tlsFolder) ? readTlsFiles(tlsFolder, !skipVerify) : undefined
  return parseHost(host, tls)
}

/** Reads the daemon's address from a context's file. A context without a host is the default socket. */
function readEndpoint(name: string, path: string): { host: string; skipVerify: boolean } {
  let file: { Endpoints?: { docker?: { Host?: unknown; SkipTLSVerify?: unknown } } } | null
  try {
    file = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw unresolved(`context "${name}": parsing ${path}: ${(error as Error).message}`)
  }
  const endpoint = file?.Endpoints?.docker
  if (!endpoint) throw unresolved('cannot find docker endpoint in context')
  const { Host: host = '', SkipTLSVerify } = endpoint
  if (typeof host !== 'string') {
    throw unresolved(`context "${name}": parsing ${path}: the host is no text`)
  }
  return { host, skipVerify: SkipTLSVerify === true }
}
