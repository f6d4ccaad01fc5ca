/**
 * A private, throwaway engine: a `dockerd` of our own in a folder of its own, for a machine on
 * which nobody has started one.
 *
 * @module
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { call } from './api.ts'
import { makeFolder } from './folder.ts'
import { findOnPath } from './image.ts'

/** An engine that we started. */
export type Daemon = { readonly host: string; readonly stop: () => Promise<void> }

/** Why there can be no engine of ours, and what would help. */
export type Hindrance = { readonly reason: string; readonly fix: string }

/** How long a daemon may take to come up, in milliseconds. It takes two seconds. */
const ceiling = 60_000

/**
 * Waits until the process that holds its standard input is gone, however it went, and then ends
 * the daemon and removes what it leaves: mounts first, or the folder could not be removed. A
 * test run that is killed leaves nothing behind, because this does not depend on it.
 */
const guardScript = `
  folder=$1 daemon=$2
  cat >/dev/null
  kill -TERM "$daemon" 2>/dev/null
  tries=0
  while kill -0 "$daemon" 2>/dev/null && [ $tries -lt 300 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
  while read -r _ mount _; do
    case $mount in "$folder"/*) echo "$mount" ;; esac
  done </proc/mounts | sort -r | while read -r mount; do umount -l "$mount"; done
  rm -rf "$folder"
`

/** Starts an engine, or says why it cannot be done. */
export async function startDaemon(): Promise<Daemon | Hindrance> {
  const hindrance = whyNot()
  if (hindrance) return hindrance

  const folder = makeFolder('wb')
  const host = `unix://${folder}/docker.sock`
  const daemon = spawnDaemon(folder, host)
  const guard = spawn('sh', ['-c', guardScript, 'sh', folder, String(daemon.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      guard.once('exit', () => resolve())
      guard.stdin.end()
    })

  if (await comesUp(host, daemon)) return { host, stop }
  const lastLines = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').slice(-5)
  await stop()
  return {
    reason: `dockerd did not come up:\n${lastLines.join('\n')}`,
    fix: 'start an engine yourself, and set DOCKER_HOST to where it listens',
  }
}

function whyNot(): Hindrance | undefined {
  if (process.platform !== 'linux') {
    return {
      reason: 'no engine is running, and one of our own needs Linux',
      fix: 'start Docker, or set DOCKER_HOST to an engine that is reachable',
    }
  }
  if (!findOnPath('dockerd')) {
    return {
      reason: 'no engine is running, and dockerd is not installed',
      fix: 'apt-get install -y --no-install-recommends docker.io busybox-static (and run as root), or set DOCKER_HOST',
    }
  }
  if (process.getuid?.() !== 0) {
    return {
      reason: 'no engine is running, and only root may start one',
      fix: 'run the tests as root, or start Docker, or set DOCKER_HOST',
    }
  }
  return undefined
}

function spawnDaemon(folder: string, host: string): ChildProcess {
  const log = openSync(join(folder, 'log'), 'w')
  const daemon = spawn(
    'dockerd',
    [
      ...['--host', host],
      ...['--data-root', join(folder, 'data')],
      ...['--exec-root', join(folder, 'exec')],
      ...['--pidfile', join(folder, 'pid')],
      // Containers of the tests have no network, so the machine's own stays as it is.
      ...['--bridge=none', '--iptables=false', '--ip6tables=false'],
    ],
    // A group of its own: Ctrl-C in the terminal of the tests must not reach it before they are
    // through with it.
    { detached: true, stdio: ['ignore', log, log] },
  )
  closeSync(log)
  // Without it, a dockerd that cannot be started would throw here and not be reported.
  daemon.on('error', () => {})
  return daemon
}

async function comesUp(host: string, daemon: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + ceiling
  while (
    Date.now() < deadline &&
    daemon.pid &&
    daemon.exitCode === null &&
    daemon.signalCode === null
  ) {
    const answer = await call(host, 'GET', '/_ping').catch(() => undefined)
    if (answer?.status === 200) return true
    await wait(50)
  }
  return false
}
