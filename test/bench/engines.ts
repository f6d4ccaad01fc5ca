/**
 * The daemons that the benchmark runs against, and a container on each.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { call, callOrThrow } from '../support/api.ts'
import { startDaemon } from '../support/daemon.ts'
import { prepareImage } from '../support/image.ts'

/** A daemon with a running container. */
export type BenchEngine = {
  /** In the form of DOCKER_HOST. */
  readonly host: string
  /** `dockerd 28.5.2` */
  readonly name: string
  /** The name of the container. */
  readonly container: string
  /** Removes the container, and stops the daemon if we started it. */
  readonly stop: () => Promise<void>
}

/**
 * Opens the daemon at an address, or starts one.
 *
 * @throws an Error if neither works
 */
export async function openEngine(address: string | undefined): Promise<BenchEngine> {
  const releases: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const release of releases.splice(0).reverse()) await release()
  }
  try {
    const daemon = address === undefined ? await startDaemon() : undefined
    if (daemon && 'reason' in daemon) throw new Error(`${daemon.reason}. Fix: ${daemon.fix}`)
    if (daemon) releases.push(daemon.stop)
    const host = address ?? daemon?.host ?? ''

    const version = JSON.parse(await callOrThrow(host, 'GET', '/version')) as {
      Version: string
      Components?: { Name: string; Version: string }[]
    }
    const product = version.Components?.[0]?.Name.startsWith('Podman') ? 'Podman' : 'dockerd'
    const image = await prepareImage(host, releases)
    if (typeof image !== 'string') throw new Error(`${image.reason}. Fix: ${image.fix}`)

    const container = `wb-bench-${randomBytes(4).toString('hex')}`
    const created = await callOrThrow(host, 'POST', `/containers/create?name=${container}`, {
      Image: image,
      Cmd: ['/bin/sleep', '1000000'],
      // The tests remove containers with these marks whose owner is gone.
      Labels: {
        'docker-exec-workbook': 'test',
        'docker-exec-workbook.owner': String(process.pid),
        'docker-exec-workbook.machine': hostname(),
      },
      HostConfig: { NetworkMode: 'none' },
    })
    const { Id } = JSON.parse(created) as { Id: string }
    releases.push(async () => {
      await call(host, 'DELETE', `/containers/${Id}?force=1&v=1`)
    })
    await callOrThrow(host, 'POST', `/containers/${Id}/start`)
    return { host, name: `${product} ${version.Version}`, container, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
