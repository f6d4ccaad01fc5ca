/**
 * Listeners for the tests' servers: a Unix socket in a temporary folder, or a
 * free TCP port.
 *
 * @module
 */

import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { removeFolder, temporaryFolder } from './folder.ts'

/** A Unix socket or TCP. Only a TCP connection can be reset. */
export type Transport = 'unix' | 'tcp'

/** A server that is listening. */
export type Listener = {
  /** Its address, for DOCKER_HOST. */
  readonly host: string
  /** The open connections. */
  readonly open: ReadonlySet<Socket>
  /** Stops accepting connections. The open ones stay open. */
  readonly refuse: () => void
  /** Closes the listener and all connections. */
  readonly stop: () => Promise<void>
}

/**
 * Starts to listen, and calls back with each connection. Half-open
 * connections are allowed.
 */
export async function listen(
  transport: Transport,
  connected: (socket: Socket) => void,
): Promise<Listener> {
  const folder = temporaryFolder('wbsv')
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => open.delete(socket))
    connected(socket)
  })
  const path = join(folder, 'docker.sock')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    if (transport === 'unix') server.listen(path, resolve)
    else server.listen(0, '127.0.0.1', resolve)
  })
  const host =
    transport === 'unix'
      ? `unix://${path}`
      : `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    open,
    refuse: () => void server.close(),
    async stop() {
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      removeFolder(folder)
    },
  }
}

/**
 * Breaks a connection: with a reset on TCP, by closing it on a Unix socket.
 */
export function breakConnection(socket: Socket): void {
  const isTcp = socket.remoteFamily !== undefined
  // Node can't reset a socket that is already closing, and would leave it
  // open.
  if (isTcp && !socket.writableEnded) socket.resetAndDestroy()
  else socket.destroy()
}
