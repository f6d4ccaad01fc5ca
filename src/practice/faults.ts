/**
 * What the practice daemon can do wrong on purpose. Each of these has happened to somebody with a
 * real daemon or on the way to one, and the link says where.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'
import { Refusal } from './response.ts'

/** One thing that it can do wrong. */
export type Fault = {
  /** `split-header` */
  readonly name: string
  /** What `=N` counts, and its value where nobody gives one. */
  readonly number?: { readonly of: string; readonly usual: number; readonly most: number }
  /** What the daemon does, in a sentence. */
  readonly does: string
  /** What a good client does then. */
  readonly client: string
  /** Where it was met. */
  readonly seen: string
}

const moby = 'https://github.com/moby/moby/issues/'

const streamFaults: readonly Fault[] = [
  {
    name: 'no-upgrade',
    does: 'answers 200 to the start and not 101, although the client asked to upgrade',
    client: 'refuses: from a 200 nobody can tell whether bytes may be sent',
    seen: 'https://github.com/containers/podman/issues/6913',
  },
  {
    name: 'proxy-drops-upgrade',
    does: 'stands behind a proxy that removes the Upgrade header and passes the body in chunks',
    client: 'refuses, and names a proxy as the likely reason',
    seen: 'https://github.com/haproxy/haproxy/issues/2684',
  },
  {
    name: 'early-output',
    does: 'sends the first output in one packet with the 101',
    client: 'shows every byte of it: what stands behind the head belongs to the session',
    seen: 'https://github.com/docker/docker-py/pull/1770',
  },
  {
    name: 'split-header',
    number: { of: 'the byte of the header that it cuts behind', usual: 4, most: 7 },
    does: 'sends the header of every frame in two pieces',
    client: 'waits for the rest of the header, and shows the same output as ever',
    seen: 'https://github.com/serverless/containers/issues/4',
  },
  {
    name: 'unknown-stream',
    does: 'sends a frame with the stream number 7',
    client: 'stops: these bytes are not frames, and must not reach the screen',
    seen: 'https://github.com/moby/moby/pull/41105',
  },
  {
    name: 'short-frame',
    does: 'announces a frame of 100 bytes more than there are, and ends the stream',
    client: 'shows what came, and takes how it ended from the exit code',
    seen: 'https://github.com/apocas/docker-modem/pull/1',
  },
  {
    name: 'slow-reader',
    does: 'takes what the client sends in small portions, with pauses',
    client: 'waits, and keeps no more of the input in memory than a pipe does',
    seen: 'https://github.com/moby/moby/pull/22611',
  },
  {
    name: 'slow-writer',
    does: 'sends 7 bytes, then a pause, then 7 bytes',
    client: 'shows them as they come, and the same output in the end',
    seen: 'https://github.com/apocas/dockerode/issues/592',
  },
  {
    name: 'reset',
    does: 'breaks the connection off behind the first output',
    client: 'says that the connection broke, and does not end with 0',
    seen: 'https://github.com/TritonDataCenter/sdc-docker/issues/105',
  },
  {
    name: 'silent',
    does: 'takes the start and never answers it',
    client: 'says what it waits for, and can be left with Ctrl-C',
    seen: 'https://github.com/moby/moby/issues/26883',
  },
]

const requestFaults: readonly Fault[] = [
  {
    name: 'resize-refused',
    number: { of: 'how many resizes it refuses', usual: 3, most: 100 },
    does: 'refuses the first resizes: the process is not there yet',
    client: 'tries again, up to ten times, and then says that the size is the default one',
    seen: `${moby}35407`,
  },
  {
    name: 'late-exit-code',
    number: { of: 'how many questions it answers too early', usual: 2, most: 100 },
    does: 'ends the stream before it knows the exit code',
    client: 'asks again, and ends with the right code',
    seen: `${moby}45795`,
  },
  {
    name: 'no-exit-code',
    does: 'says that the command is over and never says how',
    client: 'says that there is no exit code, and does not end with 0',
    seen: 'https://github.com/spotify/docker-client/issues/679',
  },
  {
    name: 'gone-before-inspect',
    does: 'goes away behind the stream, before it can be asked for the exit code',
    client: 'says that the daemon is gone, and ends with 255',
    seen: 'https://github.com/moby/moby/issues/34978',
  },
]

/** The requests that can be refused, and what they are called. */
const refusable = {
  create: 'a create',
  start: 'a start',
  resize: 'a resize',
  inspect: 'the question for the exit code',
} as const

/** One of the four requests about an exec. */
export type Refusable = keyof typeof refusable

const seenRefusal: Readonly<Record<Refusable, string>> = {
  create: 'https://github.com/moby/moby/issues/15487',
  start: 'https://github.com/moby/moby/issues/18054',
  resize: 'https://github.com/docker/cli/issues/1529',
  inspect: 'https://github.com/apocas/dockerode/issues/175',
}

const refusals: readonly Fault[] = (Object.keys(refusable) as Refusable[]).flatMap((request) =>
  ([404, 409, 500] as const).map((status) => ({
    name: `${request}-${status}`,
    does: `answers ${status} to ${refusable[request]}`,
    client:
      request === 'resize'
        ? 'tries again, and then goes on with the default size'
        : 'shows the daemon’s sentence, and does not end with 0',
    seen: seenRefusal[request],
  })),
)

/** All of them. */
export const faults: readonly Fault[] = [...streamFaults, ...requestFaults, ...refusals]

/** Those that are switched on, with their numbers. */
export type ActiveFaults = Map<string, number>

/** Whether a fault that happens N times happens once more. Counts down. */
export function takeFault(active: ActiveFaults, name: string): boolean {
  const left = active.get(name) ?? 0
  active.set(name, left - 1)
  return left > 0
}

/** Throws a {@link Refusal} where a fault wants this request refused. */
export function refuseIfFaulty(active: ActiveFaults, request: Refusable): void {
  for (const status of [404, 409, 500]) {
    const name = `${request}-${status}`
    if (active.has(name)) throw new Refusal(status, `the fault ${name} is switched on`)
  }
}

/**
 * Reads `split-header=3`.
 *
 * @throws a {@link Failure} for a name or a number that there is not
 */
export function parseFaults(words: readonly string[]): ActiveFaults {
  return new Map(words.map(parseFault))
}

function parseFault(word: string): [string, number] {
  const [name = '', value] = word.split('=')
  const fault = faults.find((each) => each.name === name)
  const hint = 'npm run chapter -- --fault list names them all.'
  if (!fault) throw new Failure(`there is no fault "${name}"`, 125, hint)
  const { number } = fault
  if (value === undefined) return [name, number?.usual ?? 1]
  if (!number) throw new Failure(`the fault ${name} takes no number`, 125, hint)
  const count = Number(value)
  if (Number.isInteger(count) && count >= 1 && count <= number.most) return [name, count]
  const range = `from 1 to ${number.most}`
  throw new Failure(`${name}=${value}: it takes a number ${range}, ${number.of}`, 125)
}

/** The list that `--fault list` prints, 80 columns wide at most where names and links allow. */
export function describeFaults(): string {
  return faults
    .map(({ name, number, does, client, seen }) => {
      const title = number ? `${name}[=N]   N: ${number.of}, ${number.usual} if not given` : name
      return `${title}\n    it ${does}\n    a good client ${client}\n    ${seen}\n`
    })
    .join('')
}
