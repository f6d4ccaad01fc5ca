/**
 * The practice daemon: the part of the Engine API that an exec needs, on a private socket, with
 * real processes behind it. What it answers, and in which order things happen, is what dockerd
 * 28.5.2 does; docs/daemons.md compares them.
 *
 * @module
 */

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createContainer } from './container.ts'
import { killGroup } from './end-processes.ts'
import { createEventLog } from './events.ts'
import type { Behaviour, Daemon } from './practice-daemon.ts'
import { type PracticeRequest, readRequests } from './read-requests.ts'
import { failedAnswer, sendAnswer } from './response.ts'
import { route } from './routes.ts'

/** What it takes to run one. */
export type PracticeOptions = Behaviour & {
  /** The socket's path, the name of a named pipe, or `tcp` for a port of this machine. */
  readonly listenAt: string
  /** The container's directory. */
  readonly home: string
  /** Gets a line for each request. */
  readonly log: (line: string) => void
}

/** One that is listening. */
export type PracticeServer = {
  /** For DOCKER_HOST. */
  readonly host: string
  /** Ends the processes that run, and every connection. */
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
    hangUp() {
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
      daemon.hangUp()
    },
  }
}

/** Answers the requests of a connection one after the other. */
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

/** Listens, and says where. */
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
