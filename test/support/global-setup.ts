/**
 * Runs once for each project of a test run. For the project `real` it finds
 * or starts an engine and provides an image. It releases everything at the
 * end.
 *
 * @module
 */

import { existsSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { call, callOrThrow, engineName } from './api.ts'
import { type Obstacle, startDaemon } from './daemon.ts'
import { type Engine, isEngineRequired, labels } from './engine.ts'
import { makeFolder, makeRunFolder, removeFolder } from './folder.ts'
import { prepareImage } from './image.ts'

type Release = () => Promise<void>

/**
 * Called by vitest before the first test. It calls the returned function
 * after the last one.
 */
export default async function setUp(project: TestProject): Promise<Release> {
  // Release in reverse order, and go on if one release fails.
  const releases: Release[] = []
  const releaseAll = async (): Promise<void> => {
    const failures: unknown[] = []
    for (const release of releases.splice(0).reverse()) {
      await release().catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }
  try {
    isolateState(releases)
    const shared = makeRunFolder()
    if (shared) releases.push(async () => removeFolder(shared))
    if (project.name === 'unit') return releaseAll
    const engine = await prepareEngine(releases)
    if ('reason' in engine) report(engine)
    project.provide('engine', engine)
  } catch (error) {
    await releaseAll()
    throw error
  }
  return releaseAll
}

/**
 * Keeps the tests away from the tapes and the progress of the person who runs
 * them.
 */
function isolateState(releases: Release[]): void {
  const folder = makeFolder('wbstate')
  process.env.XDG_STATE_HOME = folder
  process.env.LOCALAPPDATA = folder
  releases.push(async () => removeFolder(folder))
}

function report({ reason, fix }: Obstacle): void {
  const consequence = isEngineRequired()
    ? 'The tests that need an engine fail, because WORKBOOK_REQUIRE_ENGINE is 1'
    : 'The tests that need an engine are skipped'
  console.error(`\n${consequence}: ${reason}.\nTo run them: ${fix}\n`)
}

async function prepareEngine(releases: Release[]): Promise<Engine | Obstacle> {
  const found = await findHost()
  const started = found === undefined ? await startDaemon() : undefined
  if (started && 'reason' in started) return started
  if (started) releases.push(started.stop)
  const host = found ?? started?.host ?? ''

  const container = process.env.WORKBOOK_CONTAINER
  const image = container === undefined ? await prepareContainers(host, releases) : ''
  if (typeof image !== 'string') return image

  const version = JSON.parse(await callOrThrow(host, 'GET', '/version')) as {
    Version: string
    ApiVersion: string
  }
  return {
    host,
    how: started ? 'started' : 'found',
    image,
    ...(container !== undefined && { container }),
    apiVersion: version.ApiVersion,
    version: version.Version,
    name: await engineName(host),
    hasCgroups: await hasCgroups(host),
    owner: process.pid,
  }
}

async function hasCgroups(host: string): Promise<boolean> {
  const { status, body } = await call(host, 'GET', '/info')
  // The practice daemon has none.
  if (status !== 200) return false
  // Podman and dockerd say in different fields that they run without root.
  const { CgroupVersion, Rootless, SecurityOptions } = JSON.parse(body) as {
    CgroupVersion?: string
    Rootless?: boolean
    SecurityOptions?: readonly string[]
  }
  const isRootless = Rootless ?? SecurityOptions?.includes('name=rootless')
  return CgroupVersion === '2' || !isRootless
}

/** Removes abandoned containers, and returns the image for new ones. */
async function prepareContainers(host: string, releases: Release[]): Promise<string | Obstacle> {
  await removeContainers(host, isAbandoned)
  const image = await prepareImage(host, releases)
  if (typeof image !== 'string') return image
  releases.push(() => removeContainers(host, ({ owner }) => owner === process.pid))
  return image
}

/**
 * Finds an engine that answers: at DOCKER_HOST, or else on one of the usual
 * sockets.
 */
async function findHost(): Promise<string | undefined> {
  const configured = process.env.DOCKER_HOST
  if (configured) {
    const problem = await ping(configured)
    if (problem) throw new Error(`no engine answers at DOCKER_HOST, ${configured}: ${problem}`)
    return configured
  }
  const runtime = process.env.XDG_RUNTIME_DIR
  const sockets = [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    join(homedir(), '.docker', 'run', 'docker.sock'),
  ]
  for (const socket of sockets) {
    if (!existsSync(socket)) continue
    const host = `unix://${socket}`
    const problem = await ping(host)
    if (!problem) return host
    console.error(`${host} exists, but the tests cannot use it: ${problem}`)
  }
  return undefined
}

/** Returns what is wrong with the engine at an address, or undefined. */
async function ping(host: string): Promise<string | undefined> {
  try {
    const answer = await call(host, 'GET', '/_ping')
    return answer.status === 200 ? undefined : `it answered ${answer.status}`
  } catch (error) {
    return (error as Error).message
  }
}

type Mark = { readonly owner: number; readonly machine: string }

/** Whether a container was left by a dead test run on this machine. */
function isAbandoned({ owner, machine }: Mark): boolean {
  if (machine !== hostname()) return false
  try {
    process.kill(owner, 0)
    return false
  } catch (error) {
    // EPERM means that the process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

async function removeContainers(host: string, isChosen: (mark: Mark) => boolean): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${labels.mark}=test`] }))
  const path = `/containers/json?all=1&filters=${filters}`
  const listed = JSON.parse(await callOrThrow(host, 'GET', path)) as {
    Id: string
    Labels: Record<string, string>
  }[]
  const chosen = listed.filter(({ Labels }) =>
    isChosen({ owner: Number(Labels[labels.owner]), machine: Labels[labels.machine] ?? '' }),
  )
  await Promise.all(chosen.map(({ Id }) => call(host, 'DELETE', `/containers/${Id}?force=1&v=1`)))
}
