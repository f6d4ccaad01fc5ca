/**
 * Makes the sandbox that a chapter would make, and removes it.
 *
 * @module
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Held, Scope } from '../course/scope.ts'
import { containerPath } from '../engine/answer.ts'
import type { Engine } from '../engine/engine.ts'
import { createSandbox, type Sandbox } from '../find/sandbox.ts'
import { Failure } from '../process/failure.ts'
import type { FailureName } from './failures.ts'
import type { Watcher } from './finding.ts'
import { within } from './time-limit.ts'

/** How long it may take to make and to remove a container, in seconds. A download takes longer. */
const patience = 60
const pullPatience = 600

/** How often we look whether a container that is being removed is gone, and how long we wait each time. */
const looks = 20
const lookEvery = 100

/** What is said about the image. */
export type ImageChoice = {
  /** The value of `--image`. */
  readonly image: string | undefined
  /** Whether one may be downloaded. */
  readonly pull: boolean
}

/** Makes it. It is held in `scope`. Undefined where it cannot be made. */
export async function examineSandbox(
  engine: Engine,
  { image, pull }: ImageChoice,
  scope: Scope,
  watcher: Watcher,
): Promise<Held<Sandbox> | undefined> {
  watcher.trying('a sandbox')
  let isMissing = false
  const choice = {
    ...(image !== undefined && { image }),
    mayPull: async (wanted: string) => {
      isMissing = true
      if (pull) watcher.progress(`downloading ${wanted}`)
      return pull
    },
    progress: watcher.progress,
  }
  const making = createSandbox(engine, choice, scope)
  try {
    const limit = pull ? pullPatience : patience
    const held = await within(limit, making, (late) => void late.release().catch(() => {}))
    const { value: sandbox } = held
    watcher.tell({
      about: 'image',
      status: 'ok',
      saw: isMissing ? `${sandbox.image}, downloaded` : `${sandbox.image}, which is here`,
      shared: publicImage(sandbox.image),
    })
    watcher.tell({ about: 'sandbox', status: 'ok', saw: `${sandbox.name} runs` })
    return held
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const failure = failureOf(error, isMissing, image)
    watcher.tell({
      about: failure === 'sandbox-refused' ? 'sandbox' : 'image',
      status: 'problem',
      saw: error.message,
      shared: 'there is none',
      failure,
    })
    return undefined
  }
}

function failureOf(error: Failure, isMissing: boolean, image: string | undefined): FailureName {
  if (/^cannot pull /.test(error.message)) return 'pull-failed'
  if (/has no shell to make/.test(error.message)) return 'image-without-shell'
  if (isMissing) return image === undefined ? 'no-image' : 'image-not-there'
  return 'sandbox-refused'
}

/** The name of an image tells of a registry and of a company. The two that everybody has do not. */
function publicImage(name: string): string {
  return /^(busybox|alpine)(:[\w.-]+)?$/.test(name) ? name : 'an image with a shell'
}

/** Removes it, and looks whether it is gone. */
export async function removeSandbox(
  engine: Engine,
  sandbox: Held<Sandbox>,
  { tell }: Watcher,
): Promise<void> {
  const about = 'sandbox'
  try {
    await within(patience, sandbox.release())
    await within(patience, untilGone(engine, sandbox.value.name))
    tell({ about, status: 'ok', saw: 'removed, and the daemon knows it no more' })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    tell({
      about,
      status: 'problem',
      saw: `${sandbox.value.name}: ${error.message}`,
      shared: 'it is still there',
      failure: 'sandbox-left',
    })
  }
}

/** A daemon may answer before a container is gone. */
async function untilGone(engine: Engine, name: string): Promise<void> {
  for (let look = 0; look < looks; look += 1) {
    const reply = await engine.request('GET', `${containerPath(name)}/json`)
    if (reply.status === 404) return
    await wait(lookEvery)
  }
  throw new Failure('the daemon still knows it')
}
