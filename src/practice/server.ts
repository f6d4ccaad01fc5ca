/**
 * The practice daemon: the part of the Engine API that an exec needs, on a
 * private socket, with real processes. Its responses, and the order of
 * events, match dockerd 28.5.2; docs/daemons.md compares the two.
 *
 * @module
 */

import { mkdtempSync, realpathSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createContainer } from './container.ts'
import { killGroup } from './end-processes.ts'
import { createEventLog } from './events.ts'
import type { Behaviour, Daemon } from './practice-daemon.ts'
import { type PracticeRequest, readRequests } from './read-requests.ts'
import { failedAnswer, sendAnswer } from './response.ts'
import { route } from './routes.ts'

/** Options for running a daemon. */
export type PracticeOptions = Behaviour & {
  /**
   * The path of the socket, the name of a named pipe, or `tcp` for a local
   * port.
   */
  readonly listenAt: string
  /** The container's directory. */
  readonly home: string
  /** Receives a line for each request. */
  readonly log: (line: string) => void
}

/** A daemon that is listening. */
export type PracticeServer = {
  /** Its address, for DOCKER_HOST. */
  readonly host: string
  /** Kills the running processes and closes every connection. */
  readonly close: () => void
}

/** Starts listening. */
export async function servePractice(options: PracticeOptions): Promise<PracticeServer> {
  const connections = new Set<Socket>()
  const container = createContainer(options.home)
  const daemon: Daemon = {
    ...options,
    container,
    execs: new Map(),
    events: createEventLog(container),
    closeConnections() {
      server.close()
      for (const socket of connections) socket.destroy()
    },
  }
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
    socket.on('error', () => socket.destroy())
    void serveConnection(daemon, socket, options.log)
  })
  const host = await listen(server, options.listenAt)
  return {
    host,
    close() {
      for (const { running, pid } of daemon.execs.values()) if (running && pid > 0) killGroup(pid)
      daemon.closeConnections()
    },
  }
}

/** Handles the requests of a connection in order. */
async function serveConnection(
  daemon: Daemon,
  socket: Socket,
  log: (line: string) => void,
): Promise<void> {
  const reader = readRequests(socket)
  let request: PracticeRequest | undefined
  do {
    try {
      request = await reader.next()
    } catch (error) {
      sendAnswer(socket, failedAnswer(error), true)
      break
    }
    if (!request) break
    log(`${request.method} ${request.target}`)
    const answer = await route({ daemon, request, socket, reader }).catch(failedAnswer)
    if (answer === 'taken') return
    sendAnswer(socket, answer, !request.keepsAlive)
  } while (request.keepsAlive)
  socket.end()
}

/** The limit that fits every system: Linux allows 107 bytes, macOS 103. */
const longestSocketPath = 103

/**
 * Creates a folder for the daemon and its socket, which only this user can
 * open. If the path in TMPDIR is too long for a socket, the folder is in
 * `/tmp`: Node would truncate the path, and listen outside the folder.
 */
export function makePracticeFolder(): string {
  const name = 'practice-'
  const temporary = realpathSync(tmpdir())
  const longest = join(temporary, `${name}XXXXXX`, 'docker.sock')
  const isTooLong = Buffer.byteLength(longest) > longestSocketPath
  const parent = isTooLong && process.platform !== 'win32' ? '/tmp' : temporary
  return realpathSync(mkdtempSync(join(parent, name)))
}

/** Starts listening, and returns the address. */
async function listen(server: Server, listenAt: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    if (listenAt === 'tcp') server.listen(0, '127.0.0.1', resolve)
    else server.listen(listenAt, resolve)
  })
  if (listenAt === 'tcp') return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
  const scheme = process.platform === 'win32' ? 'npipe' : 'unix'
  return `${scheme}://${listenAt.replaceAll('\\', '/')}`
}
