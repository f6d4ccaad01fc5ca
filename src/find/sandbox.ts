/**
 * A container of our own, for a learner who names none.
 *
 * It is confined, because many learners may share one engine: a fork bomb or
 * a full disk in one sandbox must not hurt the others. Labels say whose it
 * is. It is removed when the walk ends. If that fails, the next walk removes
 * it, and otherwise it ends on its own after a few hours.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import type { Held, Scope } from '../course/scope.ts'
import { checkAnswer, containerPath, type Reply, readAnswer, readList } from '../engine/answer.ts'
import type { Engine } from '../engine/engine.ts'
import type { ExecState } from '../exec/exec.ts'
import { Failure } from '../process/failure.ts'
import { userName } from '../process/learner.ts'
import { messageOf } from '../stream/http.ts'
import { isLocal, localImages, pull } from './images.ts'

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

const mebibyte = 2 ** 20

/**
 * What a sandbox may do, on every engine. Nothing can be written except to
 * `/tmp`, `/root` and `/dev`, which are in memory. Without a log driver,
 * nothing that a command writes to the output of process 1 reaches the disk.
 */
const confinement = {
  NetworkMode: 'none',
  AutoRemove: true,
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  ReadonlyRootfs: true,
  Tmpfs: { '/tmp': 'rw,size=64m', '/root': 'rw,size=64m' },
  LogConfig: { Type: 'none' },
} as const

/** Equal values for both kinds of memory mean no swap. */
const memoryAndProcesses = {
  Memory: 256 * mebibyte,
  MemorySwap: 256 * mebibyte,
  PidsLimit: 256,
} as const

/**
 * What a sandbox may use, from strict to none. An engine that does not run as
 * root, or runs inside a container, may be unable to limit the CPU or
 * anything.
 */
const limits = [{ ...memoryAndProcesses, NanoCpus: 1_000_000_000 }, memoryAndProcesses, {}] as const

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
    const sandbox = await tryImage(engine, image, scope, options.progress)
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
  const sandbox = await tryImage(engine, image, scope, options.progress)
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
  const found = readList<{ Id?: string; Labels?: Record<string, string> }>(
    await engine.request('GET', path),
    engine,
  )
  for (const { Id = '', Labels = {} } of found) {
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

/**
 * Creates and starts a container. Undefined if the image does not exist or
 * has no shell.
 *
 * If the engine refuses or ignores a limit, we go on without it and say so.
 */
async function tryImage(
  engine: Engine,
  image: string,
  scope: Pick<Scope, 'hold'>,
  progress: (line: string) => void,
): Promise<Held<Sandbox> | undefined> {
  let refusal: Reply | undefined
  for (const limit of limits) {
    const started = await startContainer(engine, image, { ...confinement, ...limit }, scope)
    if ('value' in started) {
      const missing = await missingLimits(engine, started.value.name)
      const reason = refusal ? messageOf(refusal) : 'the engine ignored it'
      if (missing) progress(`The sandbox runs without a limit on ${missing}: ${reason}`)
      return started
    }
    if (lacksShell(started)) return undefined
    refusal ??= started
  }
  if (refusal) checkAnswer(refusal, engine)
  return undefined
}

/**
 * Returns the limits that a container does not have: `memory, processes`.
 *
 * Rootless Podman on cgroups v1 drops all limits without a warning, so only
 * the container itself tells.
 */
async function missingLimits(engine: Engine, name: string): Promise<string> {
  const reply = await engine.request('GET', `${containerPath(name)}/json`)
  // A signal may have removed it.
  if (reply.status === 404) return ''
  const { HostConfig } = readAnswer<{ HostConfig?: Partial<(typeof limits)[0]> }>(reply, engine)
  const names = { Memory: 'memory', PidsLimit: 'processes', NanoCpus: 'the CPU' } as const
  return Object.entries(names)
    .filter(([field]) => !HostConfig?.[field as keyof typeof names])
    .map(([, words]) => words)
    .join(', ')
}

/** The daemon's ways to say that there is no such image, or no `sh` in it. */
function lacksShell({ status, body }: Reply): boolean {
  return status === 404 || /executable file not found|no such file/.test(messageOf({ body }))
}

/**
 * Creates and starts a container, or returns the daemon's refusal.
 *
 * We choose the name, so the scope can hold the container before it exists: a
 * signal may come while the daemon creates it. The release waits for the
 * daemon's answer first, because removing a container while it starts keeps
 * some daemons busy for half a minute.
 */
async function startContainer(
  engine: Engine,
  image: string,
  hostConfig: object,
  scope: Pick<Scope, 'hold'>,
): Promise<Held<Sandbox> | Reply> {
  const name = sandboxName()
  let pending: Promise<Reply> = engine.request('POST', `/containers/create?name=${name}`, {
    Image: image,
    Entrypoint: ['sh', '-c', `sleep ${lifetime}`],
    Cmd: [],
    // Even with the network mode none, dockerd prepares a network otherwise,
    // which takes a third of the start.
    NetworkDisabled: true,
    Labels: {
      [label]: 'sandbox',
      [`${label}.owner`]: owner(),
      [`${label}.boot`]: boot(),
      [`${label}.pid`]: String(process.pid),
    },
    HostConfig: hostConfig,
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
    return created
  }
  // If the sandbox was released meanwhile, don't start it.
  pending = held.isLive() ? engine.request('POST', `${containerPath(name)}/start`) : pending
  const started = await pending
  if (started.status < 300) return held
  await held.release()
  return started
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
    return readAnswer<{ State?: { Running?: boolean } }>(reply, engine).State?.Running ?? false
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
  if (reply.status !== 404 && reply.status !== 409) checkAnswer(reply, engine)
}
