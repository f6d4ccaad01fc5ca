/**
 * The practice daemon: the part of the Engine API that an exec needs, on a private socket, with
 * real processes behind it. What it answers, and in which order things happen, is what dockerd
 * 28.5.2 does; docs/daemons.md compares them.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import {
  type Answer,
  apiVersions,
  head,
  identity,
  ostype,
  practiceVersion,
  Refusal,
  refusal,
  sendAnswer,
} from './answer.ts'
import { execOptions, startOptions } from './body.ts'
import {
  type Container,
  checkContainer,
  describeContainer,
  isListed,
  listContainer,
  readFilters,
} from './container.ts'
import { killGroup } from './end-processes.ts'
import { createEventLog } from './events.ts'
import { createExec, describeExec, type Exec } from './execs.ts'
import type { ActiveFaults, Refusable } from './faults.ts'
import { launch } from './launch.ts'
import { openOutput } from './output.ts'
import type { PseudoTerminals } from './pseudo-terminal.ts'
import { Malformed, type PracticeRequest, type RequestReader, readRequests } from './request.ts'
import { sendEvents } from './send-events.ts'
import { runSession } from './session.ts'

/** What it takes to run one. */
export type PracticeOptions = {
  /** The socket's path, or the name of a named pipe. */
  readonly path: string
  /** The container's directory. */
  readonly home: string
  /** Where pipes can be made. */
  readonly folder: string
  readonly terminals: PseudoTerminals | undefined
  readonly faults: ActiveFaults
  /** Gets a line for each request. */
  readonly log: (line: string) => void
}

/** One that is listening. */
export type PracticeServer = {
  /** Ends the processes that run, and every connection. */
  readonly close: () => void
}

/** How long a resize waits for the process that it is for, in milliseconds. */
const resizePatience = 10_000

/** Starts listening. */
export async function servePractice(options: PracticeOptions): Promise<PracticeServer> {
  const { faults, log, terminals } = options
  const container: Container = {
    id: randomBytes(32).toString('hex'),
    name: 'practice',
    image: 'learner',
    home: options.home,
    begun: Date.now(),
  }
  const execs = new Map<string, Exec>()
  const events = createEventLog(container)
  const connections = new Set<Socket>()
  let resizesToRefuse = faults.get('resize-refused') ?? 0
  let answersTooEarly = faults.get('late-exit-code') ?? 0

  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
    socket.on('error', () => socket.destroy())
    void serve(socket)
  })

  /** Answers the requests of a connection, one behind the other. */
  async function serve(socket: Socket): Promise<void> {
    const reader = readRequests(socket)
    try {
      for (;;) {
        const request = await reader.next()
        if (!request) break
        log(`${request.method} ${request.target}`)
        const answer = await answerTo(request, socket, reader)
        if (answer === 'taken') return
        sendAnswer(socket, request, answer)
        if (!request.keepsAlive) return
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      const line = `HTTP/1.1 ${error.status}\r\nContent-Type: text/plain; charset=utf-8\r\n`
      socket.write(`${line}Connection: close\r\n\r\n${error.status}`)
    }
    socket.end()
  }

  async function answerTo(
    request: PracticeRequest,
    socket: Socket,
    reader: RequestReader,
  ): Promise<Answer | 'taken'> {
    try {
      return await route(request, socket, reader)
    } catch (error) {
      if (error instanceof Refusal) return refusal(error)
      return refusal(new Refusal(500, (error as Error).message))
    }
  }

  async function route(
    request: PracticeRequest,
    socket: Socket,
    reader: RequestReader,
  ): Promise<Answer | 'taken'> {
    const { method, target } = request
    const [path = '', query = ''] = target.split('?', 2)
    if (path.includes('//') || path.includes('/../')) {
      const Location = new URL(path.replaceAll(/\/+/g, '/'), 'http://docker').pathname
      return { status: 301, headers: { Location }, isAnonymous: true }
    }
    const [, version, plain = ''] = /^(?:\/v(\d+(?:\.\d+)?))?(\/.*)$/.exec(path) ?? []
    const endpoint = endpoints.find(
      (each) => (each.methods as readonly string[]).includes(method) && each.path.test(plain),
    )
    if (!endpoint) {
      if (method === 'OPTIONS') return { status: 200 }
      return { status: 404, body: { message: 'page not found' }, isAnonymous: true }
    }
    checkVersion(version)
    const [, name = ''] = endpoint.path.exec(plain) ?? []
    return endpoint.answer({
      request,
      socket,
      reader,
      name: decodeURIComponent(name),
      query: new URLSearchParams(query),
      apiVersion: version ?? apiVersions.newest,
    })
  }

  const endpoints: readonly Endpoint[] = [
    { methods: ['GET', 'HEAD'], path: /^\/_ping$/, answer: ping },
    {
      methods: ['GET'],
      path: /^\/version$/,
      answer: () => ({ status: 200, body: describeDaemon() }),
    },
    {
      methods: ['GET'],
      path: /^\/events$/,
      answer: ({ socket, reader, query }) => {
        const filters = readFilters(query.get('filters'), [
          'type',
          'container',
          'event',
          'image',
          'label',
          'scope',
          'daemon',
        ])
        sendEvents(socket, events, { query, filters, begin: reader.stop })
        return 'taken'
      },
    },
    {
      methods: ['GET'],
      path: /^\/containers\/json$/,
      answer: ({ query }) => {
        const filters = readFilters(query.get('filters'), [
          'name',
          'id',
          'status',
          'label',
          'ancestor',
        ])
        return { status: 200, body: isListed(container, filters) ? [listContainer(container)] : [] }
      },
    },
    {
      methods: ['GET'],
      path: /^\/containers\/([^/]+)\/json$/,
      answer: ({ name }) => {
        checkContainer(container, name)
        return { status: 200, body: describeContainer(container, execs.values()) }
      },
    },
    { methods: ['POST'], path: /^\/containers\/([^/]+)\/exec$/, answer: create },
    { methods: ['POST'], path: /^\/exec\/([^/]+)\/start$/, answer: start },
    { methods: ['POST'], path: /^\/exec\/([^/]+)\/resize$/, answer: resize },
    { methods: ['GET'], path: /^\/exec\/([^/]+)\/json$/, answer: inspect },
  ]

  function create({ request, name, apiVersion }: Call): Answer {
    const asked = execOptions(request)
    if (asked.Cmd.length === 0) throw new Refusal(400, 'No exec command specified')
    checkContainer(container, name)
    refuseIfFaulty('create')
    if (asked.Tty && !terminals) {
      throw new Refusal(
        400,
        'the practice daemon has no pseudo-terminals on this system: leave out -t, or use a real engine',
      )
    }
    const honoursSize = asked.Tty && isAtLeast(apiVersion, '1.42')
    const exec = createExec(honoursSize ? asked : { ...asked, ConsoleSize: undefined })
    execs.set(exec.id, exec)
    events.add(`exec_create: ${asked.Cmd[0]} ${asked.Cmd.slice(1).join(' ')}`, { execID: exec.id })
    return { status: 201, body: { Id: exec.id } }
  }

  async function start(call: Call): Promise<Answer | 'taken'> {
    const { request, reader, socket, apiVersion } = call
    const asked = startOptions(request)
    const exec = find(call.name)
    refuseIfFaulty('start')
    if (faults.has('silent')) {
      reader.stop()
      socket.resume()
      return 'taken'
    }
    if (asked.Detach) {
      const failed = await begin(exec, undefined)
      if (typeof failed === 'string')
        throw new Refusal(failed.startsWith('exec command') ? 409 : 400, failed)
      void settle(exec)
      return { status: 200 }
    }

    // From here on the connection is not HTTP any more. That the command cannot be started is
    // found out behind the 101, so it is said where the output would be.
    reader.stop()
    const upgrades =
      request.headers.has('upgrade') &&
      !faults.has('no-upgrade') &&
      !faults.has('proxy-drops-upgrade')
    const isMultiplexed = upgrades && !asked.Tty && isAtLeast(apiVersion, '1.42')
    const type = `application/vnd.docker.${isMultiplexed ? 'multiplexed' : 'raw'}-stream`
    const answerHead = head(upgrades ? 101 : 200, {
      'Content-Type': type,
      ...(upgrades && { Connection: 'Upgrade', Upgrade: 'tcp' }),
      ...(faults.has('proxy-drops-upgrade') && {
        Via: '1.1 proxy',
        'Transfer-Encoding': 'chunked',
      }),
      ...identity,
    })
    const output = openOutput(socket, answerHead, !asked.Tty, faults)
    const size = asked.Tty && isAtLeast(apiVersion, '1.42') ? asked.ConsoleSize : undefined
    const failed = await begin(exec, size)
    if (typeof failed === 'string') {
      socket.resume()
      output.write(1, Buffer.from(`${failed}\r\n`))
    } else if (exec.process) {
      const { AttachStdin, Tty } = exec.options
      const session = { stdin: AttachStdin, tty: Tty, detachKeys: exec.detachKeys }
      const { end, exitCode } = await runSession(exec.process, socket, output, session, faults)
      if (end === 'over') finish(exec, exitCode)
      else {
        output.write(
          1,
          Buffer.from('exec attach failed: error on attach stdin: read escape sequence\r\n'),
        )
        finish(exec, exitCode)
        void settle(exec)
      }
    }
    if (faults.has('gone-before-inspect')) hangUp()
    else await output.end()
    return 'taken'
  }

  /**
   * Makes the process of an exec.
   *
   * @returns what a client is told if there is none
   */
  async function begin(
    exec: Exec,
    size: readonly number[] | undefined,
  ): Promise<string | undefined> {
    if (exec.wasStarted) {
      return `exec command ${exec.id} ${exec.running ? 'is already running' : 'has already run'}`
    }
    exec.wasStarted = true
    exec.running = true
    events.add(`exec_start: ${exec.options.Cmd[0]} ${exec.options.Cmd.slice(1).join(' ')}`, {
      execID: exec.id,
    })
    // Behind the 101 there is no place for an answer: whatever goes wrong is a text in the stream.
    const launched = await launch(exec.options, size ?? exec.options.ConsoleSize, options).catch(
      ({ message }: Error) => ({
        exitCode: 126,
        message: `OCI runtime exec failed: exec failed: ${message}`,
      }),
    )
    if ('message' in launched) {
      exec.running = false
      exec.exitCode = launched.exitCode
      return launched.message
    }
    exec.process = launched
    exec.pid = launched.pid
    return undefined
  }

  /** Waits for the end of a process that nobody looks at. */
  async function settle(exec: Exec): Promise<void> {
    const exitCode = await exec.process?.exited
    if (exec.running && exitCode !== undefined) finish(exec, exitCode)
    exec.process?.release()
  }

  function finish(exec: Exec, exitCode: number): void {
    exec.running = false
    exec.exitCode = exitCode
    events.add('exec_die', { execID: exec.id, exitCode: String(exitCode) })
  }

  async function resize({ name, query }: Call): Promise<Answer> {
    const height = readSize(query.get('h'), 'height')
    const width = readSize(query.get('w'), 'width')
    const exec = find(name)
    refuseIfFaulty('resize')
    if (resizesToRefuse > 0) {
      resizesToRefuse -= 1
      throw new Refusal(500, `cannot resize a stopped container: unknown`)
    }
    const until = Date.now() + resizePatience
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

  function inspect({ name }: Call): Answer {
    const exec = find(name)
    refuseIfFaulty('inspect')
    const knowsLess = exec.wasStarted && !exec.running
    if (knowsLess && faults.has('no-exit-code')) {
      return { status: 200, body: describeExec({ ...exec, exitCode: null }, container.id) }
    }
    if (knowsLess && answersTooEarly > 0) {
      answersTooEarly -= 1
      const early = { ...exec, running: true, exitCode: null }
      return { status: 200, body: describeExec(early, container.id) }
    }
    return { status: 200, body: describeExec(exec, container.id) }
  }

  function find(id: string): Exec {
    const exec = execs.get(id)
    if (!exec) throw new Refusal(404, `No such exec instance: ${id}`)
    return exec
  }

  function refuseIfFaulty(request: Refusable): void {
    for (const status of [404, 409, 500]) {
      if (!faults.has(`${request}-${status}`)) continue
      throw new Refusal(status, `the fault ${request}-${status} is switched on`)
    }
  }

  function hangUp(): void {
    server.close()
    for (const socket of connections) socket.destroy()
  }

  function close(): void {
    for (const { running, pid } of execs.values()) if (running && pid > 0) killGroup(pid)
    hangUp()
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.path, resolve)
  })
  return { close }
}

/** One request on its way to its endpoint. */
type Call = {
  readonly request: PracticeRequest
  readonly socket: Socket
  readonly reader: RequestReader
  /** The container or the exec ID in the path. */
  readonly name: string
  readonly query: URLSearchParams
  /** The version in the path, or the newest one. */
  readonly apiVersion: string
}

type Endpoint = {
  readonly methods: readonly string[]
  readonly path: RegExp
  readonly answer: (call: Call) => Answer | 'taken' | Promise<Answer | 'taken'>
}

function ping({ request }: Call): Answer {
  const headers = {
    'Builder-Version': '2',
    'Cache-Control': 'no-cache, no-store, must-revalidate',
    'Content-Type': 'text/plain; charset=utf-8',
    Pragma: 'no-cache',
    Swarm: 'inactive',
  }
  return { status: 200, body: request.method === 'HEAD' ? '' : 'OK', headers }
}

function describeDaemon(): object {
  const Details = { ApiVersion: apiVersions.newest, MinAPIVersion: apiVersions.oldest }
  return {
    Platform: { Name: 'Practice daemon of the docker exec workbook' },
    Components: [{ Name: 'Engine', Version: practiceVersion, Details }],
    Version: practiceVersion,
    ApiVersion: apiVersions.newest,
    MinAPIVersion: apiVersions.oldest,
    GitCommit: '',
    GoVersion: '',
    Os: ostype,
    Arch: process.arch === 'x64' ? 'amd64' : process.arch,
    KernelVersion: '',
    BuildTime: '',
  }
}

function checkVersion(version: string | undefined): void {
  if (version === undefined) return
  const { newest, oldest } = apiVersions
  if (!isAtLeast(version, oldest)) {
    throw new Refusal(
      400,
      `client version ${version} is too old. Minimum supported API version is ${oldest}, please upgrade your client to a newer version`,
    )
  }
  if (isAtLeast(version, newest) && version !== newest) {
    throw new Refusal(
      400,
      `client version ${version} is too new. Maximum supported API version is ${newest}`,
    )
  }
}

function isAtLeast(version: string, wanted: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number)
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}

/** Reads a height or a width: an unsigned number of 32 bits. */
function readSize(text: string | null, what: string): number {
  if (text !== null && /^-?\d+$/.test(text)) {
    const value = Number(text)
    if (value >= 0 && value <= 0xffff_ffff) return value
    throw new Refusal(400, `invalid resize ${what} "${text}": value out of range`)
  }
  throw new Refusal(400, `invalid resize ${what} "${text ?? ''}": invalid syntax`)
}
