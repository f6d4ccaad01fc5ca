/**
 * A container of our own, for a learner who names none.
 *
 * It has no network, and labels say whose it is. It is removed when the walk
 * ends. If that fails, the next walk removes it, and otherwise it ends on its
 * own after a few hours.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import type { Held, Scope } from '../course/scope.ts'
import { containerPath, readAnswer } from '../engine/answer.ts'
import type { Engine, Reply } from '../engine/engine.ts'
import type { ExecState } from '../exec/exec.ts'
import { Failure } from '../process/failure.ts'
import { userName } from '../process/learner.ts'
import { messageOf } from '../stream/http.ts'

/** A running container that we created. */
export type Sandbox = {
  /** `workbook-3f9a1c` */
  readonly name: string
  /** The name of its image. */
  readonly image: string
}

/** How to create a sandbox. */
export type SandboxOptions = {
  /** The image to use instead of searching for one. */
  readonly image?: string
  /**
   * Asks whether to download an image. Called only if no local image is
   * suitable.
   */
  readonly mayPull: (image: string) => Promise<boolean>
  /** Receives a line about a slow step. */
  readonly progress: (line: string) => void
}

const label = 'docker-exec-workbook'

/** The image to download if there is no suitable local one: about 2 MB. */
const smallestImage = 'busybox:latest'

/**
 * How long an abandoned sandbox runs before it ends on its own, in seconds.
 */
const lifetime = 4 * 60 * 60

/** How many local images to try. */
const imagesToTry = 5

/**
 * Creates and starts a sandbox. Releasing it ends its processes and removes
 * it.
 *
 * @param scope - holds it, from before we ask the daemon to create it
 */
export async function createSandbox(
  engine: Engine,
  options: SandboxOptions,
  scope: Pick<Scope, 'hold'>,
): Promise<Held<Sandbox>> {
  await removeAbandoned(engine)

  const requested = options.image
  const images = requested ? [requested] : await localImages(engine)
  for (const image of images) {
    const sandbox = await tryImage(engine, image, scope)
    if (sandbox) return sandbox
  }
  const image = requested ?? smallestImage
  if (requested && (await isLocal(engine, requested))) {
    throw new Failure(
      `the image ${requested} has no shell to make a sandbox from`,
      1,
      'Name another --image, or a running container.',
    )
  }
  if (!(await options.mayPull(image))) {
    throw new Failure(
      requested
        ? `the image ${requested} does not exist on this engine`
        : 'there is no local image with a shell to make a sandbox from',
      1,
      `Add --pull to download ${image}, name a running container (npm run chapter 1 CONTAINER), or work without Docker (--practice).`,
    )
  }
  await pull(engine, image, options.progress)
  const sandbox = await tryImage(engine, image, scope)
  if (!sandbox) throw new Failure(`the image ${image} has no shell to make a sandbox from`)
  return sandbox
}

/**
 * Removes sandboxes of this user on this machine whose workbook no longer
 * runs. A process ID means nothing on another machine, or on this one after a
 * reboot.
 */
async function removeAbandoned(engine: Engine): Promise<void> {
  const filters = JSON.stringify({ label: [`${label}=sandbox`, `${label}.owner=${owner()}`] })
  const path = `/containers/json?all=1&filters=${encodeURIComponent(filters)}`
  const found = readAnswer<{ Id: string; Labels: Record<string, string> }[]>(
    await engine.request('GET', path),
    engine,
  )
  for (const { Id, Labels } of found) {
    if (Labels[`${label}.boot`] !== boot()) continue
    if (!isRunning(Number(Labels[`${label}.pid`]))) await remove(engine, Id)
  }
}

function owner(): string {
  return `${userName()}@${hostname()}`
}

/**
 * Returns an ID of this boot. Machines cloned from one disk share users and
 * host name, but not this ID. Empty if the system has none.
 */
function boot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It belongs to another user, so we may not signal it, but it exists.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

type ImageSummary = { readonly RepoTags: readonly string[] | null; readonly Size: number }

/**
 * Returns suitable local images: busybox and alpine first, then the smallest
 * ones.
 */
async function localImages(engine: Engine): Promise<string[]> {
  const images = readAnswer<ImageSummary[]>(await engine.request('GET', '/images/json'), engine)
  const known = ({ name }: { name: string }): number => {
    const repository = name
      .replace(/:[^:/]*$/, '')
      .split('/')
      .at(-1)
    return repository === 'busybox' ? 0 : repository === 'alpine' ? 1 : 2
  }
  return images
    .map(({ RepoTags, Size }) => ({ name: RepoTags?.[0] ?? '', size: Size }))
    .filter(({ name }) => name !== '' && name !== '<none>:<none>')
    .sort((one, other) => known(one) - known(other) || one.size - other.size)
    .slice(0, imagesToTry)
    .map(({ name }) => name)
}

async function isLocal(engine: Engine, image: string): Promise<boolean> {
  const path = `/images/${image.split('/').map(encodeURIComponent).join('/')}/json`
  return (await engine.request('GET', path)).status === 200
}

/**
 * Creates and starts a container. Undefined if the image does not exist or
 * has no shell.
 *
 * We choose the name, so the scope can hold the container before it exists: a
 * signal may come while the daemon creates it. The release waits for the
 * daemon's answer first, because removing a container while it starts keeps
 * some daemons busy for half a minute.
 */
async function tryImage(
  engine: Engine,
  image: string,
  scope: Pick<Scope, 'hold'>,
): Promise<Held<Sandbox> | undefined> {
  const name = sandboxName()
  let pending: Promise<Reply> = engine.request('POST', `/containers/create?name=${name}`, {
    Image: image,
    Entrypoint: ['sh', '-c', `sleep ${lifetime}`],
    Cmd: [],
    Labels: {
      [label]: 'sandbox',
      [`${label}.owner`]: owner(),
      [`${label}.boot`]: boot(),
      [`${label}.pid`]: String(process.pid),
    },
    HostConfig: { NetworkMode: 'none', AutoRemove: true },
  })
  let exists = true
  const held = scope.hold('sandbox', { name, image }, async () => {
    await pending.catch(() => {})
    if (exists) await remove(engine, name)
  })
  const created = await pending
  if (created.status !== 201) {
    exists = false
    await held.release()
    if (created.status === 404) return undefined
    readAnswer(created, engine)
  }
  // If the sandbox was released meanwhile, don't start it.
  pending = held.isLive() ? engine.request('POST', `${containerPath(name)}/start`) : pending
  const started = await pending
  if (started.status < 300) return held

  await held.release()
  // The daemon's way to say that the image has no `sh`. Other errors would
  // repeat with any image.
  if (/executable file not found|no such file/.test(messageOf(started))) return undefined
  readAnswer(started, engine)
  return undefined
}

function sandboxName(): string {
  return `workbook-${randomBytes(3).toString('hex')}`
}

/** Whether a name is one that we give to sandboxes. */
export function isSandboxName(name: string): boolean {
  return /^workbook-[0-9a-f]{6}$/.test(name)
}

/** The result of {@link whyNotRunning} if the daemon does not answer. */
export const daemonIsGone = 'the daemon no longer answers'

/** The exit code of a process that SIGKILL ended: 128 and 9. */
const killed = 137

/**
 * Returns why a container no longer runs, as the end of a sentence. Undefined
 * if it runs.
 *
 * @param execId - a session in it that has just ended. A daemon may report
 * the end of a killed session before the end of its container, so we keep
 * asking for two seconds.
 */
export async function whyNotRunning(
  engine: Engine,
  container: string,
  execId?: string,
): Promise<string | undefined> {
  const isRunning = async (): Promise<boolean> => {
    const reply = await engine.request('GET', `${containerPath(container)}/json`)
    if (reply.status === 404) return false
    return readAnswer<{ State: { Running: boolean } }>(reply, engine).State.Running
  }
  const isKilled = async (): Promise<boolean> => {
    const reply = await engine.request('GET', `/exec/${execId}/json`)
    return reply.status === 200 && readAnswer<ExecState>(reply, engine).ExitCode === killed
  }
  try {
    let stillRuns = await isRunning()
    const tries = stillRuns && execId !== undefined && (await isKilled()) ? 20 : 0
    for (let count = 0; stillRuns && count < tries; count += 1) {
      await wait(100)
      stillRuns = await isRunning()
    }
    return stillRuns ? undefined : `${container} is no longer running`
  } catch (error) {
    if (error instanceof Failure) return daemonIsGone
    throw error
  }
}

async function remove(engine: Engine, id: string): Promise<void> {
  const reply = await engine.request('DELETE', `${containerPath(id)}?force=true`)
  // 404: already gone. 409: already being removed.
  if (reply.status !== 404 && reply.status !== 409) readAnswer(reply, engine)
}

/** Downloads an image. The daemon streams one JSON object per line. */
async function pull(
  engine: Engine,
  image: string,
  progress: (line: string) => void,
): Promise<void> {
  const [, name = image, tag = 'latest'] = /^(.*?)(?::([^:/]*))?$/.exec(image) ?? []
  const query = `fromImage=${encodeURIComponent(name)}&tag=${encodeURIComponent(tag)}`
  let unfinished = ''
  let last = ''
  let failed = ''
  const reply = await engine.request('POST', `/images/create?${query}`, undefined, (piece) => {
    const lines = (unfinished + piece).split('\n')
    unfinished = lines.pop() ?? ''
    for (const line of lines) {
      const { id, status, error, progressDetail } = JSON.parse(line) as PullProgress
      if (error) failed = error
      const { current, total } = progressDetail ?? {}
      // One line per tenth of a layer: enough to show progress, also in a
      // log.
      const share = current && total ? ` ${Math.floor((current / total) * 10) * 10} %` : ''
      const text = `${id ? `${id}: ` : ''}${status ?? ''}${share}`
      if (status && text !== last) progress(text)
      last = text
    }
  })
  if (reply.status >= 300) failed = messageOf(reply) || `the daemon answered ${reply.status}`
  if (failed) {
    throw new Failure(
      `cannot pull ${image}: ${failed}`,
      1,
      'Load an image from a file (docker load -i FILE), or name a running container.',
    )
  }
}

type PullProgress = {
  readonly id?: string
  readonly status?: string
  readonly error?: string
  readonly progressDetail?: { readonly current?: number; readonly total?: number }
}
