/**
 * The images of an engine: the local ones that can become a sandbox, and the
 * download of one.
 *
 * @module
 */

import { readList } from '../engine/answer.ts'
import type { Engine } from '../engine/engine.ts'
import { Failure } from '../process/failure.ts'
import { messageOf } from '../stream/http.ts'

/** How many local images to try. */
const imagesToTry = 5

type ImageSummary = { readonly RepoTags?: readonly unknown[] | null; readonly Size?: number }

/**
 * Returns suitable local images: busybox and alpine first, then the smallest
 * ones.
 */
export async function localImages(engine: Engine): Promise<string[]> {
  const images = readList<ImageSummary>(await engine.request('GET', '/images/json'), engine)
  const known = ({ name }: { name: string }): number => {
    const repository = name
      .replace(/:[^:/]*$/, '')
      .split('/')
      .at(-1)
    return repository === 'busybox' ? 0 : repository === 'alpine' ? 1 : 2
  }
  return images
    .map(({ RepoTags, Size }) => ({ name: String(RepoTags?.[0] ?? ''), size: Size ?? 0 }))
    .filter(({ name }) => name !== '' && name !== '<none>:<none>')
    .sort((one, other) => known(one) - known(other) || one.size - other.size)
    .slice(0, imagesToTry)
    .map(({ name }) => name)
}

/** Whether the engine has an image. */
export async function isLocal(engine: Engine, image: string): Promise<boolean> {
  const path = `/images/${image.split('/').map(encodeURIComponent).join('/')}/json`
  return (await engine.request('GET', path)).status === 200
}

/**
 * Downloads an image. The daemon streams one JSON object per line.
 *
 * @param progress - receives a line for each tenth of a layer
 * @throws a {@link Failure} with the daemon's reason
 */
export async function pull(
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
      const { id, status, error, progressDetail } = readProgress(line)
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

/** Parses a line of the stream. A line that is no object says nothing. */
function readProgress(line: string): PullProgress {
  try {
    return (JSON.parse(line) as PullProgress | null) ?? {}
  } catch {
    return {}
  }
}

type PullProgress = {
  readonly id?: string
  readonly status?: string
  readonly error?: string
  readonly progressDetail?: { readonly current?: number; readonly total?: number }
}
