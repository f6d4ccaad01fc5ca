/**
 * A host that is reached through ssh: the real ssh and the real sshd, with
 * keys of their own. ssh starts sshd as its proxy command, so there is no
 * port and no daemon to stop.
 *
 * @module
 */

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { isEngineRequired } from './engine.ts'
import { temporaryFolder } from './folder.ts'
import { findOnPath } from './image.ts'

/** A host that ssh reaches. */
export type SshHost = {
  /** Variables for a client: a PATH on which `ssh` has our configuration. */
  readonly env: Readonly<Record<string, string>>
  /** Returns the pids of all ssh processes that were started so far. */
  readonly pids: () => readonly number[]
}

/**
 * Creates the host `remote`, on which docker talks to an engine. The host
 * `stranger` is the same one, but its key is not known.
 *
 * @returns the host, or the reason why there is none
 *
 * @throws an error instead if WORKBOOK_REQUIRE_ENGINE is 1
 */
export function makeSshHost(engineHost: string): SshHost | string {
  const names = ['ssh', 'sshd', 'ssh-keygen', 'docker']
  const missing = names.filter((name) => findOnPath(name) === undefined)
  const host = missing.length === 0 ? configureHost(engineHost) : undefined
  const tried = host && spawnSync('ssh', ['remote', 'true'], { env: host.env, encoding: 'utf8' })
  if (host && tried?.status === 0) return host
  const reason = host
    ? `sshd does not let this user in: ${tried?.stderr.trim()}`
    : `not installed: ${missing.join(', ')}. Fix: apt-get install openssh-client openssh-server, and a docker client`
  if (isEngineRequired()) throw new Error(reason)
  return reason
}

function configureHost(engineHost: string): SshHost {
  const folder = temporaryFolder('wbssh')
  const write = (name: string, text: string, mode = 0o600): void =>
    writeFileSync(join(folder, name), text, { mode })
  for (const key of ['host-key', 'key']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)])
  }
  // sshd wants this folder if root starts it. Its package creates it at boot.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const inPath = folder.replaceAll('%', '%%')
  write(
    'sshd_config',
    `HostKey "${folder}/host-key"
AuthorizedKeysFile "${inPath}/key.pub"
StrictModes no
UsePAM no
PermitRootLogin yes
SetEnv "DOCKER_HOST=${engineHost}" "PATH=${process.env.PATH}"
`,
  )
  write('known', `remote ${readFileSync(join(folder, 'host-key.pub'), 'utf8')}`)
  write(
    'config',
    `Host remote stranger
  ProxyCommand ${findOnPath('sshd')} -i -f sshd_config
Host *
  IdentityFile key
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile known
  GlobalKnownHostsFile /dev/null
`,
  )
  const start = `cd "$(dirname "$0")" && echo $$ >>pids && exec ${findOnPath('ssh')} -F config "$@"`
  write('ssh', `#!/bin/sh\n${start}\n`, 0o700)
  write('pids', '')
  return {
    env: { PATH: `${folder}${delimiter}${process.env.PATH}` },
    pids: () => readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number),
  }
}
