/**
 * The daemons of the matrix: how each is started, or why it can't be.
 *
 * @module
 */

import { delimiter, join } from 'node:path'
import { startPracticeDaemon } from '../../src/practice/spawn.ts'
import { call, callOrThrow } from '../support/api.ts'
import { type Daemon, type Obstacle, startDaemon } from '../support/daemon.ts'
import { startPodman } from '../support/podman.ts'
import { root } from '../support/scripts.ts'
import { unpackFromDebian } from './debian.ts'

/** A daemon of the matrix. */
export type MatrixDaemon = Daemon & {
  /** Its only container, if it can't create others. */
  readonly container?: string
}

/** How to start each daemon, by its name on the command line. */
export const starters: Readonly<Record<string, () => Promise<MatrixDaemon | Obstacle>>> = {
  dockerd: async () => withoutContainers(await startDaemon()),
  'dockerd-newest': startNewestDockerd,
  podman: () => startPodman(),
  'podman-newest': startNewestPodman,
  practice: async () => {
    const program = join(root, 'src', 'practice', 'main.ts')
    const { host, container, close } = await startPracticeDaemon({ program })
    return { host, container, stop: close }
  },
}

/** What each daemon is, for the list. */
export const descriptions: Readonly<Record<string, string>> = {
  dockerd: 'the installed dockerd',
  'dockerd-newest': 'the newest dockerd of Debian’s suites, downloaded',
  podman: 'the installed Podman',
  'podman-newest': 'the newest Podman of Debian’s suites, downloaded',
  practice: 'the practice daemon',
}

/** A newer dockerd runs with the libraries and the runc of this machine. */
async function startNewestDockerd(): Promise<MatrixDaemon | Obstacle> {
  const packages = ['docker.io', 'containerd']
  const unpacked = await unpackFromDebian('dockerd', packages, { withLibraries: false })
  if (typeof unpacked !== 'string') return unpacked
  const folders = [join(unpacked, 'usr', 'sbin'), join(unpacked, 'usr', 'bin')]
  const path = [...folders, process.env.PATH].join(delimiter)
  return withoutContainers(await startDaemon(path))
}

/**
 * Podman needs newer libraries than this machine may have. In a mount
 * namespace of its own, the unpacked packages lie over `/usr`.
 */
async function startNewestPodman(): Promise<MatrixDaemon | Obstacle> {
  const packages = ['podman', 'netavark']
  const unpacked = await unpackFromDebian('podman', packages, { withLibraries: true })
  if (typeof unpacked !== 'string') return unpacked
  // The relative path has no character that mount could take for a separator.
  const script = `here=$PWD && cd "$1" && shift &&
    mount -t overlay overlay -o lowerdir=usr:/usr /usr && cd "$here" && exec podman "$@"`
  return startPodman(['unshare', '--mount', 'sh', '-c', script, 'sh', unpacked])
}

/** A dockerd waits for its containers, so they are removed before it stops. */
function withoutContainers(daemon: Daemon | Obstacle): Daemon | Obstacle {
  if ('reason' in daemon) return daemon
  const { host, stop } = daemon
  return {
    host,
    async stop() {
      await removeContainers(host).catch(() => {})
      await stop()
    },
  }
}

async function removeContainers(host: string): Promise<void> {
  const listed = JSON.parse(await callOrThrow(host, 'GET', '/containers/json?all=1')) as {
    Id: string
  }[]
  await Promise.all(listed.map(({ Id }) => call(host, 'DELETE', `/containers/${Id}?force=1&v=1`)))
}
