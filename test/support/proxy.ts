/**
 * A proxy in front of an engine that records the traffic and can cut the
 * connections.
 *
 * @module
 */

import { createConnection } from 'node:net'
import { connectionOptions } from './api.ts'
import { breakConnection, listen, type Transport } from './listen.ts'

/** The traffic of one connection. */
export type RecordedConnection = {
  /** Returns all bytes from the client. */
  readonly sent: () => Buffer
  /** Returns all bytes from the engine. */
  readonly received: () => Buffer
  /** Who has half-closed, in order. */
  readonly ends: readonly ('client' | 'engine')[]
}

/** One request as it was sent. */
export type RecordedRequest = {
  readonly method: string
  readonly path: string
  /** The header lines exactly as the client sent them. */
  readonly headers: readonly string[]
  readonly body: string
}

/** A request that the proxy has seen, and the index of its connection. */
export type ProxiedRequest = RecordedRequest & { readonly connection: number }

/** A proxy that is listening. */
export type RecordingProxy = {
  /** Its address, for DOCKER_HOST. */
  readonly host: string
  readonly connections: readonly RecordedConnection[]
  /** The requests of all connections, in the order they were sent. */
  readonly requests: readonly ProxiedRequest[]
  /**
   * Closes (`end`) or resets (`reset`) every connection as soon as the engine
   * has sent this text. With `stop`, it also refuses new connections.
   */
  readonly cutAfter: (text: string, how: 'end' | 'reset', stop?: 'stop') => void
  readonly stop: () => Promise<void>
}

/** Starts a proxy in front of the engine at `host`. */
export async function startProxy(
  host: string,
  transport: Transport = 'unix',
): Promise<RecordingProxy> {
  const connections: RecordedConnection[] = []
  const requests: ProxiedRequest[] = []
  let cut: ((received: Buffer) => void) | undefined

  const listener = await listen(transport, (client) => {
    const engine = createConnection({ ...connectionOptions(host), allowHalfOpen: true })
    const sent: Buffer[] = []
    const received: Buffer[] = []
    const ends: ('client' | 'engine')[] = []
    const connection = connections.length
    connections.push({
      sent: () => Buffer.concat(sent),
      received: () => Buffer.concat(received),
      ends,
    })
    const readRequests = createRequestReader((request) => requests.push({ ...request, connection }))
    client.on('data', (chunk: Buffer) => {
      sent.push(chunk)
      readRequests(chunk)
    })
    engine.on('data', (chunk: Buffer) => {
      received.push(chunk)
      cut?.(Buffer.concat(received))
    })
    client.on('end', () => ends.push('client'))
    engine.on('end', () => ends.push('engine'))
    client.pipe(engine)
    engine.pipe(client)
    client.on('error', () => engine.destroy())
    client.on('close', () => engine.destroy())
    engine.on('error', () => client.destroy())
  })

  return {
    host: listener.host,
    connections,
    requests,
    cutAfter(text, how, stop) {
      cut = (received) => {
        if (!received.includes(text)) return
        if (stop) listener.refuse()
        // The pipe forwards this chunk in the current turn, so the client
        // gets it before the cut.
        setImmediate(() => {
          for (const socket of listener.open) {
            if (how === 'reset') breakConnection(socket)
            else socket.end()
          }
        })
      }
    },
    stop: listener.stop,
  }
}

/**
 * Creates a reader that parses the requests in a client's bytes. After a
 * request for an upgrade it stops parsing, because the rest is the session's
 * input, and returns it.
 */
export function createRequestReader(
  found: (request: RecordedRequest) => void,
): (chunk: Uint8Array) => Buffer | undefined {
  let buffered: Buffer = Buffer.alloc(0)
  let isUpgraded = false

  function readOne(): boolean {
    const headEnd = buffered.indexOf('\r\n\r\n')
    if (headEnd < 0) return false
    const [first = '', ...headers] = buffered.subarray(0, headEnd).toString('latin1').split('\r\n')
    const body = readBody(headers, buffered.subarray(headEnd + 4))
    if (!body) return false
    buffered = body.rest
    const [method = '', path = ''] = first.split(' ')
    isUpgraded = headers.some((header) => /^upgrade:/i.test(header))
    found({ method, path, headers, body: body.bytes.toString() })
    return true
  }

  return (chunk) => {
    if (isUpgraded) return Buffer.from(chunk)
    buffered = Buffer.concat([buffered, chunk])
    while (!isUpgraded && readOne()) {
      // Read all complete requests.
    }
    return isUpgraded ? buffered : undefined
  }
}

type Body = { readonly bytes: Buffer; readonly rest: Buffer }

function readBody(headers: readonly string[], rest: Buffer): Body | undefined {
  if (headers.some((header) => /^transfer-encoding:\s*chunked/i.test(header))) {
    return readChunks(rest)
  }
  const lengths = headers.map((header) => /^content-length:\s*(\d+)/i.exec(header)?.[1])
  const length = Number(lengths.find((value) => value !== undefined) ?? 0)
  if (rest.length < length) return undefined
  return { bytes: rest.subarray(0, length), rest: rest.subarray(length) }
}

function readChunks(bytes: Buffer): Body | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const length = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16)
    const next = lineEnd + 2 + length + 2
    if (bytes.length < next) return undefined
    if (length === 0) return { bytes: Buffer.concat(chunks), rest: bytes.subarray(next) }
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length))
    at = next
  }
}
