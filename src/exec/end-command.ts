/**
 * Ends a command that the walk leaves running.
 *
 * A walk that stops after chapter 2, 3 or 4 has started a command but doesn't
 * stay for its session. The API has no request that ends an exec, so we send
 * the command the keys that a person would press.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { readSocket } from '../engine/socket.ts'

/** The bytes of Ctrl-C and Ctrl-D. */
const [interrupt, endOfTransmission] = [Uint8Array.of(0x03), Uint8Array.of(0x04)]

/** How long we wait for a command to end, in milliseconds. */
const endTimeout = 1000

/**
 * Asks a command to end. Under a tty it sends Ctrl-D, which ends a shell, and
 * if that isn't enough, Ctrl-C and Ctrl-D. Without a tty it half-closes.
 *
 * @returns whether the command has ended; one that ignores all this keeps
 * running
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
      void ended.then((hasEnded) => {
        clearTimeout(timer)
        resolve(hasEnded)
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
