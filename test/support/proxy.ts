/**
 * A proxy in front of an engine that writes down what goes through it, and can cut it.
 *
 * @module
 */

import { createConnection } from 'node:net'
import { connectionOptions } from './api.ts'
import { breakConnection, listen, type Transport } from './listen.ts'

/** What went through one connection. */
export type Recorded = {
  /** What the client sent. */
  readonly sent: () => Buffer
  /** What the engine sent. */
  readonly received: () => Buffer
  /** Who ended its direction, in the order of time: a half-close each. */
  readonly ends: readonly ('client' | 'engine')[]
}

/** One request line with its headers and its body, as it was sent. */
export type RecordedRequest = {
  readonly method: string
  readonly path: string
  /** Each header line as the client wrote it. */
  readonly headers: readonly string[]
  readonly body: string
}

/** A proxy that is listening. */
export type RecordingProxy = {
  /** Its address, for DOCKER_HOST. */
  readonly host: string
  readonly connections: readonly Recorded[]
  /** The requests of all connections, in the order in which they were sent. */
  readonly requests: readonly RecordedRequest[]
  /**
   * Cuts every connection as soon as one has brought this text from the engine: in an orderly
   * way (`end`) or not (`reset`), and with `stop` nobody can connect any more either.
   */
  readonly cutBehind: (text: string, how: 'end' | 'reset', stop?: 'stop') => void
  readonly stop: () => Promise<void>
}

/** Puts a proxy in front of the engine at `host`. */
export async function startProxy(
  host: string,
  transport: Transport = 'unix',
): Promise<RecordingProxy> {
  const connections: Recorded[] = []
  const requests: RecordedRequest[] = []
  let cut: ((received: Buffer) => void) | undefined

  const listener = await listen(transport, (client) => {
    const engine = createConnection({ ...connectionOptions(host), allowHalfOpen: true })
    const sent: Buffer[] = []
    const received: Buffer[] = []
    const ends: ('client' | 'engine')[] = []
    connections.push({
      sent: () => Buffer.concat(sent),
      received: () => Buffer.concat(received),
      ends,
    })
    const readRequests = createRequestReader((request) => requests.push(request))
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
    cutBehind(text, how, stop) {
      cut = (received) => {
        if (!received.includes(text)) return
        if (stop) listener.refuse()
        // What was read is written in this same turn: it reaches the client, and then comes the cut.
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
 * Makes a reader that finds the requests in what a client sends. Behind the first request that
 * asks for an upgrade it finds no more: from there on the bytes are the user's.
 */
export function createRequestReader(
  found: (request: RecordedRequest) => void,
): (chunk: Uint8Array) => Buffer | undefined {
  let waiting: Buffer = Buffer.alloc(0)
  let isUpgraded = false

  function readOne(): boolean {
    const headEnd = waiting.indexOf('\r\n\r\n')
    if (headEnd < 0) return false
    const [first = '', ...headers] = waiting.subarray(0, headEnd).toString('latin1').split('\r\n')
    const body = readBody(headers, waiting.subarray(headEnd + 4))
    if (!body) return false
    waiting = body.rest
    const [method = '', path = ''] = first.split(' ')
    isUpgraded = headers.some((header) => /^upgrade:/i.test(header))
    found({ method, path, headers, body: body.bytes.toString() })
    return true
  }

  return (chunk) => {
    if (isUpgraded) return Buffer.from(chunk)
    waiting = Buffer.concat([waiting, chunk])
    while (!isUpgraded && readOne()) {
      // There may be another request behind it.
    }
    return isUpgraded ? waiting : undefined
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
