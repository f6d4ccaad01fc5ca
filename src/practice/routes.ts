/**
 * The practice daemon's endpoints, one function each.
 *
 * @module
 */

import { setTimeout as wait } from 'node:timers/promises'
import { execOptions } from './body.ts'
import { checkContainer, describeContainer, listContainer } from './container.ts'
import { createExec, describeExec, keepExec } from './execs.ts'
import { refuseIfFaulty, takeFault } from './faults.ts'
import { type Call, type Daemon, findExec, isAtLeast } from './practice-daemon.ts'
import { type Answer, apiVersions, ostype, practiceVersion, Refusal } from './response.ts'
import { start } from './start.ts'

/** An endpoint: the requests that it handles, and its handler. */
type Endpoint = {
  readonly methods: readonly string[]
  readonly path: RegExp
  readonly answer: (call: Call) => Answer | 'taken' | Promise<Answer | 'taken'>
}

const endpoints: readonly Endpoint[] = [
  { methods: ['GET', 'HEAD'], path: /^\/_ping$/, answer: ping },
  { methods: ['GET'], path: /^\/version$/, answer: version },
  { methods: ['GET'], path: /^\/events$/, answer: sendEvents },
  { methods: ['GET'], path: /^\/containers\/json$/, answer: list },
  { methods: ['GET'], path: /^\/containers\/(.+)\/json$/s, answer: inspectContainer },
  { methods: ['POST'], path: /^\/containers\/(.+)\/exec$/s, answer: create },
  { methods: ['POST'], path: /^\/exec\/(.+)\/start$/s, answer: start },
  { methods: ['POST'], path: /^\/exec\/(.+)\/resize$/s, answer: resize },
  { methods: ['GET'], path: /^\/exec\/(.+)\/json$/s, answer: inspect },
]

/** How long a resize waits for the exec's process, in milliseconds. */
const resizeTimeout = 10_000

/**
 * Handles a request.
 *
 * @returns `taken` if a stream has taken over the connection
 * @throws a {@link Refusal}
 */
export async function route(
  call: Omit<Call, 'name' | 'query' | 'apiVersion'>,
): Promise<Answer | 'taken'> {
  const { method, target } = call.request
  const [raw = '', query = ''] = target.split('?', 2)
  const [, requestedVersion, path = ''] = /^(?:\/v([0-9.]+))?(\/.*)$/.exec(raw) ?? []
  const endpoint = endpoints.find((each) => each.methods.includes(method) && each.path.test(path))
  if (!endpoint) throw new Refusal(404, notFoundMessage(path))
  if (requestedVersion !== undefined) checkVersion(requestedVersion)
  return endpoint.answer({
    ...call,
    name: decode(endpoint.path.exec(path)?.[1] ?? ''),
    query: new URLSearchParams(query),
    apiVersion: requestedVersion ?? apiVersions.newest,
  })
}

/**
 * Paths that Docker has and the practice daemon does not. Other docker
 * commands use them.
 */
const unsupportedPaths =
  /^\/(images|info|system|build|volumes|networks|(containers\/(create|.+\/(?!json$|exec$)[^/]+)))(\/|$)/

function notFoundMessage(path: string): string {
  return unsupportedPaths.test(path)
    ? 'the practice daemon has only one container, practice, and supports only docker ps, inspect and exec'
    : 'page not found'
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    throw new Refusal(400, `a percent sign in ${name} must be followed by two hex digits of UTF-8`)
  }
}

function checkVersion(version: string): void {
  const { newest, oldest } = apiVersions
  if (!isAtLeast(version, oldest)) {
    const reason = `client version ${version} is too old. Minimum supported API version is ${oldest}`
    throw new Refusal(400, `${reason}, please upgrade your client to a newer version`)
  }
  if (!isAtLeast(newest, version)) {
    const reason = `client version ${version} is too new`
    throw new Refusal(400, `${reason}. Maximum supported API version is ${newest}`)
  }
}

function ping({ request }: Call): Answer {
  const headers = {
    'Builder-Version': '2',
    'Cache-Control': 'no-cache, no-store, must-revalidate',
    Pragma: 'no-cache',
    Swarm: 'inactive',
  }
  return { status: 200, body: request.method === 'HEAD' ? '' : 'OK', headers }
}

function version(): Answer {
  const Details = { ApiVersion: apiVersions.newest, MinAPIVersion: apiVersions.oldest }
  const body = {
    Platform: { Name: 'Practice daemon of the docker exec workbook' },
    Components: [{ Name: 'Engine', Version: practiceVersion, Details }],
    Version: practiceVersion,
    ...Details,
    GitCommit: '',
    GoVersion: '',
    Os: ostype,
    Arch: process.arch === 'x64' ? 'amd64' : process.arch,
    KernelVersion: '',
    BuildTime: '',
  }
  return { status: 200, body }
}

function sendEvents({ daemon, socket, reader, query }: Call): 'taken' {
  daemon.events.send(socket, query, reader.stop)
  return 'taken'
}

function list({ daemon, query }: Call): Answer {
  // The workbook finds its sandboxes by their label. This container has no
  // labels.
  const isFiltered = query.get('filters')?.includes('"label"')
  return { status: 200, body: isFiltered ? [] : [listContainer(daemon.container)] }
}

function inspectContainer({ daemon, name }: Call): Answer {
  checkContainer(daemon.container, name)
  // Docker lists execs until they end, including those never started.
  const waiting = [...daemon.execs.values()].filter(({ exitCode }) => exitCode === null)
  const ids = waiting.map(({ id }) => id)
  return { status: 200, body: describeContainer(daemon.container, ids) }
}

function create({ daemon, request, name, apiVersion }: Call): Answer {
  const options = execOptions(request)
  if (options.Cmd.length === 0) throw new Refusal(400, 'No exec command specified')
  checkContainer(daemon.container, name)
  refuseIfFaulty(daemon.faults, 'create')
  if (options.Tty && !daemon.hasTerminals) {
    const reason = 'the practice daemon has no pseudo-terminals on this system'
    const fix = 'leave out -t (for npm run chapter: add --no-tty), or use a real engine'
    throw new Refusal(400, `${reason}: ${fix}`)
  }
  const supportsSize = options.Tty && isAtLeast(apiVersion, '1.42')
  const exec = createExec(supportsSize ? options : { ...options, ConsoleSize: undefined })
  keepExec(daemon.execs, exec)
  const [command, ...args] = options.Cmd
  daemon.events.add(`exec_create: ${command} ${args.join(' ')}`, { execID: exec.id })
  return { status: 201, body: { Id: exec.id } }
}

async function resize({ daemon, name, query }: Call): Promise<Answer> {
  const height = readSize(query.get('h'), 'height')
  const width = readSize(query.get('w'), 'width')
  const exec = findExec(daemon, name)
  refuseIfFaulty(daemon.faults, 'resize')
  if (takeFault(daemon.faults, 'resize-refused')) {
    throw new Refusal(500, 'cannot resize a stopped container: unknown')
  }
  const until = Date.now() + resizeTimeout
  while (!exec.process && !(exec.wasStarted && !exec.running)) {
    if (Date.now() > until) throw new Refusal(500, 'timeout waiting for exec session ready')
    await wait(5)
  }
  if (!exec.running) {
    throw new Refusal(404, `NotFound: process does not exist ${exec.id}: not found`)
  }
  exec.process?.resize(height, width)
  return { status: 200 }
}

/** Parses a height or a width: an unsigned 32-bit number. */
function readSize(text: string | null, what: string): number {
  if (/^\d+$/.test(text ?? '') && Number(text) <= 0xffff_ffff) return Number(text)
  throw new Refusal(400, `invalid resize ${what} "${text ?? ''}": invalid syntax`)
}

function inspect({ daemon, name }: Call): Answer {
  const exec = findExec(daemon, name)
  refuseIfFaulty(daemon.faults, 'inspect')
  return {
    status: 200,
    body: describeExec({ ...exec, ...misreportedExitCode(daemon, exec) }, daemon.container.id),
  }
}

/** Returns what the faults change in the state of an exec that has ended. */
function misreportedExitCode(
  { faults }: Daemon,
  { wasStarted, running }: { readonly wasStarted: boolean; readonly running: boolean },
): { readonly exitCode?: null; readonly running?: true } {
  if (!wasStarted || running) return {}
  if (faults.has('no-exit-code')) return { exitCode: null }
  return takeFault(faults, 'late-exit-code') ? { running: true, exitCode: null } : {}
}
