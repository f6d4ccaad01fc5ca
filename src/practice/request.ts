/**
 * Reads the requests on one connection, until one of them takes the connection away.
 *
 * An HTTP library keeps a connection to itself from the first byte to the last. What this daemon
 * has to show is the moment in which HTTP ends and the same connection becomes a stream of bytes,
 * so it reads the few things that HTTP is made of here: a line, header fields, a body. What is
 * refused, and with which words, is what Go's library refuses for a real daemon.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { leadingToken } from './content-type.ts'

/** A request. */
export type PracticeRequest = {
  readonly method: string
  /** As it was sent, version and query included: `/v1.41/exec/abc/resize?h=24&w=80`. */
  readonly target: string
  /** `HTTP/1.0` for a client of that age, which is answered in kind. */
  readonly protocol: 'HTTP/1.0' | 'HTTP/1.1'
  /** What the answer has to say about the connection, if anything. */
  readonly connection: () => 'close' | 'keep-alive' | undefined
  /** Whether another request may follow on the connection. */
  readonly keepsAlive: () => boolean
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** False where a length of 0 was announced, or nothing. */
  readonly hasBody: boolean
  /** Reads the body. Whoever asked whether it is wanted gets the answer here. */
  readonly body: () => Promise<Body>
}

/** The body of a request. */
export type Body = {
  readonly text: string
  /** Why there is no more of it, where it is not whole. */
  readonly broken?: string
}

/** A request that is none. The connection ends behind the answer. */
export class Malformed extends Error {
  /** The status line behind the version, and the text of the body: `400 Bad Request`. */
  readonly status: string
  /** The text of the body, where it is another one. */
  readonly text: string

  /**
   * @param status - number and reason
   * @param text - the body
   */
  constructor(status: string, text = status) {
    super(status)
    this.status = status
    this.text = text
  }
}

/** The longest head that is read, and the longest body. */
const longest = { head: 1024 * 1024 + 4096, body: 64 * 1024 * 1024 }

function isToken(text: string): boolean {
  return text !== '' && leadingToken(text) === text
}

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
  let kept: Buffer[] = []
  let size = 0
  let ended = false
  let wake = (): void => {}
  /** Reads what is left of the last request's body, which nobody wanted. */
  let finishLast: () => Promise<unknown> = async () => {}

  const onData = (chunk: Buffer): void => {
    kept.push(chunk)
    size += chunk.length
    wake()
  }
  const onEnd = (): void => {
    ended = true
    wake()
  }
  socket.on('data', onData)
  socket.on('end', onEnd)
  socket.on('close', onEnd)

  /** Waits for more bytes. False at the end. */
  async function more(): Promise<boolean> {
    if (ended) return false
    await new Promise<void>((resolve) => {
      wake = resolve
    })
    return true
  }

  /** All that is kept, in one piece. It is joined once, and not for each line that is read of it. */
  function joined(): Buffer {
    const [first, ...others] = kept
    const all = first && others.length === 0 ? first : Buffer.concat(kept)
    kept = [all]
    return all
  }

  function takeKept(length: number): Buffer {
    const all = joined()
    const rest = all.subarray(length)
    kept = rest.length > 0 ? [rest] : []
    size = rest.length
    return all.subarray(0, length)
  }

  /** Takes so many bytes, or as many as come before the end. */
  async function take(length: number): Promise<Buffer> {
    if (length > longest.body) throw new Malformed('413 Request Entity Too Large')
    while (size < length && (await more()));
    return takeKept(Math.min(length, size))
  }

  /** Takes a line with its line feed. Undefined when the end comes first. */
  async function takeLine(most: number): Promise<string | undefined> {
    for (let searched = 0; ; ) {
      const all = joined()
      const at = all.indexOf('\n', searched)
      // However fast it came: what is too long is so with its end as without it.
      if ((at < 0 ? all.length : at) > most) {
        throw new Malformed('431 Request Header Fields Too Large')
      }
      if (at >= 0) return takeKept(at + 1).toString('latin1')
      searched = all.length
      if (!(await more())) return undefined
    }
  }

  /** Takes the lines of a head. Undefined when the client ended and began no other request. */
  async function takeHead(): Promise<string[] | undefined> {
    const lines: string[] = []
    let length = 0
    for (;;) {
      const line = await takeLine(longest.head - length)
      if (line === undefined) {
        if (size === 0 && lines.length === 0) return undefined
        throw new Malformed('400 Bad Request')
      }
      length += line.length
      const text = line.replace(/\r?\n$/, '')
      if (text === '' && lines.length > 0) return lines
      // A line that begins with a space continues the one before it.
      if (/^[ \t]/.test(text) && lines.length > 1) lines.push(`${lines.pop()} ${text.trim()}`)
      else lines.push(text)
    }
  }

  /** A body in chunks: a length in hex, so many bytes, and again, until a length of 0. */
  async function takeChunks(): Promise<Body> {
    const parts: Buffer[] = []
    const end = (broken?: string): Body => ({
      text: Buffer.concat(parts).toString(),
      ...(broken !== undefined && { broken }),
    })
    for (;;) {
      const line = await takeLine(4096)
      if (line === undefined) return end('unexpected EOF')
      if (!line.endsWith('\r\n')) return end('chunked line ends with bare LF')
      const digits = (line.split(';', 1)[0] ?? '').trimEnd()
      if (!/^[0-9a-fA-F]+$/.test(digits)) return end('invalid byte in chunk length')
      if (digits.length > 16) return end('http chunk length too large')
      const length = Number.parseInt(digits, 16)
      if (length === 0) break
      const part = await take(length)
      parts.push(part)
      if (part.length < length) return end('unexpected EOF')
      const mark = await take(2)
      if (mark.length < 2) return end('unexpected EOF')
      if (mark.toString() !== '\r\n') return end('malformed chunked encoding')
    }
    // Fields may follow that nobody needs.
    for (;;) {
      const line = await takeLine(longest.head)
      if (line === undefined) return end('unexpected EOF')
      if (line.trim() === '') return end()
    }
  }

  async function takePlain(length: number): Promise<Body> {
    const bytes = await take(length)
    const text = bytes.toString()
    return bytes.length < length ? { text, broken: 'unexpected EOF' } : { text }
  }

  async function next(): Promise<PracticeRequest | undefined> {
    await finishLast()
    const lines = await takeHead()
    if (lines === undefined) return undefined
    const [line = '', ...fields] = lines
    const { method, target, minor } = readRequestLine(line)
    const headers = readFields(fields)
    checkHost(headers, minor)
    const isChunked = readTransferEncoding(headers)
    const length = readLength(headers)
    const hasBody = isChunked || length > 0
    const asks = readExpectation(headers)

    let reading: Promise<Body> | undefined
    let isBroken = false
    const body = (): Promise<Body> => {
      reading ??= (async () => {
        if (asks && hasBody) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
        const read = isChunked ? await takeChunks() : await takePlain(length)
        isBroken = isChunked && read.broken !== undefined
        return read
      })()
      return reading
    }
    finishLast = body
    const wishes = (headers.get('connection')?.at(-1) ?? '').toLowerCase().split(/[\s,]+/)
    const isOld = minor === 0
    // A client that asked first and was not answered may send its body or not: nobody knows.
    const isLost = (): boolean => isBroken || (asks && hasBody && reading === undefined)
    const staysOpen = isOld ? wishes.includes('keep-alive') : !wishes.includes('close')
    return {
      method,
      target,
      protocol: isOld ? 'HTTP/1.0' : 'HTTP/1.1',
      connection: () => {
        if (isOld) return staysOpen && !isLost() ? 'keep-alive' : undefined
        return staysOpen && !isLost() ? undefined : 'close'
      },
      keepsAlive: () => staysOpen && !isLost(),
      headers: new Map([...headers].map(([name, values]) => [name, values[0] ?? ''])),
      hasBody,
      body,
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
      kept = []
      size = 0
    },
  }
}

function readRequestLine(line: string): {
  readonly method: string
  readonly target: string
  readonly minor: number
} {
  const [, method = '', bytes = '', protocol = ''] = /^([^ ]*) ([^ ]*) (.*)$/.exec(line) ?? []
  const [, major, minor] = /^HTTP\/(\d)\.(\d)$/.exec(protocol) ?? []
  const target = Buffer.from(bytes, 'latin1').toString()
  if (!isToken(method) || major === undefined) throw new Malformed('400 Bad Request')
  if (
    !/^(?:\/|https?:\/\/|\*$)/.test(target) ||
    /%(?![0-9a-fA-F]{2})/.test(target.split('?')[0] ?? '')
  ) {
    throw new Malformed('400 Bad Request')
  }
  if (major !== '1') {
    throw new Malformed('505 HTTP Version Not Supported: unsupported protocol version')
  }
  return { method, target: target.replace(/^https?:\/\/[^/?]*/, ''), minor: Number(minor) }
}

type Fields = Map<string, string[]>

function readFields(lines: readonly string[]): Fields {
  const fields: Fields = new Map()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon)
    if (colon < 1) throw new Malformed('400 Bad Request')
    if (!isToken(name.replaceAll(' ', ''))) throw new Malformed('400 Bad Request')
    if (name.includes(' ')) throw new Malformed('400 Bad Request: invalid header name')
    const value = Buffer.from(line.slice(colon + 1), 'latin1')
      .toString()
      .trim()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) throw new Malformed('400 Bad Request')
    const key = name.toLowerCase()
    fields.set(key, [...(fields.get(key) ?? []), value])
  }
  return fields
}

function checkHost(headers: Fields, minor: number): void {
  const hosts = headers.get('host') ?? []
  if (hosts.length > 1) throw new Malformed('400 Bad Request')
  if (hosts.length === 0 && minor > 0) {
    throw new Malformed('400 Bad Request: missing required Host header')
  }
  if (!/^[0-9A-Za-z!$%&()*+,\-.:;=[\]'_~]*$/.test(hosts[0] ?? '')) {
    throw new Malformed('400 Bad Request: malformed Host header')
  }
}

/** Whether the body comes in chunks, which is the only other way that is understood. */
function readTransferEncoding(headers: Fields): boolean {
  const encodings = headers.get('transfer-encoding')
  if (!encodings) return false
  if (encodings.length === 1 && encodings[0]?.toLowerCase() === 'chunked') return true
  throw new Malformed('501 Not Implemented', 'Unsupported transfer encoding')
}

function readLength(headers: Fields): number {
  const [length = '0', ...others] = headers.get('content-length') ?? []
  if (!/^\d{1,18}$/.test(length) || others.some((other) => other !== length)) {
    throw new Malformed('400 Bad Request')
  }
  return Number(length)
}

/** Whether the client waits for a word before it sends its body. */
function readExpectation(headers: Fields): boolean {
  const expected = (headers.get('expect')?.[0] ?? '').toLowerCase()
  if (expected.split(/[\s,]+/).includes('100-continue')) return true
  if (expected === '') return false
  throw new Malformed('417 Expectation Failed', '')
}
