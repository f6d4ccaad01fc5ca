/**
 * The error messages for a request that gets no response.
 *
 * @module
 */

import type { Dispatcher } from 'undici'
import { codeOf, Failure } from '../process/failure.ts'
import { type Address, hostOf } from './parse-host.ts'
import { sshOrigin } from './ssh.ts'

/**
 * Explains in docker's words why a request got no response. The system's
 * error is the cause.
 */
export function explainError(
  error: Error,
  address: Address,
  options: Dispatcher.DispatchOptions,
): Failure {
  const failure = failureFor(error, address, options)
  failure.cause = error
  return failure
}

function failureFor(error: Error, address: Address, options: Dispatcher.DispatchOptions): Failure {
  const host = address.host
  const request = describeRequestLikeGo(options, address)
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ECONNREFUSED':
    case 'ENOTSOCK':
    case 'ENOTDIR':
      return new Failure(
        `Cannot connect to the Docker daemon at ${host}. Is the docker daemon running?`,
        1,
        'Start it, or set DOCKER_HOST to the address of a running daemon.',
      )
    case 'EACCES':
    case 'EPERM': {
      const path = address.kind === 'socket' ? address.path : ''
      return new Failure(
        `permission denied while trying to connect to the Docker daemon socket at ${host}: ${request}: dial unix ${path}: connect: permission denied`,
        1,
        'Join the group that owns the socket (often: sudo usermod -aG docker $USER, then log in again), or use a rootless engine.',
      )
    }
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Failure(
        `error during connect: no such host as in ${host}`,
        1,
        'Check the name in DOCKER_HOST.',
      )
  }
  if (/^ERR_OSSL_|^ERR_CRYPTO_/.test(codeOf(error)) && address.kind === 'tcp' && address.tls) {
    const { folder } = address.tls
    return new Failure(
      `Failed to initialize: could not use ca.pem, cert.pem and key.pem in ${folder}: ${error.message}`,
      1,
      'All three must be PEM files, and the key must match the certificate.',
    )
  }
  if (address.kind === 'ssh' && /connection refused|dial unix/.test(error.message)) {
    return new Failure(
      `Cannot connect to the Docker daemon at ${sshOrigin}. Is the docker daemon running?`,
      1,
      `Start it on the host of ${host}. docker calls every daemon behind ssh ${sshOrigin}.`,
    )
  }
  // undici asserts that a status is not below 100.
  const isAssertion = codeOf(error) === 'ERR_ASSERTION'
  if (error.name === 'HTTPParserError' || isAssertion) {
    const problem = isAssertion ? 'Invalid status code' : error.message
    return new Failure(
      `error during connect: the server at ${host} does not speak HTTP (${problem})`,
      1,
      'Check DOCKER_HOST: the port may belong to another program, or require TLS (DOCKER_TLS_VERIFY=1).',
    )
  }
  return new Failure(`error during connect: ${request}: ${reasonOf(error, options)}`)
}

/**
 * Returns Go's name for a request:
 * `Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/containers/box/json"`.
 */
function describeRequestLikeGo(options: Dispatcher.DispatchOptions, address: Address): string {
  return `${verbOf(options)} "${urlLikeGo(options, address)}"`
}

/** `Get`, for GET. */
function verbOf({ method }: Dispatcher.DispatchOptions): string {
  return `${method.charAt(0)}${method.slice(1).toLowerCase()}`
}

/**
 * Returns the URL of a request as docker's errors show it: the path of a
 * socket is the host.
 */
export function urlLikeGo({ path }: Dispatcher.DispatchOptions, address: Address): string {
  if (address.kind === 'ssh') return `${sshOrigin}${path}`
  if (address.kind === 'socket') return `http://${encodeURIComponent(address.path)}${path}`
  return `${address.tls ? 'https' : 'http'}://${hostOf(address)}${path}`
}

/** Explains that we, like docker, don't follow a daemon elsewhere. */
export function explainRedirect(options: Dispatcher.DispatchOptions, location: string): Failure {
  return new Failure(
    `error during connect: ${verbOf(options)} "${location}": unexpected redirect in response`,
    1,
    'Check DOCKER_HOST: a web server or a proxy may sit at this address.',
  )
}

/** Go's messages for a wrong or missing certificate. */
const tlsReasons: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ].map((code) => [
      code,
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ]),
  ),
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'remote error: tls: unknown certificate authority',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'remote error: tls: certificate required',
  ERR_SSL_WRONG_VERSION_NUMBER: 'http: server gave HTTP response to HTTPS client',
}

function reasonOf(error: Error, { headers }: Dispatcher.DispatchOptions): string {
  const forbidden =
    codeOf(error) === 'UND_ERR_INVALID_ARG' &&
    forbiddenHeader(headers as Readonly<Record<string, string>>)
  // undici calls it so when the other side closes the connection.
  if (error.message === 'other side closed') return 'EOF'
  // Some errors have only a code.
  const message = /\S/.test(error.message) ? error.message : codeOf(error)
  return forbidden || (tlsReasons[codeOf(error)] ?? message)
}

/**
 * Returns Go's error about a header of the user's configuration that HTTP
 * does not allow.
 */
function forbiddenHeader(headers: Readonly<Record<string, string>>): string | undefined {
  for (const [name, value] of Object.entries(headers)) {
    const shown = JSON.stringify(name)
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return `net/http: invalid header field name ${shown}`
    // Tabs and bytes above ASCII are allowed.
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      return `net/http: invalid header field value for ${shown}`
    }
  }
  return undefined
}
