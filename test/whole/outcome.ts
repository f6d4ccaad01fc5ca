/**
 * Runs a case through a client, and compares the outcomes of two clients.
 *
 * @module
 */

import { join } from 'node:path'
import type { Container } from '../support/engine.ts'
import { type RecordedRequest, type RecordingProxy, startProxy } from '../support/proxy.ts'
import { openTerminal } from '../support/pty.ts'
import { run, start } from '../support/run.ts'
import type { Case, Place } from './cases/case.ts'

/** A client: the command that starts it, without arguments. */
export type Client = {
  readonly name: string
  readonly command: readonly [string, ...string[]]
  readonly cwd: string
}

/** The observable outcome of a run: the bytes of each aspect, by name. */
export type Outcome = Readonly<Record<string, Buffer>>

/** The place where a case runs. */
export type Stage = Place & { readonly host: string; readonly container: Container }

/**
 * The variables of the test runner that a client needs. It gets no others.
 */
const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG']

/** Runs a case through a client. */
export async function runCase(theCase: Case, client: Client, stage: Stage): Promise<Outcome> {
  const proxy = theCase.wire || theCase.cut ? await startProxy(stage.host) : undefined
  if (theCase.cut && proxy) {
    const { after, daemon } = theCase.cut
    proxy.cutAfter(after, 'end', ...(daemon === 'gone' ? (['stop'] as const) : []))
  }
  try {
    const env = environmentOf(theCase, stage, proxy?.host ?? stage.host)
    const outcome = theCase.terminal
      ? await runInTerminal(theCase, client, stage, env)
      : await runInPipes(theCase, client, stage, env)
    return {
      ...outcome,
      ...(theCase.afterwards && { afterwards: await lookInside(theCase.afterwards, stage) }),
      ...(theCase.wire && proxy && { wire: describeWire(proxy, client, env) }),
    }
  } finally {
    await proxy?.stop()
  }
}

function environmentOf(
  theCase: Case,
  stage: Stage,
  host: string,
): Record<string, string | undefined> {
  const nothing = Object.keys(process.env)
    .filter((name) => !inherited.includes(name))
    .map((name) => [name, undefined] as const)
  const bin = join(process.cwd(), 'node_modules', '.bin')
  const own = typeof theCase.env === 'function' ? theCase.env(stage) : theCase.env
  return {
    ...Object.fromEntries(nothing),
    PATH: `${bin}:${process.env.PATH}`,
    DOCKER_HOST: host,
    DOCKER_CONFIG: join(stage.folder, 'empty'),
    ...own,
  }
}

function wordsOf(theCase: Case, client: Client, stage: Stage): [string, ...string[]] {
  const given = typeof theCase.args === 'function' ? theCase.args(stage) : theCase.args
  const args = given.map((word) => (word === 'BOX' ? stage.container.name : word))
  const words: [string, ...string[]] = [...client.command, ...args]
  return theCase.shell ? ['sh', '-c', theCase.shell, 'sh', ...words] : words
}

async function runInPipes(
  theCase: Case,
  client: Client,
  stage: Stage,
  env: Record<string, string | undefined>,
): Promise<Outcome> {
  const [command, ...args] = wordsOf(theCase, client, stage)
  const stdin = typeof theCase.stdin === 'function' ? theCase.stdin(stage) : theCase.stdin
  const running = start(command, args, {
    env,
    cwd: client.cwd,
    ...(stdin !== undefined && { stdin }),
  })
  try {
    await theCase.during?.(running)
    const { stdout, stderr, code, signal } = await running.ended
    return { stdout, stderr, 'exit code': Buffer.from(String(code ?? signal)) }
  } finally {
    await running.stop()
  }
}

async function runInTerminal(
  theCase: Case,
  client: Client,
  stage: Stage,
  env: Record<string, string | undefined>,
): Promise<Outcome> {
  const [command, ...args] = wordsOf(theCase, client, stage)
  const terminal = openTerminal(command, args, { env, cwd: client.cwd, ...theCase.window })
  try {
    await theCase.terminal?.(terminal)
    const { screen, code, modesBefore, modesAfter } = await terminal.ended
    return {
      screen,
      'exit code': Buffer.from(String(code)),
      'modes before': Buffer.from(modesBefore),
      'modes after': Buffer.from(modesAfter),
    }
  } finally {
    await terminal.stop()
  }
}

/** Inspects the container, in the same way for each client. */
async function lookInside(text: string, { host, container }: Stage): Promise<Buffer> {
  const args = ['exec', container.name, 'sh', '-c', text]
  const { stdout, stderr } = await run('docker', args, { env: { DOCKER_HOST: host } })
  return Buffer.concat([stdout, stderr])
}

/**
 * Returns the requests that the daemon received, one per line. A client is
 * free in its connections and in how it queries the daemon, but not in the
 * changes that it makes.
 */
function describeWire(
  { requests }: RecordingProxy,
  { name }: Client,
  env: Record<string, string | undefined>,
): Buffer {
  // Each client uses the newest API version that it supports, unless the case
  // sets one.
  const isFixed = env.DOCKER_API_VERSION !== undefined
  const describe = ({ method, path, headers, body }: RecordedRequest): string => {
    const marked = headers.filter((header) => /^(x-meta|content-type|upgrade):/i.test(header))
    const agent = headers.find((header) => /^user-agent:/i.test(header))
    const isOwn = agent !== undefined && !agent.includes('somebody else')
    // Go writes < as \u003c and we don't. The value is the same.
    const value = body === '' ? '' : JSON.stringify(JSON.parse(body))
    const known = marked.map((header) => header.toLowerCase()).sort()
    return [
      `${method} ${isFixed ? path : path.replace(/^\/v\d+\.\d+/, '')}`,
      ...known,
      isOwn ? 'an agent of its own' : `${name}: ${agent}`,
      value,
    ]
      .join('\n')
      .replaceAll(/\/exec\/[0-9a-f]{64}\//g, '/exec/ID/')
  }
  return Buffer.from(
    requests
      .filter(({ method }) => method === 'POST')
      .map(describe)
      .join('\n'),
  )
}

/**
 * Podman prints this about its own socket if it loses a race, also for docker.
 */
const podmanRace =
  /Error: (?:read|write) unixpacket [\x20-\x7e]* (?:read|write): connection reset by peer\r?\n/g

/**
 * Replaces a container's name and ID with `BOX` and `ID`, and removes what
 * Podman sometimes says about its own socket.
 */
export function forgetContainer(outcome: Outcome, { id, name }: Container): Outcome {
  return mapOutcome(outcome, (all) => {
    const isRaced = all.includes(' unixpacket ')
    const bytes = isRaced
      ? Buffer.from(all.toString('latin1').replaceAll(podmanRace, ''), 'latin1')
      : all
    if (!bytes.includes(name) && !bytes.includes(id.slice(0, 12))) return bytes
    const text = bytes.toString('latin1')
    const anonymous = text.replaceAll(name, 'BOX').replaceAll(id, 'ID')
    return Buffer.from(anonymous.replaceAll(id.slice(0, 12), 'ID'), 'latin1')
  })
}

/**
 * Replaces docker's name with ours, and removes its other names: the
 * paragraph of its help that begins with `Aliases:`.
 */
export function translateName(outcome: Outcome): Outcome {
  return mapOutcome(outcome, (bytes) => {
    const ours = bytes
      .toString('latin1')
      .replace(/^docker: /, 'exec: ')
      .replace(/^Aliases:\n.*\n\n/m, '')
      .replaceAll('docker exec', 'npm run exec --')
    return Buffer.from(ours, 'latin1')
  })
}

function mapOutcome(outcome: Outcome, change: (bytes: Buffer) => Buffer): Outcome {
  return Object.fromEntries(
    Object.entries(outcome).map(([aspect, bytes]) => [aspect, change(bytes)]),
  )
}

/**
 * Describes each aspect in which two outcomes differ, and where. Empty if
 * they are equal.
 */
export function differences(expected: Outcome, actual: Outcome): readonly string[] {
  return Object.entries(expected).flatMap(([aspect, bytes]) => {
    const other = actual[aspect] ?? Buffer.alloc(0)
    if (bytes.equals(other)) return []
    const at = bytes.findIndex((byte, index) => byte !== other[index])
    const parting = at < 0 ? bytes.length : at
    return [
      `${aspect} differs at byte ${parting}:\n` +
        `  docker (${bytes.length} bytes): ${excerpt(bytes, parting)}\n` +
        `  ours   (${other.length} bytes): ${excerpt(other, parting)}`,
    ]
  })
}

function excerpt(bytes: Buffer, parting: number): string {
  const from = bytes.length < 2000 ? 0 : Math.max(0, parting - 40)
  return JSON.stringify(bytes.subarray(from, from + 2000).toString())
}
