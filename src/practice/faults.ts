/**
 * Faults that the practice daemon can be told to have. Each one has been seen
 * with a real daemon or with a proxy in front of one; the link says where.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'
import { hangingLines } from '../text/width.ts'
import { Refusal } from './response.ts'

/** A fault. */
export type Fault = {
  /** `split-header` */
  readonly name: string
  /** What `=N` means, its default and its maximum. */
  readonly number?: { readonly of: string; readonly usual: number; readonly most: number }
  /** What the daemon does, as the end of a sentence. */
  readonly does: string
  /** What a good client does, as the end of a sentence. */
  readonly client: string
  /** A link to a report of it. */
  readonly reportedAt: string
}

const moby = 'https://github.com/moby/moby/issues/'

const streamFaults: readonly Fault[] = [
  {
    name: 'no-upgrade',
    does: 'answers the start with 200 instead of 101, although the client asked for an upgrade',
    client: 'rejects it: after a 200 it cannot tell whether it may send bytes',
    reportedAt: 'https://github.com/containers/podman/issues/6913',
  },
  {
    name: 'proxy-drops-upgrade',
    does: 'sits behind a proxy that removes the Upgrade header and sends the body in chunks',
    client: 'rejects the answer, and names a proxy as the likely cause',
    reportedAt: 'https://github.com/haproxy/haproxy/issues/2684',
  },
  {
    name: 'early-output',
    does: 'sends the first output in the same packet as the 101',
    client: 'shows every byte of it: everything after the blank line belongs to the session',
    reportedAt: 'https://github.com/docker/docker-py/pull/1770',
  },
  {
    name: 'split-header',
    number: { of: 'the number of header bytes before the split', usual: 4, most: 7 },
    does: 'sends the header of every frame in two parts',
    client: 'waits for the rest of the header, and shows the same output as usual',
    reportedAt: 'https://github.com/serverless/containers/issues/4',
  },
  {
    name: 'unknown-stream',
    does: 'sends a frame with stream number 7',
    client: 'stops: these bytes are not frames, and must not reach the screen',
    reportedAt: 'https://github.com/moby/moby/pull/41105',
  },
  {
    name: 'short-frame',
    does: 'announces 100 bytes more than the frame has, and ends the stream',
    client: 'shows the bytes that arrived, and relies on the exit code for the result',
    reportedAt: 'https://github.com/apocas/docker-modem/pull/1',
  },
  {
    name: 'slow-reader',
    does: 'reads the client’s input in small portions, with pauses',
    client: 'waits, and buffers no more input in memory than a pipe does',
    reportedAt: 'https://github.com/moby/moby/pull/22611',
  },
  {
    name: 'slow-writer',
    does: 'sends 7 bytes at a time, with a pause after each',
    client: 'shows them as they arrive, and the complete output in the end',
    reportedAt: 'https://github.com/apocas/dockerode/issues/592',
  },
  {
    name: 'reset',
    does: 'resets the connection after the first output',
    client: 'reports the broken connection, and does not exit with 0',
    reportedAt: 'https://github.com/TritonDataCenter/sdc-docker/issues/105',
  },
  {
    name: 'silent',
    does: 'accepts the start and never answers it',
    client: 'says what it is waiting for, and exits on Ctrl-C',
    reportedAt: 'https://github.com/moby/moby/issues/26883',
  },
]

const requestFaults: readonly Fault[] = [
  {
    name: 'resize-refused',
    number: { of: 'how many resizes it refuses', usual: 3, most: 100 },
    does: 'refuses the first resizes, as if the process did not exist yet',
    client: 'retries up to ten times, and then says that the command keeps the default size',
    reportedAt: `${moby}35407`,
  },
  {
    name: 'late-exit-code',
    number: { of: 'how many inspects it answers too early', usual: 2, most: 100 },
    does: 'ends the stream before it knows the exit code',
    client: 'inspects again, and exits with the right code',
    reportedAt: `${moby}45795`,
  },
  {
    name: 'no-exit-code',
    does: 'reports that the command has exited, but never its exit code',
    client: 'says that the exit code is missing, and does not exit with 0',
    reportedAt: 'https://github.com/spotify/docker-client/issues/679',
  },
  {
    name: 'gone-before-inspect',
    does: 'closes all connections after the stream, before an inspect can ask for the exit code',
    client: 'says that the daemon is gone, and exits with 255',
    reportedAt: 'https://github.com/moby/moby/issues/34978',
  },
]

/** The requests that a fault can refuse, and their names in a sentence. */
const requestNames = {
  create: 'a create',
  start: 'a start',
  resize: 'a resize',
  inspect: 'the inspect that asks for the exit code',
} as const

/** One of the four requests about an exec. */
export type RefusableRequest = keyof typeof requestNames

const refusalReports: Readonly<Record<RefusableRequest, string>> = {
  create: 'https://github.com/moby/moby/issues/15487',
  start: 'https://github.com/moby/moby/issues/18054',
  resize: 'https://github.com/docker/cli/issues/1529',
  inspect: 'https://github.com/apocas/dockerode/issues/175',
}

const refusals: readonly Fault[] = (Object.keys(requestNames) as RefusableRequest[]).flatMap(
  (request) =>
    ([404, 409, 500] as const).map((status) => ({
      name: `${request}-${status}`,
      does: `answers ${requestNames[request]} with ${status}`,
      client:
        request === 'resize'
          ? 'retries, and then continues with the default size'
          : 'shows the daemon’s message, and does not exit with 0',
      reportedAt: refusalReports[request],
    })),
)

/** All faults. */
export const faults: readonly Fault[] = [...streamFaults, ...requestFaults, ...refusals]

/** The active faults, with their numbers. */
export type ActiveFaults = Map<string, number>

/**
 * Counts down a fault that happens N times. Returns whether it happens now.
 */
export function takeFault(active: ActiveFaults, name: string): boolean {
  const left = active.get(name) ?? 0
  active.set(name, left - 1)
  return left > 0
}

/** Throws a {@link Refusal} if a fault refuses this request. */
export function refuseIfFaulty(active: ActiveFaults, request: RefusableRequest): void {
  for (const status of [404, 409, 500]) {
    const name = `${request}-${status}`
    if (active.has(name)) throw new Refusal(status, `the fault ${name} is active`)
  }
}

/**
 * Parses faults such as `split-header=3`.
 *
 * @throws a {@link Failure} for an unknown name or an invalid number
 */
export function parseFaults(words: readonly string[]): ActiveFaults {
  return new Map(words.map(parseFault))
}

function parseFault(word: string): [string, number] {
  const [name = '', value] = word.split('=')
  const fault = faults.find((each) => each.name === name)
  const hint = 'npm run chapter -- --fault list shows all faults.'
  if (!fault) throw new Failure(`unknown fault "${name}"`, 125, hint)
  const { number } = fault
  if (value === undefined) return [name, number?.usual ?? 1]
  if (!number) throw new Failure(`the fault ${name} does not take a number`, 125, hint)
  const count = Number(value)
  if (Number.isInteger(count) && count >= 1 && count <= number.most) return [name, count]
  const range = `from 1 to ${number.most}`
  throw new Failure(`${name}=${value}: N must be ${range} (${number.of})`, 125)
}

/** Returns the list that `--fault list` prints, in lines of 80 columns. */
export function describeFaults(): string {
  const indented = (text: string): string => hangingLines('    ', text, 80).join('\n')
  return faults
    .map(({ name, number, does, client, reportedAt }) => {
      const title = number ? `${name}[=N]   N: ${number.of}, by default ${number.usual}` : name
      const lines = [title, indented(`it ${does}`), indented(`a good client ${client}`)]
      return `${[...lines, `    ${reportedAt}`].join('\n')}\n`
    })
    .join('')
}
