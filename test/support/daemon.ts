/**
 * A private, throwaway engine: starts `dockerd` in a temporary folder if no
 * engine is running.
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

/** Why we can't start an engine, and how to fix it. */
export type Obstacle = { readonly reason: string; readonly fix: string }

/** How long a daemon may take to come up, in milliseconds. */
const startTimeout = 60_000

/**
 * Waits for EOF on its standard input, which comes even if the test run is
 * killed. It then stops the daemon, unmounts its mounts and removes the
 * folder.
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

/**
 * Starts an engine, or returns why it can't.
 *
 * @param path - where to look for dockerd and its helpers, in the form of PATH
 */
export async function startDaemon(path = process.env.PATH): Promise<Daemon | Obstacle> {
  const obstacle = findObstacle(path)
  if (obstacle) return obstacle

  const folder = makeFolder('wb')
  const host = `unix://${folder}/docker.sock`
  const daemon = spawnDaemon(folder, host, path)
  const guard = spawn('sh', ['-c', guardScript, 'sh', folder, String(daemon.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      guard.once('exit', () => resolve())
      guard.stdin.end()
    })

  if (await waitUntilUp(host, daemon)) return { host, stop }
  const lastLines = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').slice(-5)
  await stop()
  return {
    reason: `dockerd did not come up:\n${lastLines.join('\n')}`,
    fix: 'start an engine yourself, and set DOCKER_HOST to its address',
  }
}

function findObstacle(path: string | undefined): Obstacle | undefined {
  if (process.platform !== 'linux') {
    return {
      reason: 'no engine is running, and the tests can start one only on Linux',
      fix: 'start Docker, or set DOCKER_HOST to a reachable engine',
    }
  }
  if (!findOnPath('dockerd', path)) {
    return {
      reason: 'no engine is running, and dockerd is not installed',
      fix: 'apt-get install -y --no-install-recommends docker.io busybox-static and run the tests as root, or set DOCKER_HOST',
    }
  }
  if (process.getuid?.() !== 0) {
    return {
      reason: 'no engine is running, and only root can start one',
      fix: 'run the tests as root, or start Docker, or set DOCKER_HOST',
    }
  }
  return undefined
}

function spawnDaemon(folder: string, host: string, path: string | undefined): ChildProcess {
  const log = openSync(join(folder, 'log'), 'w')
  const daemon = spawn(
    'dockerd',
    [
      ...['--host', host],
      ...['--data-root', join(folder, 'data')],
      ...['--exec-root', join(folder, 'exec')],
      ...['--pidfile', join(folder, 'pid')],
      // The tests' containers have no network, so dockerd needn't change the
      // machine's.
      ...['--bridge=none', '--iptables=false', '--ip6tables=false'],
    ],
    // In its own process group, so Ctrl-C doesn't stop it before the tests
    // are done with it.
    { detached: true, stdio: ['ignore', log, log], env: { ...process.env, PATH: path } },
  )
  closeSync(log)
  // Without a listener, a dockerd that can't be started would throw an
  // uncaught error.
  daemon.on('error', () => {})
  return daemon
}

async function waitUntilUp(host: string, daemon: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + startTimeout
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
