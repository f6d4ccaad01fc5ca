/**
 * Where the daemon is: DOCKER_HOST, else a context, else the default socket.
 *
 * @module
 */

import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf, Failure, systemWords } from '../process/failure.ts'
import type { DockerConfig } from './config-file.ts'
import {
  anything,
  mapOf,
  readGoJson,
  struct,
  text,
  truth,
  type Understood,
  withShape,
} from './go-json.ts'

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

/** An IPv6 address has colons of its own, so a URL has it in brackets. */
export function hostOf({ hostname, port }: Address & { kind: 'tcp' }): string {
  return `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`
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
  if (protocol === 'fd') {
    // A daemon listens there that systemd has started. A client looks for a host of this name.
    throw rest === ''
      ? notInitialized(`unable to parse docker host \`${trimmed}\``)
      : new Failure(`error during connect: no such host as in ${trimmed}`, 1, expected)
  }
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
  if (tls) checkTlsFiles(tls)
  return {
    kind: 'tcp',
    host: `tcp://${shown}:${port}${path}`,
    hostname,
    port: Number(port),
    basePath: path.replace(/\/+$/, ''),
    ...(tls && { tls }),
  }
}

function notInitialized(reason: string, hint = expected): Failure {
  return new Failure(`Failed to initialize: ${reason}`, 1, hint)
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

/** Reads the files that are there. */
function readTlsFiles(folder: string, verify: boolean): TlsFiles {
  const read = (name: string): string | undefined => {
    const path = join(folder, name)
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      const verb = codeOf(error) === 'EISDIR' ? 'read' : 'open'
      throw unresolved(`${verb} ${path}: ${systemWords(error)}`)
    }
  }
  const [ca, cert, key] = [read('ca.pem'), read('cert.pem'), read('key.pem')]
  return {
    verify,
    ...(ca !== undefined && { ca }),
    // One without the other is of no use: the daemon will say that it wants both.
    ...(cert !== undefined && key !== undefined && { cert, key }),
  }
}

/** docker finds out before it dials whether the files hold what their names say. */
function checkTlsFiles({ ca, cert, key }: TlsFiles): void {
  const wrong = (reason: string): Failure =>
    notInitialized(`failed to retrieve context tls info: ${reason}`)
  if (ca !== undefined && !certificateIn(ca)) throw wrong('ca.pem seems invalid')
  if (cert === undefined || key === undefined) return
  if (!hasPem(key)) throw notInitialized('no valid private key found')
  if (/^Proc-Type: 4,ENCRYPTED/m.test(key)) {
    throw notInitialized(
      'private key is encrypted - support for encrypted private keys has been removed, see https://docs.docker.com/go/deprecated/',
    )
  }
  if (!hasPem(cert)) throw wrong('tls: failed to find any PEM data in certificate input')
  const certificate = certificateIn(cert)
  if (!certificate) {
    const switched = privateKeyIn(cert)
      ? ', but did find a private key; PEM inputs may have been switched'
      : ''
    throw wrong(`tls: failed to find certificate PEM data in certificate input${switched}`)
  }
  const privateKey = privateKeyIn(key)
  if (!privateKey) throw wrong('tls: failed to parse private key')
  if (privateKey.asymmetricKeyType !== certificate.publicKey.asymmetricKeyType) {
    throw wrong('tls: private key type does not match public key type')
  }
  if (!certificate.checkPrivateKey(privateKey)) {
    throw wrong('tls: private key does not match public key')
  }
}

function hasPem(text: string): boolean {
  return /^-----BEGIN .*-----$/m.test(text)
}

function certificateIn(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

function privateKeyIn(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}

/** A context is a folder named by the hash of its name, with the daemon's address in a file. */
function addressOfContext(name: string, config: DockerConfig): Address {
  const hash = createHash('sha256').update(name).digest('hex')
  const path = join(config.folder, 'contexts', 'meta', hash, 'meta.json')
  const { host, skipVerify } = readEndpoint(name, path)
  const tlsFolder = join(config.folder, 'contexts', 'tls', hash, 'docker')
  // Whoever wants no certificate checked wants a connection that has one.
  const wantsTls = skipVerify || existsSync(tlsFolder)
  return parseHost(host, wantsTls ? readTlsFiles(tlsFolder, !skipVerify) : undefined)
}

/** What docker knows of a context's file. */
const contextShape = struct('store.untypedContextMetadata', {
  metadata: anything,
  endpoints: mapOf(anything),
  name: text,
})

/** The one of a context's endpoints that is a Docker daemon. */
const endpointShape = struct('context.EndpointMetaBase', { Host: text, SkipTLSVerify: truth })

/** Reads the daemon's address from a context's file. A context without a host is the default socket. */
function readEndpoint(name: string, path: string): { host: string; skipVerify: boolean } {
  const wrong = (reason: string): Failure => unresolved(`context "${name}": ${reason}`)
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const verb = codeOf(error) === 'EISDIR' ? 'read' : 'open'
    const reason = `${verb} ${path}: ${systemWords(error)}`
    if (codeOf(error) !== 'ENOENT') throw wrong(reason)
    throw notInitialized(
      `unable to resolve docker endpoint: context "${name}": context not found: ${reason}`,
      'See docker context ls for the contexts that there are, or set DOCKER_HOST.',
    )
  }
  function read<Fields>({ value, wrong: mistake }: Understood): Fields {
    if (mistake !== undefined) throw wrong(`parsing ${path}: ${mistake}`)
    return (value ?? {}) as Fields
  }
  const { metadata, endpoints = {} } = read<{
    metadata?: unknown
    endpoints?: { docker?: unknown }
  }>(readGoJson(bytes, contextShape, 'refused'))
  if (metadata !== undefined)
    read(withShape(metadata, mapOf({ ...anything, goType: 'interface {}' })))
  if (!Object.hasOwn(endpoints, 'docker')) {
    throw unresolved('cannot find docker endpoint in context')
  }
  if (endpoints.docker === undefined) {
    throw unresolved('endpoint "docker" is not of type EndpointMeta')
  }
  const { Host: host = '', SkipTLSVerify: skipVerify = false } = read<{
    Host?: string
    SkipTLSVerify?: boolean
  }>(withShape(endpoints.docker, endpointShape))
  return { host, skipVerify }
}
