/**
 * Finds the name of a failure from the error that it showed itself in.
 *
 * @module
 */

import { codeOf, Failure } from '../process/failure.ts'
import type { FailureName } from './failures.ts'

/** What the system says, and what it means for the way to a daemon. */
const byCode: Readonly<Record<string, FailureName>> = {
  ENOENT: 'chosen-not-there',
  ENOTDIR: 'chosen-not-there',
  ENOTSOCK: 'chosen-not-there',
  ECONNREFUSED: 'chosen-not-there',
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  ENOTFOUND: 'host-unknown',
  EAI_AGAIN: 'host-unknown',
  ETIMEDOUT: 'no-answer',
  EHOSTUNREACH: 'no-answer',
  ENETUNREACH: 'no-answer',
  UND_ERR_HEADERS_TIMEOUT: 'no-answer',
}

/** Names a failure to reach a daemon that was chosen. */
export function nameOfFailure(error: unknown): FailureName {
  const cause = error instanceof Failure ? error.cause : undefined
  // Whoever may not read a certificate never gets to dial, so there is no failure of ours around it.
  if (!(error instanceof Failure)) return 'tls-refused'
  if (cause === undefined) return nameOfSentence(error.message)
  const code = codeOf(cause)
  const known = byCode[code]
  if (known) return known
  if (/^(ERR_(SSL|TLS)|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) {
    return 'tls-refused'
  }
  return (cause as Error).name === 'HTTPParserError' ? 'tls-wanted' : 'connection-broken'
}

/** A failure without a cause is one of the address, or of an answer that was read. */
function nameOfSentence(sentence: string): FailureName {
  if (/does not speak$/.test(sentence)) return 'address-over-ssh'
  if (/: context "|names no docker host/.test(sentence)) return 'context-missing'
  if (/unable to resolve docker endpoint/.test(sentence)) return 'address-malformed'
  if (/client version .* too (old|new)|HTTP request to an HTTPS/.test(sentence)) {
    return /HTTPS/.test(sentence) ? 'tls-wanted' : 'api-version-refused'
  }
  return 'not-an-engine'
}

/** Names an engine that has been at a rung of the ladder and does not run. */
export function notStarted(rung: string): FailureName {
  return engines[rung] ?? 'docker-not-started'
}

const engines: Readonly<Record<string, FailureName>> = {
  'rootless Docker': 'rootless-docker-not-started',
  'Docker Desktop': 'docker-desktop-not-started',
  Colima: 'colima-not-started',
  OrbStack: 'orbstack-not-started',
  'Rancher Desktop': 'rancher-desktop-not-started',
  'rootless Podman': 'podman-not-started',
  Podman: 'podman-not-started',
}
