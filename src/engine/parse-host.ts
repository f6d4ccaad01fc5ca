/**
 * What the address of a daemon is, and how `unix:///var/run/docker.sock` or `tcp://host:2375`
 * becomes one.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'

/** The certificates of a TLS connection, as PEM texts. */
export type TlsFiles = {
  /** Where they come from: ca.pem, cert.pem and key.pem in this folder. */
  readonly folder: string
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** False if the daemon's certificate is not checked. */
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
/** The kernel's limit for the path of a socket, in bytes. */
const longestSocketPath = 108

const defaultPipe = '//./pipe/docker_engine'

/** The address that docker uses without a choice. */
export const defaultHost = process.platform === 'win32' ? `npipe://${defaultPipe}` : 'unix://'

const expected =
  'Write it as unix:///path/to/docker.sock or tcp://host:2375, or unset DOCKER_HOST to use the default socket.'

/**
 * Reads an address as DOCKER_HOST writes it.
 *
 * @param tls - the certificates, if the address is to be reached over TLS
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
    // Only a daemon that systemd has started uses it. A client looks for a host of this name.
    throw rest === ''
      ? notInitialized(`unable to parse docker host \`${trimmed}\``)
      : new Failure(`error during connect: no such host as in ${trimmed}`, 1, expected)
  }
  if (protocol === 'tcp') return parseTcp(trimmed, rest, tls)
  throw unresolved(`invalid bind address format: ${trimmed}`)
}

/**
 * Reads what follows `tcp://`: a name or a number, a port, a path. Each may be left out. An IPv6
 * address needs brackets if a port follows.
 */
function parseTcp(text: string, rest: string, tls: TlsFiles | undefined): Address {
  const [, authority = '', path = ''] = /^([^/?#]*)([^?#]*)/.exec(rest) ?? []
  const place = authority.slice(authority.lastIndexOf('@') + 1)
  const wrong = (reason: string): Failure => unresolved(`parse "tcp://${rest}": ${reason}`)
  const badEscape = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(place + path)
  if (badEscape) throw wrong(`invalid URL escape "${badEscape[0]}"`)
  const bracket = place.lastIndexOf(']')
  if (place.startsWith('[') && bracket < 0) throw wrong("missing ']' in host")
  const portPart = place.slice(place.startsWith('[') ? bracket + 1 : place.lastIndexOf(':'))
  if (place.includes(':') && !/^(:\d*)?$/.test(portPart)) {
    throw wrong(`invalid port "${portPart}" after host`)
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

/** docker's frame for a setting that it cannot use. */
function notInitialized(reason: string, hint = expected): Failure {
  return new Failure(`Failed to initialize: ${reason}`, 1, hint)
}

/** docker's frame for an address that it cannot work out. */
export function unresolved(reason: string, hint = expected): Failure {
  return notInitialized(`unable to resolve docker endpoint: ${reason}`, hint)
}
