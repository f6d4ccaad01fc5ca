/**
 * Sends bytes to a daemon that no HTTP client has touched.
 *
 * @module
 */

import { once } from 'node:events'
import { dial } from '../engine/socket.ts'
import type { ExecPlace } from './place.ts'

/** Has the daemon write down an exec that ends at once, and gives the path that starts it. */
export async function execPath({ connect, container }: ExecPlace): Promise<string> {
  const engine = await connect()
  try {
    const reply = await engine.request('POST', `/containers/${container}/exec`, {
      AttachStdout: true,
      AttachStderr: true,
      Cmd: ['echo', 'out'],
    })
    const { Id } = JSON.parse(reply.body) as { Id: string }
    return `/v${engine.apiVersion}/exec/${Id}/start`
  } finally {
    await engine.close()
  }
}

/** Sends the bytes and gives the first line of the answer, or says that there was none in time. */
export async function sendBytes(text: string, { address, limit }: ExecPlace): Promise<string> {
  const socket = dial(address, undefined)
  try {
    await once(socket, 'connect')
    socket.write(text)
    const [chunk] = await once(socket, 'data', { signal: AbortSignal.timeout(limit) })
    return String(chunk).split('\r\n', 1)[0] ?? ''
  } catch (error) {
    return `no answer (${(error as Error).name === 'AbortError' ? 'it still waits' : (error as Error).message})`
  } finally {
    socket.destroy()
  }
}
