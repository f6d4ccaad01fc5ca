/**
 * Types the lines of a run into a shell, and reads what they print.
 *
 * @module
 */

import { join } from 'node:path'
import { type Reproduction, reproductionOf } from '../../src/site/reproduce.ts'
import type { Tape } from '../../src/tape/event.ts'
import { readTape } from '../../src/tape/read.ts'
import { shownContainerId, shownExecId } from '../prose/normalise.ts'
import { call } from '../support/api.ts'
import { findOnPath } from '../support/image.ts'
import { run } from '../support/run.ts'
import { root } from '../support/scripts.ts'

/** A daemon on a Unix socket, and a container on it. */
export type Target = { readonly host: string; readonly container: string }

/** Why the lines can't be typed here. Undefined if they can. */
export function obstacleFor(host: string): string | undefined {
  if (!host.startsWith('unix://')) return `the lines need a Unix socket, and this is ${host}`
  const missing = ['curl', 'od', 'sed', 'tee'].filter((command) => !findOnPath(command))
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined
}

/** Reads a tape of `docs/tapes/`. */
export function tapeNamed(name: string): Tape {
  return readTape(join(root, 'docs', 'tapes', `${name}.tape`))
}

/** Returns what a reader of this tape is told to type, in the order of the run. */
export function reproductionsOf({ events }: Tape): Reproduction[] {
  return events.flatMap((event) => reproductionOf(events, event) ?? [])
}

/** What a line printed, and the exec ID that the shell then has. */
export type Typed = { readonly printed: string; readonly execId: string }

const [begins, ends] = ['=== the line begins', '=== the line ended']

/** Types the lines that a reproduction needs, and then its own. */
export async function typeLines(
  { host, container }: Target,
  { before, line }: Reproduction,
  shell = 'sh',
): Promise<Typed> {
  const script = [
    ...before.map((step) => step.line),
    `echo; echo '${begins}'`,
    line,
    `echo; echo '${ends}'`,
    'echo "$ID"',
    'wait',
  ].join('\n')
  const onContainer = script.replaceAll('/containers/box/', `/containers/${container}/`)
  // The outputs of our children are sockets, which a shell can't open as
  // /dev/stderr.
  const { stdout } = await run('sh', ['-c', '"$0" -c "$1" 2>&1 | cat', shell, onContainer], {
    env: { DOCKER_HOST: host },
  })
  const output = stdout.toString()
  const [printed = '', rest = ''] = (output.split(`\n${begins}\n`)[1] ?? '').split(`\n${ends}\n`)
  return { printed, execId: rest.split('\n')[0] ?? '' }
}

/** Parses the head and the body of an answer, behind the new exec ID. */
export function answerIn(printed: string): {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
} {
  const answer = printed.slice(Math.max(0, printed.indexOf('HTTP/')))
  const [head = '', ...body] = answer.replaceAll('\r\n', '\n').split('\n\n')
  const [first = '', ...lines] = head.split('\n')
  const headers = lines.map((line) => {
    const [name = '', ...value] = line.split(': ')
    return [name.toLowerCase(), value.join(': ')] as const
  })
  return {
    status: Number(first.split(' ')[1]),
    headers: new Map(headers),
    body: body.join('\n\n'),
  }
}

/** Parses the bytes that `od -A d -t x1c` printed. */
export function bytesInDump(printed: string): Buffer {
  const rows = printed
    .split('\n')
    .flatMap((line) => /^\d+((?: +[0-9a-f]{2})+)$/.exec(line)?.[1] ?? [])
  return Buffer.from(rows.join('').replaceAll(' ', ''), 'hex')
}

/** How much of the long answer about a container the page shows. */
const shownLength = 100

/** Replaces what differs from run to run in what a line printed. */
export function normalised(printed: string, containerId: string): string {
  const text = printed
    .replaceAll('\r\n', '\n')
    .replaceAll(containerId, shownContainerId)
    .replaceAll(/\b(?!0b1a6d43c2f7)[0-9a-f]{64}\b/g, shownExecId)
    .replaceAll(/^Date: .*$/gm, 'Date: Sun, 25 Oct 2015 12:00:00 GMT')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, '2015-10-25T12:00:00.000000000Z')
    .replaceAll(/"Pid":\d+/g, '"Pid":…')
    .trimEnd()
  return text.replaceAll(
    /^(\{"Id":"[0-9a-f]{64}",.*)$/gm,
    (body) => `${body.slice(0, shownLength)}…`,
  )
}

/** Returns the ID of the container, and the daemon: `dockerd 28.5.2`. */
export async function factsOf({ host, container }: Target): Promise<{
  readonly containerId: string
  readonly daemon: string
}> {
  const [inspected, version] = await Promise.all([
    call(host, 'GET', `/containers/${container}/json`),
    call(host, 'GET', '/version'),
  ])
  const { Id } = JSON.parse(inspected.body) as { Id: string }
  const { Version } = JSON.parse(version.body) as { Version: string }
  return { containerId: Id, daemon: `dockerd ${/^[\d.]+/.exec(Version)?.[0]}` }
}
