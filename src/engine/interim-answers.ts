/**
 * Two kinds of heads that a daemon, or a proxy in front of it, may send and
 * that undici refuses. We rewrite them before undici reads them.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { type Head, splitHead } from '../stream/http.ts'

/** How long the head of an answer may be, in bytes. */
export const longestHead = 1024 * 1024

/** How many interim answers we skip. After more, undici gives up. */
const mostInterimAnswers = 100

/** The fields of a 101 that decide whether undici gives up the socket. */
const ownFields = ['connection', 'upgrade', 'transfer-encoding', 'content-length']

/**
 * Skips interim answers, such as `100 Continue`: the real answer follows.
 * And completes a 101 without the Upgrade header: after a 101 the connection
 * is ours whatever its headers say.
 */
export function adaptAnswers(socket: Socket): void {
  const { push, write } = socket
  // The bytes of a head that is not complete. Undefined behind a head.
  let kept: Buffer | undefined
  let skipped = 0

  /** Returns what undici reads, once it is known. */
  function adapt(): Buffer | undefined {
    while (kept && mayBeInterim(kept) && kept.length <= longestHead) {
      const split = splitHead(kept)
      if (!split) return undefined
      const status = split.head.firstLine.split(' ')[1] ?? ''
      if (status.length !== 3) break
      if (status === '101') {
        // What follows is the session, which is none of our business.
        Object.assign(socket, { push, write })
        return Buffer.concat([upgradedHead(split.head), split.rest])
      }
      skipped += 1
      if (skipped > mostInterimAnswers) break
      kept = split.rest
    }
    return kept
  }

  socket.push = (chunk: Buffer | null, encoding) => {
    if (!kept) return push.call(socket, chunk, encoding)
    kept = Buffer.concat([kept, chunk ?? Buffer.alloc(0)])
    const adapted = chunk ? adapt() : kept
    if (adapted) kept = undefined
    const more = adapted && adapted.length > 0 ? push.call(socket, adapted, encoding) : true
    return chunk ? more : push.call(socket, null, encoding)
  }
  // A head follows each request.
  socket.write = ((...args: Parameters<Socket['write']>) => {
    kept ??= Buffer.alloc(0)
    skipped = 0
    return write.apply(socket, args)
  }) as Socket['write']
}

/** Whether bytes are, or may become, the head of an interim answer. */
function mayBeInterim(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 'HTTP/1.1 1'.length)
  return 'HTTP/1.1 1'.startsWith(start) || 'HTTP/1.0 1'.startsWith(start)
}

function upgradedHead({ firstLine, headers }: Head): Buffer {
  const others = headers.filter(([name]) => !ownFields.includes(name.toLowerCase()))
  const fields = [...others, ['Connection', 'Upgrade'], ['Upgrade', 'tcp']]
  const lines = [firstLine, ...fields.map((field) => field.join(': '))]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}
