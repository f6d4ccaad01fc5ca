/**
 * A private Podman service for tests, with an image that needs no registry.
 *
 * @module
 */

import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { call } from './api.ts'
import type { Daemon, Obstacle } from './daemon.ts'
import { removeFolder, temporaryFolder } from './folder.ts'
import { findOnPath, packBusybox } from './image.ts'

/** The name of its container. */
export const podmanContainer = 'box'

/**
 * Starts the service with one container, or returns why it can't.
 *
 * @param command - the words that run Podman, if not the installed one
 */
export async function startPodman(
  command: readonly [string, ...string[]] = ['podman'],
): Promise<Daemon | Obstacle> {
  const fix = 'apt-get install -y --no-install-recommends podman crun, and run the tests as root'
  const [program, ...prefix] = command
  if (!findOnPath(program)) return { reason: `${program} is not installed`, fix }
  if (process.getuid?.() !== 0) return { reason: 'only root can start a Podman service here', fix }
  const archive = packBusybox()
  if ('reason' in archive) return archive

  const folder = temporaryFolder('wbpd')
  const settings = join(folder, 'containers.conf')
  const image = join(folder, 'image.tar')
  // On a machine that doesn't allow raising a container's limits, these keep
  // them unchanged.
  const limits = '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n'
  writeFileSync(settings, limits)
  writeFileSync(image, archive.bytes)
  // Podman 5 warns about cgroups of version 1.
  const env = {
    ...process.env,
    CONTAINERS_CONF: settings,
    PODMAN_IGNORE_CGROUPSV1_WARNING: '1',
  }
  // crun needs a single cgroup version; runc, which comes with docker, also
  // runs on a mix.
  const usesRunc = findOnPath('runc') !== undefined
  const own = [
    ...['--root', join(folder, 'root'), '--runroot', join(folder, 'run')],
    ...['--storage-driver', 'vfs', '--cgroup-manager', 'cgroupfs'],
    ...(usesRunc ? ['--runtime', 'runc'] : []),
  ]
  const podman = (...words: string[]): string | undefined => {
    const args = [...prefix, ...own, ...words]
    const { status, stderr } = spawnSync(program, args, { env, encoding: 'utf8' })
    return status === 0 ? undefined : stderr.trim()
  }
  const cleanUp = (): void => {
    podman('rm', '--all', '--force', '--time', '0')
    endProcessesOf(folder)
    removeFolder(folder)
  }
  const failed =
    podman('import', image, 'workbook/busybox') ??
    podman(
      ...['run', '--detach', '--name', podmanContainer, '--network', 'none'],
      ...(usesRunc ? [] : ['--cgroups', 'disabled']),
      ...['workbook/busybox', '/bin/sleep', '1000000'],
    )
  if (failed !== undefined) {
    cleanUp()
    return { reason: `podman cannot run a container here: ${failed}`, fix }
  }
  const host = `unix://${folder}/podman.sock`
  const service = spawn(program, [...prefix, ...own, 'system', 'service', '--time', '0', host], {
    env,
    stdio: 'ignore',
    // Ctrl-C is for the tests, which then stop the service.
    detached: true,
  })
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => service.once('exit', resolve))
    service.kill('SIGTERM')
    await ended
    cleanUp()
  }
  for (let round = 0; round < 100; round += 1) {
    const answer = await call(host, 'GET', '/_ping').catch(() => undefined)
    if (answer?.status === 200) return { host, stop }
    await wait(100)
  }
  await stop()
  return { reason: 'the Podman service did not come up', fix }
}

/**
 * Ends the processes that have a path in the folder on their command line. The conmon of an exec
 * waits for five minutes after its end, and then runs Podman on the folder once more.
 */
function endProcessesOf(folder: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${folder}/`)) continue
      process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It has exited in the meantime.
    }
  }
}
