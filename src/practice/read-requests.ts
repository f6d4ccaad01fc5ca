/**
 * Reads the requests of one connection, until one of them takes the
 * connection over.
 *
 * `node:http` hands over the socket only if a request has both `Upgrade` and
 * `Connection: Upgrade`, but the course also shows a start without them. We
 * accept what clients of this API send: a head, and a body with a length or
 * in chunks. Everything else gets a 400.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { bodyLengthOf, createBodyReader, type Head, headerOf, splitHead } from '../stream/http.ts'
import { Refusal } from './response.ts'

/** A request. */
export type PracticeRequest = Pick<Head, 'headers'> & {
  readonly method: string
  /**
   * As it was sent, version and query included:
   * `/v1.41/exec/abc/resize?h=24&w=80`.
   */
  readonly target: string
  readonly body: Buffer
  /** False if the client wants the connection closed after the response. */
  readonly keepsAlive: boolean
}

/** Reads the bytes of a connection. */
export type RequestReader = {
  /**
   * Waits for the next request. Undefined if the client has ended the
   * connection.
   *
   * @throws a {@link Refusal} for bytes that are not a valid request
   */
  readonly next: () => Promise<PracticeRequest | undefined>
  /**
   * Stops reading. Bytes that came in the same packet as the request are
   * dropped, as a real daemon drops them. That is why a client must not send
   * before it has read the 101.
   */
  readonly stop: () => void
}

/**
 * The maximum lengths of a head and a body, in bytes. No system runs a
 * command of four mebibytes.
 */
const longest = { head: 1024 * 1024, body: 4 * 1024 * 1024 }

/** Reads requests from a connection. */
export function readRequests(socket: Socket): RequestReader {
  const chunks: Buffer[] = []
  let ended = false
  let wake = (): void => {}
  const onData = (chunk: Buffer): void => {
    chunks.push(chunk)
    wake()
  }
  const onEnd = (): void => {
    ended = true
    wake()
  }
  socket.on('data', onData).on('end', onEnd).on('close', onEnd)

  /** Waits for bytes. Undefined at the end of the connection. */
  async function nextChunk(): Promise<Buffer | undefined> {
    while (chunks.length === 0 && !ended) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return chunks.length > 0 ? Buffer.concat(chunks.splice(0)) : undefined
  }

  async function takeHead(): Promise<Head | undefined> {
    for (let kept = Buffer.alloc(0); ; ) {
      const split = splitHead(kept)
      const length = kept.length - (split?.rest.length ?? 0)
      if (length > longest.head) throw malformed('its head is too long')
      if (split) chunks.unshift(split.rest)
      if (split) return split.head
      const chunk = await nextChunk()
      if (!chunk && kept.length > 0) throw malformed('its head breaks off')
      if (!chunk) return undefined
      kept = Buffer.concat([kept, chunk])
    }
  }

  async function takeBody(head: Head): Promise<Buffer> {
    const length = bodyLengthOf(head, 0)
    if (length !== 'chunked' && !(Number(length) <= longest.body)) {
      throw malformed('its body has no length, or is too long')
    }
    const reader = createBodyReader(length)
    for (let sum = 0; ; ) {
      const chunk = await nextChunk()
      if (!chunk) throw malformed('its body breaks off')
      sum += chunk.length
      if (sum > 2 * longest.body) throw malformed('its body is too long')
      const rest = feed(reader, chunk)
      if (rest && rest.length > 0) chunks.unshift(rest)
      if (rest) return reader.body()
    }
  }

  return {
    async next() {
      const head = await takeHead()
      if (!head) return undefined
      const checked = checkHead(head)
      return { ...checked, body: await takeBody(head) }
    },
    stop() {
      // Later bytes are for the session, which does not listen yet.
      socket.pause().off('data', onData).off('end', onEnd).off('close', onEnd)
    },
  }
}

function feed(reader: ReturnType<typeof createBodyReader>, chunk: Buffer): Buffer | undefined {
  try {
    return reader.feed(chunk)
  } catch (error) {
    throw malformed((error as Error).message)
  }
}

function checkHead(head: Head): Omit<PracticeRequest, 'body'> {
  const { firstLine, headers } = head
  const [, method, target, minor] = /^([A-Z]+) (\/[!-~]*) HTTP\/1\.([01])$/.exec(firstLine) ?? []
  if (!method || !target) throw malformed('its first line is not a request line')
  const invalid = headers.find(([name]) => !/^[!#$%&'*+\-.^_`|~\w]+$/.test(name))
  if (invalid) throw malformed(`it has an invalid header: ${invalid.join(':')}`)
  for (const fieldName of ['host', 'content-length', 'transfer-encoding']) {
    const count = headers.filter(([name]) => name.toLowerCase() === fieldName).length
    if (count > 1) throw malformed(`it has the header ${fieldName} ${count} times`)
  }
  if (headerOf(head, 'Host') === '') throw malformed('it has no Host header')
  if (!/^(chunked)?$/i.test(headerOf(head, 'Transfer-Encoding'))) {
    throw malformed('the only transfer encoding that it supports is chunked')
  }
  const keepsAlive = minor === '1' && !/\bclose\b/i.test(headerOf(head, 'Connection'))
  return { method, target, headers, keepsAlive }
}

function malformed(reason: string): Refusal {
  return new Refusal(400, `the practice daemon cannot read this request: ${reason}`)
}
