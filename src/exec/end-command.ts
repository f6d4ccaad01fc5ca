/**
 * Ends a command that nobody will talk to any more.
 *
 * A walk that stops behind chapter 2, 3 or 4 has started a command and does not stay for it. The
 * API has no request that ends an exec, so its terminal is used as a person would use it.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { readSocket } from '../engine/socket.ts'

/** What Ctrl-C and Ctrl-D send. */
const [interrupt, endOfTransmission] = [Uint8Array.of(0x03), Uint8Array.of(0x04)]

/** How long a command may take to end, in milliseconds, before it is left alone. */
const endTimeout = 1000

/**
 * Asks a command to end: under a tty with Ctrl-D, which ends a shell, and if that does not help
 * with Ctrl-C and Ctrl-D; without one by the end of its input.
 *
 * @returns whether it has ended. A command that ignores all of this goes on.
 */
export async function endCommand(
  asked: { readonly tty: boolean; readonly interactive: boolean },
  socket: Socket | undefined,
): Promise<boolean> {
  if (!socket || socket.destroyed) return true
  const ended = readSocket(socket, () => true).then(() => true)
  const waited = (): Promise<boolean> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, endTimeout / 2, false)
      void ended.then((is) => {
        clearTimeout(timer)
        resolve(is)
      })
    })
  if (!asked.tty || !asked.interactive) {
    socket.end()
    return waited()
  }
  socket.write(endOfTransmission)
  if (await waited()) return true
  socket.write(Buffer.concat([interrupt, endOfTransmission]))
  return waited()
}
