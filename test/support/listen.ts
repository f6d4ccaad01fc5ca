/**
 * Where the tests' own servers listen: a unix socket in a temporary folder, or a port that the
 * system chooses.
 *
 * @module
 */

import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { removeFolder, temporaryFolder } from './folder.ts'

/** A unix socket, or TCP: only there can a connection be reset rather than closed. */
export type Transport = 'unix' | 'tcp'

/** A server that is listening. */
export type Listener = {
  /** Its address, for DOCKER_HOST. */
  readonly host: string
  /** The connections to it that are open. */
  readonly open: ReadonlySet<Socket>
  /** Takes no more connections. Those that are open stay. */
  readonly refuse: () => void
  /** Closes everything. */
  readonly stop: () => Promise<void>
}

/** Listens, and calls back with each connection, both of whose directions end separately. */
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

/** Ends a connection so that the other side notices that something is wrong, where it can be. */
export function breakConnection(socket: Socket): void {
  const isTcp = socket.remoteFamily !== undefined
  if (isTcp) socket.resetAndDestroy()
  else socket.destroy()
}
