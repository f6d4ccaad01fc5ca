/**
 * Reads the requests on one connection, until one of them takes the connection away.
 *
 * An HTTP library keeps a connection to itself from the first byte to the last. What this daemon
 * has to show is the moment in which HTTP ends and the same connection becomes a stream of bytes,
 * so it reads the few things that HTTP is made of here: a line, header fields, a body.
 *
 * @module
 */

import type { Socket } from 'node:net'

/** A request, complete with its body. */
export type PracticeRequest = {
  readonly method: string
  /** As it was sent, version and query included: `/v1.41/exec/abc/resize?h=24&w=80`. */
  readonly target: string
  /** True for HTTP/1.1, where a connection stays open unless somebody says otherwise. */
  readonly keepsAlive: boolean
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** A request that is none. The connection ends behind the answer. */
export class Malformed extends Error {
  /** The status line behind the version, and the text of the body: `400 Bad Request`. */
  readonly status: string

  /** @param status - number and reason */
  constructor(status: string) {
    super(status)
    this.status = status
  }
}

/** A head or a body that is longer than any of ours. */
const longest = 8 * 1024 * 1024

/** What reads the bytes of a connection. */
export type RequestReader = {
  /** Waits for the next request. Undefined when the client ended or went. */
  readonly next: () => Promise<PracticeRequest | undefined>
  /**
   * Stops reading for good. Bytes that came in one packet with the request are gone: a real daemon
   * forgets them in the same place, which is why a client sends nothing before it has seen the 101.
   */
  readonly stop: () => void
}

/** Reads requests from a connection. Nothing is read while nobody waits for one. */
export function readRequests(socket: Socket): RequestReader {
  let kept: Buffer = Buffer.alloc(0)
  let ended = false
  let wake = (): void => {}

  const onData = (chunk: Buffer): void => {
    kept = Buffer.concat([kept, chunk])
    wake()
  }
  const onEnd = (): void => {
    ended = true
    wake()
  }
  socket.on('data', onData)
  socket.on('end', onEnd)
  socket.on('close', onEnd)

  /** Waits until `length` bytes are there, or more than there are. False at the end. */
  async function more(): Promise<boolean> {
    if (ended) return false
    if (kept.length > longest) throw new Malformed('431 Request Header Fields Too Large')
    await new Promise<void>((resolve) => {
      wake = resolve
    })
    return true
  }

  async function take(length: number): Promise<Buffer | undefined> {
    if (length > longest) throw new Malformed('413 Request Entity Too Large')
    while (kept.length < length) if (!(await more())) return undefined
    const taken = kept.subarray(0, length)
    kept = kept.subarray(length)
    return taken
  }

  async function takeUntil(mark: string): Promise<string | undefined> {
    for (let at = kept.indexOf(mark); ; at = kept.indexOf(mark)) {
      if (at >= 0) {
        const text = kept.toString('latin1', 0, at)
        kept = kept.subarray(at + mark.length)
        return text
      }
      if (!(await more())) return undefined
    }
  }

  /** A body in chunks: a length in hex, so many bytes, and again, until a length of 0. */
  async function takeChunks(): Promise<Buffer | undefined> {
    const parts: Buffer[] = []
    for (;;) {
      const line = await takeUntil('\r\n')
      if (line === undefined) return undefined
      const length = Number.parseInt(line, 16)
      if (Number.isNaN(length)) throw new Malformed('400 Bad Request')
      const part = await take(length)
      const end = await takeUntil('\r\n')
      if (part === undefined || end === undefined) return undefined
      if (length === 0) return Buffer.concat(parts)
      parts.push(part)
    }
  }

  async function next(): Promise<PracticeRequest | undefined> {
    const head = await takeUntil('\r\n\r\n')
    if (head === undefined) return undefined
    const [line = '', ...fields] = head.split('\r\n')
    const [, method, target, minor] = /^([A-Z]+) (\S+) HTTP\/1\.([01])$/.exec(line) ?? []
    if (method === undefined || target === undefined) {
      const isOtherVersion = / HTTP\/\d/.test(line)
      throw new Malformed(
        isOtherVersion
          ? '505 HTTP Version Not Supported: unsupported protocol version'
          : '400 Bad Request',
      )
    }
    const headers = new Map<string, string>()
    for (const field of fields) {
      const colon = field.indexOf(':')
      if (colon < 1) throw new Malformed('400 Bad Request')
      headers.set(field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim())
    }
    if (minor === '1' && !headers.has('host')) {
      throw new Malformed('400 Bad Request: missing required Host header')
    }
    const length = headers.get('content-length') ?? '0'
    if (!/^\d+$/.test(length)) throw new Malformed('400 Bad Request')
    // Whoever sends a large body may ask first whether it is wanted.
    if (headers.get('expect')?.toLowerCase() === '100-continue') {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    }
    const isChunked = headers.get('transfer-encoding')?.toLowerCase() === 'chunked'
    const body = isChunked ? await takeChunks() : await take(Number(length))
    if (body === undefined) return undefined
    const connection = headers.get('connection')?.toLowerCase() ?? ''
    return {
      method,
      target,
      keepsAlive: minor === '1' && connection !== 'close',
      headers,
      body: body.toString(),
    }
  }

  return {
    next,
    stop() {
      // What comes from now on is for somebody who does not listen yet.
      socket.pause()
      socket.off('data', onData)
      socket.off('end', onEnd)
      socket.off('close', onEnd)
      kept = Buffer.alloc(0)
    },
  }
}
