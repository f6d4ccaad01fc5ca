/**
 * Parses a daemon's address, such as `unix:///var/run/docker.sock`,
 * `tcp://host:2375` or `ssh://user@host`.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'

/** The certificates of a TLS connection, in PEM format. */
export type TlsFiles = {
  /** The folder of ca.pem, cert.pem and key.pem. */
  readonly folder: string
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** False to accept the daemon's certificate without checking it. */
  readonly verify: boolean
}

/**
 * A daemon's address. `host` is its form in docker's messages and in ours.
 */
export type Address =
  | { readonly kind: 'socket'; readonly host: string; readonly path: string }
  | {
      readonly kind: 'tcp'
      readonly host: string
      readonly hostname: string
      readonly port: number
      /**
       * Prepended to every path of the API: `tcp://host:2375/behind/a/proxy`.
       */
      readonly basePath: string
      readonly tls?: TlsFiles
    }
  | {
      readonly kind: 'ssh'
      readonly host: string
      /** The arguments of the ssh command that connects to the daemon. */
      readonly sshArguments: readonly string[]
    }

/** Returns host and port as in a URL, with an IPv6 address in brackets. */
export function hostOf({ hostname, port }: Address & { kind: 'tcp' }): string {
  return `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`
}

const defaultSocket = '/var/run/docker.sock'
/** The longest path of a Unix socket, in bytes. */
const longestSocketPath = 108

const defaultPipe = '//./pipe/docker_engine'

/** The address that docker uses by default. */
export const defaultHost = process.platform === 'win32' ? `npipe://${defaultPipe}` : 'unix://'

const expected =
  'Write it as unix:///path/to/docker.sock, tcp://host:2375 or ssh://user@host, or unset DOCKER_HOST to use the default socket.'

/**
 * Parses an address from DOCKER_HOST.
 *
 * @param tls - the certificates, if the connection uses TLS
 *
 * @throws a {@link Failure} that says what is wrong with the address
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
  if (protocol === 'ssh') return parseSsh(trimmed, rest)
  if (protocol === 'fd') {
    // fd:// is for daemons that systemd starts. docker's client takes it for
    // a host name.
    throw rest === ''
      ? notInitialized(`unable to parse docker host \`${trimmed}\``)
      : new Failure(`error during connect: no such host as in ${trimmed}`, 1, expected)
  }
  if (protocol === 'tcp') return parseTcp(trimmed, rest, tls)
  throw unresolved(`invalid bind address format: ${trimmed}`)
}

/**
 * Parses what follows `tcp://`: host, port and path, each optional. An IPv6
 * address needs brackets if a port follows.
 */
function parseTcp(text: string, rest: string, tls: TlsFiles | undefined): Address {
  const { place, path } = splitUrl(rest, (reason) => unresolved(`parse "tcp://${rest}": ${reason}`))
  if (place.endsWith(']')) throw unresolved(`invalid bind address format: ${place}`)

  // More than one colon without brackets means an IPv6 address without a
  // port.
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

/**
 * Parses what follows `ssh://`: user, host, port and the path of the socket
 * on that host. All but the host are optional.
 */
function parseSsh(text: string, rest: string): Address {
  const invalid = (reason: string): Failure => notInitialized(`parse "${text}": ${reason}`)
  const { user, place, path, query, fragment } = splitUrl(rest, invalid)
  const refuse = (reason: string): Failure =>
    notInitialized(
      `ssh host connection is not valid: invalid SSH URL: ${reason}`,
      'Write it as ssh://user@host:port. ssh takes everything else from its own configuration.',
    )
  if (user.includes(':')) throw refuse('plain-text password is not supported')
  const [, bracketed, name = '', port] = /^(?:\[(.*)\]|(.*?))(?::(\d*))?$/s.exec(place) ?? []
  const hostname = decodeURIComponent(bracketed ?? name)
  if (hostname === '') throw refuse('hostname is empty')
  if (query) throw refuse(`query parameters are not allowed: ${JSON.stringify(query)}`)
  if (fragment) throw refuse(`fragments are not allowed: ${JSON.stringify(fragment)}`)
  const socketPath = decodeURIComponent(path)
  return {
    kind: 'ssh',
    host: text,
    sshArguments: [
      ...['-o ConnectTimeout=30', '-T'],
      ...(user ? ['-l', decodeURIComponent(user)] : []),
      ...(port ? ['-p', port] : []),
      ...['--', hostname, 'docker'],
      ...(/[^/]/.test(socketPath) ? ['--host', quoteForShell(`unix://${socketPath}`)] : []),
      ...['system', 'dial-stdio'],
    ],
  }
}

/** Quotes a word for the shell of the remote host, if it needs quotes. */
function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/**
 * Splits what follows `scheme://`, and checks what Go's parser checks.
 *
 * @param invalid - builds the error
 */
function splitUrl(rest: string, invalid: (reason: string) => Failure) {
  const [, authority = '', path = '', query = '', fragment = ''] =
    /^([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(rest) ?? []
  const at = authority.lastIndexOf('@')
  const [user, place] = [authority.slice(0, Math.max(0, at)), authority.slice(at + 1)]
  // A host may escape only `%` and bytes above ASCII.
  const badEscape =
    /%(?![0-9a-f]{2}).{0,2}/is.exec(user + place + path) ??
    /%(?!25|[89a-f][0-9a-f])../is.exec(place)
  if (badEscape) throw invalid(`invalid URL escape "${badEscape[0]}"`)
  if (/[\s<>"[\]]/.test(user)) throw invalid('net/url: invalid userinfo')
  const bracket = place.lastIndexOf(']')
  if (place.startsWith('[') && bracket < 0) throw invalid("missing ']' in host")
  const portPart = place.slice(place.startsWith('[') ? bracket + 1 : place.lastIndexOf(':'))
  if (place.includes(':') && !/^(:\d*)?$/.test(portPart)) {
    throw invalid(`invalid port "${portPart}" after host`)
  }
  const blank = /[\s<>"]/.exec(place)
  if (blank) throw invalid(`invalid character "${blank[0]}" in host name`)
  return { user, place, path, query, fragment }
}

/** Builds docker's error for a setting that it can't use. */
function notInitialized(reason: string, hint = expected): Failure {
  return new Failure(`Failed to initialize: ${reason}`, 1, hint)
}

/** Builds docker's error for an address that it can't resolve. */
export function unresolved(reason: string, hint = expected): Failure {
  return notInitialized(`unable to resolve docker endpoint: ${reason}`, hint)
}
