/**
 * The practice daemon: the part of the Engine API that an exec needs, on a private socket, with
 * real processes behind it. What it answers, and in which order things happen, is what dockerd
 * 28.5.2 does; docs/daemons.md compares them.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { posix } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type ExecOptions, execOptions, startOptions } from './body.ts'
import {
  type Container,
  checkContainer,
  describeContainer,
  isListed,
  listContainer,
  readFilters,
} from './container.ts'
import { killGroup } from './end-processes.ts'
import { createEventLog } from './event-log.ts'
import type { OutputStream } from './exec-process.ts'
import { createExec, describeExec, type Exec } from './execs.ts'
import type { ActiveFaults, Refusable } from './faults.ts'
import { launch } from './launch.ts'
import { openOutput } from './output.ts'
import type { PseudoTerminals } from './pseudo-terminal.ts'
import { Malformed, type PracticeRequest, type RequestReader, readRequests } from './request.ts'
import {
  type Answer,
  apiVersions,
  head,
  identity,
  ostype,
  plainText,
  practiceVersion,
  Refusal,
  refusal,
  sendAnswer,
} from './response.ts'
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

/** What is not said where nobody knows which API it would be. */
const anonymous = Object.keys(identity)

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
        if (!request.keepsAlive()) return
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      const line = `HTTP/1.1 ${error.status}\r\nContent-Type: ${plainText}\r\n`
      socket.write(`${line}Connection: close\r\n\r\n${error.text}`)
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
    const mark = target.indexOf('?')
    const raw = mark < 0 ? target : target.slice(0, mark)
    const query = mark < 0 ? '' : target.slice(mark + 1)
    const path = decodePath(raw)
    const clean = posix.normalize(path.startsWith('/') ? path : `/${path}`)
    if (clean !== path) {
      const Location = encodeURI(clean).replaceAll('*', '%2A') + (query && `?${query}`)
      return { status: 301, headers: { Location }, without: anonymous }
    }
    const [, version, plain = ''] = /^(?:\/v([0-9.]+))?(\/.*)$/s.exec(path) ?? []
    const endpoint = endpoints.find(
      (each) => (each.methods as readonly string[]).includes(method) && each.path.test(plain),
    )
    if (!endpoint) {
      if (method === 'OPTIONS') return { status: 200 }
      return { status: 404, body: { message: 'page not found' }, without: anonymous }
    }
    checkVersion(version)
    const [, name = ''] = endpoint.path.exec(plain) ?? []
    return endpoint.answer({
      request,
      socket,
      reader,
      name,
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
      path: /^\/containers\/(.+)\/json$/s,
      answer: ({ name }) => {
        checkContainer(container, name)
        return { status: 200, body: describeContainer(container, execs.values()) }
      },
    },
    { methods: ['POST'], path: /^\/containers\/(.+)\/exec$/s, answer: create },
    { methods: ['POST'], path: /^\/exec\/(.+)\/start$/s, answer: start },
    { methods: ['POST'], path: /^\/exec\/(.+)\/resize$/s, answer: resize },
    { methods: ['GET'], path: /^\/exec\/(.+)\/json$/s, answer: inspect },
  ]

  async function create({ request, name, apiVersion }: Call): Promise<Answer> {
    const asked = await execOptions(request)
    if (asked.Cmd.length === 0) throw new Refusal(400, 'No exec command specified')
    checkContainer(container, name)
    refuseIfFaulty('create')
    if (asked.Tty && !terminals) {
      throw new Refusal(
        400,
        'the practice daemon has no pseudo-terminals on this system: leave out -t (for npm run chapter: add --no-tty), or use a real engine',
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
    const asked = await startOptions(request)
    const exec = find(call.name)
    refuseIfFaulty('start')
    if (faults.has('silent')) {
      reader.stop()
      socket.resume()
      return 'taken'
    }
    if (asked.Detach) {
      // Nobody will ever be there to write to it or to read from it.
      const alone = { AttachStdin: false, AttachStdout: false, AttachStderr: false }
      const failed = await begin(exec, { ...exec.options, ...alone })
      if (typeof failed === 'string') {
        const hasRun = failed.startsWith('exec command')
        throw new Refusal(hasRun ? 409 : exec.exitCode === 128 ? 500 : 400, failed)
      }
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
    const ConsoleSize = size ?? exec.options.ConsoleSize
    const failed = await begin(exec, { ...exec.options, ConsoleSize })
    if (typeof failed === 'string') {
      socket.resume()
      output.write(1, Buffer.from(`${failed}\r\n`))
    } else if (exec.process) {
      const { AttachStdin, AttachStdout, Tty } = exec.options
      // Under a terminal all is stdout: who did not ask for that gets nothing, and a start that
      // speaks of a terminal makes no place for stderr.
      const takes = (stream: OutputStream): boolean =>
        stream === 1 ? !Tty || AttachStdout : !asked.Tty
      const session = { stdin: AttachStdin, takes, tty: Tty, detachKeys: exec.detachKeys }
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
   * @param wanted - its options, with what the start says otherwise
   * @returns what a client is told if there is none
   */
  async function begin(exec: Exec, wanted: ExecOptions): Promise<string | undefined> {
    if (exec.wasStarted) {
      return `exec command ${exec.id} ${exec.running ? 'is already running' : 'has already run'}`
    }
    exec.wasStarted = true
    exec.running = true
    events.add(`exec_start: ${exec.options.Cmd[0]} ${exec.options.Cmd.slice(1).join(' ')}`, {
      execID: exec.id,
    })
    // Behind the 101 there is no place for an answer: whatever goes wrong is a text in the stream.
    const launched = await launch(wanted, options).catch(({ message }: Error) => ({
      exitCode: 126,
      message: `OCI runtime exec failed: exec failed: ${message}`,
    }))
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
    // Its output leads nowhere, and must not wait for somebody to read it.
    exec.process?.resume()
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
    Pragma: 'no-cache',
    Swarm: 'inactive',
  }
  if (request.method !== 'HEAD') return { status: 200, body: 'OK', headers }
  return { status: 200, headers: { ...headers, 'Content-Type': plainText, 'Content-Length': '0' } }
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

/** A path as it is meant: `%5f` is an underscore. */
function decodePath(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Bytes that are no text.
    return unescape(text)
  }
}

function checkVersion(version: string | undefined): void {
  if (version === undefined) return
  const { newest, oldest } = apiVersions
  const without = ['Docker-Experimental']
  if (!isAtLeast(version, oldest)) {
    const message = `client version ${version} is too old. Minimum supported API version is ${oldest}, please upgrade your client to a newer version`
    const headers = { 'Content-Type': plainText, 'X-Content-Type-Options': 'nosniff' }
    throw new Refusal(400, message, { body: `${message}\n`, headers, without })
  }
  if (!isAtLeast(newest, version)) {
    const message = `client version ${version} is too new. Maximum supported API version is ${newest}`
    throw new Refusal(400, message, { without })
  }
}

function isAtLeast(version: string, wanted: string): boolean {
  const [numbers, wantedNumbers] = [version, wanted].map((text) => text.split('.').map(Number))
  const length = Math.max(numbers?.length ?? 0, wantedNumbers?.length ?? 0)
  for (let at = 0; at < length; at += 1) {
    const difference = (numbers?.[at] ?? 0) - (wantedNumbers?.[at] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
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
