/**
 * A container of the workbook's own, for a learner who names none.
 *
 * It has no network, says in its labels whose it is, and removes itself: when the walk ends, or
 * when the next one begins if this one could not, or by itself after some hours if there is none.
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

/** A running container that is ours. */
export type Sandbox = {
  /** `workbook-3f9a1c` */
  readonly name: string
  /** The name of the image that it is made from. */
  readonly image: string
}

/** How a sandbox may be made. */
export type SandboxOptions = {
  /** An image to use instead of looking for one. */
  readonly image?: string
  /** Asks whether an image may be downloaded. Never called while there is a local one that will do. */
  readonly mayPull: (image: string) => Promise<boolean>
  /** Gets a line about what takes long. */
  readonly progress: (line: string) => void
}

const label = 'docker-exec-workbook'

/** What is pulled when there is nothing at all: about 2 MB. */
const smallestImage = 'busybox:latest'

/** A sandbox that everybody has forgotten ends by itself after this time, in seconds. */
const lifetime = 4 * 60 * 60

/** How many images are tried, the smallest first, when there is neither busybox nor alpine. */
const imagesToTry = 5

/**
 * Makes a sandbox and starts it. Giving it back ends what runs in it and removes it.
 *
 * @param scope - holds it, from before the daemon is asked to make it
 */
export async function createSandbox(
  engine: Engine,
  options: SandboxOptions,
  scope: Pick<Scope, 'hold'>,
): Promise<Held<Sandbox>> {
  await removeAbandoned(engine)

  const wanted = options.image
  const images = wanted ? [wanted] : await localImages(engine)
  for (const image of images) {
    const sandbox = await tryImage(engine, image, scope)
    if (sandbox) return sandbox
  }
  const image = wanted ?? smallestImage
  if (wanted && (await isLocal(engine, wanted))) {
    throw new Failure(
      `the image ${wanted} has no shell to make a sandbox from`,
      1,
      'Name another --image, or a running container.',
    )
  }
  if (!(await options.mayPull(image))) {
    throw new Failure(
      wanted
        ? `there is no image ${wanted} here`
        : 'there is no local image with a shell to make a sandbox from',
      1,
      `Allow the download of ${image} with --pull, name a running container (npm run chapter 1 CONTAINER), or do without Docker (--practice).`,
    )
  }
  await pull(engine, image, options.progress)
  const sandbox = await tryImage(engine, image, scope)
  if (!sandbox) throw new Failure(`the image ${image} has no shell to make a sandbox from`)
  return sandbox
}

/**
 * Removes sandboxes of this user on this machine whose workbook does not run any more. A process
 * number means nothing on another machine, nor on this one before it was started the last time.
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
 * What this start of this machine is called. Machines that were copied from one disk have the same
 * users and the same name, but not this. Empty where the system has no such thing.
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
    // A process of somebody else's is there, we just may not signal it.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

type ImageSummary = { readonly RepoTags: readonly string[] | null; readonly Size: number }

/** Local images that may do: busybox and alpine first, then the smallest ones. */
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
 * Makes and starts a container from an image. Undefined if the image is not there, or has no shell.
 *
 * The name is ours, so that the container can be held before it is there: a signal may come while the
 * daemon makes it. What is given back then waits for the daemon's answer, for a container that is
 * removed while it starts keeps some daemons busy for half a minute.
 */
async function tryImage(
  engine: Engine,
  image: string,
  scope: Pick<Scope, 'hold'>,
): Promise<Held<Sandbox> | undefined> {
  const name = sandboxName()
  let asking: Promise<Reply> = engine.request('POST', `/containers/create?name=${name}`, {
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
  let isMade = true
  const held = scope.hold('sandbox', { name, image }, async () => {
    await asking.catch(() => {})
    if (isMade) await remove(engine, name)
  })
  const created = await asking
  if (created.status !== 201) {
    isMade = false
    await held.release()
    if (created.status === 404) return undefined
    readAnswer(created, engine)
  }
  // Whoever gives it back has done so by now, and there is nothing to start.
  asking = held.isLive() ? engine.request('POST', `${containerPath(name)}/start`) : asking
  const started = await asking
  if (started.status < 300) return held

  await held.release()
  // The daemon's way to say that there is no `sh`. Anything else will not get better with another image.
  if (/executable file not found|no such file/.test(messageOf(started))) return undefined
  readAnswer(started, engine)
  return undefined
}

function sandboxName(): string {
  return `workbook-${randomBytes(3).toString('hex')}`
}

/** Whether a container has a name that a sandbox has. */
export function isSandboxName(name: string): boolean {
  return /^workbook-[0-9a-f]{6}$/.test(name)
}

/** What {@link whyNotRunning} says where there is no answer at all. */
export const daemonIsGone = 'the daemon does not answer any more'

/** The exit code of a process that SIGKILL has ended: 128 and 9. */
const killed = 137

/**
 * Why nothing runs in a container any more, as the end of a sentence. Undefined where it runs.
 *
 * @param execId - a session that has just ended in it. A daemon reports the end of a session that was
 * killed a moment before it reports the end of the container: then it is asked again for two seconds.
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
  // 404: it is gone already. 409: it is being removed, by itself or by somebody else.
  if (reply.status !== 404 && reply.status !== 409) readAnswer(reply, engine)
}

/** Downloads an image. The answer is one JSON object a line, for as long as it takes. */
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
      // A line for every tenth of a layer: enough to see that it moves, also in a log.
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
