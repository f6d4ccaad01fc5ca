/**
 * A relay between a client and an engine. It takes every message of the
 * engine apart and passes it on as a fault wants it.
 *
 * @module
 */

import { createConnection, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { connectionOptions } from '../support/api.ts'
import { breakConnection, listen, type Transport } from '../support/listen.ts'
import { createRequestReader } from '../support/proxy.ts'

/**
 * What an engine sends: the answers to a ping, to the lookup of a container,
 * to create, start, resize and inspect, and the bytes of a session after the
 * 101.
 */
export const messages = [
  'ping',
  'container',
  'create',
  'start',
  'session',
  'resize',
  'inspect',
] as const

/** The name of a message. */
export type Message = (typeof messages)[number]

/** How a message is passed on. */
export type Delivery = {
  /** Sent one after the other. */
  readonly pieces: readonly (Uint8Array | string)[]
  /** The pause after each piece, in milliseconds. */
  readonly pause?: number
  /**
   * What happens next. `end` closes our direction, `reset` the connection.
   * `stall` sends nothing more. `die` closes everything, like a daemon that
   * is killed.
   */
  readonly after?: 'go on' | 'end' | 'reset' | 'stall' | 'die'
}

/** What a relay does wrong. */
export type RelayFault = {
  /** Passes a message on. Undefined: unchanged. */
  readonly deliver?: (message: Message, bytes: Buffer) => Delivery | undefined
  /** How many connections it accepts. */
  readonly connections?: number
  /**
   * Whether it passes a session on as it comes, in one message per read, and
   * not as a whole at its end.
   */
  readonly isStreaming?: boolean
  /** Whether it stops to read the input of a session. */
  readonly stallsInput?: boolean
}

/** A relay that is listening. */
export type Relay = {
  /** Its address, for DOCKER_HOST. */
  readonly host: string
  /** The number of open connections to clients. */
  readonly open: () => number
  /** Passes on the next messages with this fault. Accepts connections again. */
  readonly use: (fault: RelayFault) => void
  readonly stop: () => Promise<void>
}

/** Starts a relay in front of the engine at an address. */
export async function startRelay(engineHost: string, transport: Transport): Promise<Relay> {
  let fault: RelayFault = {}
  let accepted = 0
  let isDead = false

  const listener = await listen(transport, (client) => {
    client.on('error', () => {})
    accepted += 1
    if (isDead || accepted > (fault.connections ?? Number.POSITIVE_INFINITY)) {
      breakConnection(client)
      return
    }
    relayConnection(client, engineHost, fault, () => {
      isDead = true
      for (const socket of listener.open) breakConnection(socket)
    })
  })

  return {
    host: listener.host,
    open: () => listener.open.size,
    use(next) {
      fault = next
      accepted = 0
      isDead = false
    },
    stop: listener.stop,
  }
}

/**
 * Returns how many connections clients leave open, when they've had time to
 * close them.
 */
export async function openConnections(relay: Relay): Promise<number> {
  for (let tries = 0; tries < 500 && relay.open() > 0; tries += 1) await wait(tries < 50 ? 1 : 10)
  return relay.open()
}

/** Passes on the bytes of one connection, message by message. */
function relayConnection(
  client: Socket,
  engineHost: string,
  { deliver, isStreaming = false, stallsInput = false }: RelayFault,
  die: () => void,
): void {
  const engine = createConnection({ ...connectionOptions(engineHost), allowHalfOpen: true })
  const expected: { readonly message: Message | 'other'; readonly isHead: boolean }[] = []
  let delivering = Promise.resolve()
  let received: Buffer = Buffer.alloc(0)
  let isSession = false
  let isStalled = false

  const readRequests = createRequestReader(({ method, path }) => {
    const message = messageOf(path)
    expected.push({ message, isHead: method === 'HEAD' })
    if (message === 'start' && stallsInput) client.pause()
  })

  function pass(message: Message | 'other', bytes: Buffer): void {
    const delivery = (message !== 'other' && deliver?.(message, bytes)) || { pieces: [bytes] }
    delivering = delivering.then(() => send(delivery))
  }

  async function send({ pieces, pause = 0, after = 'go on' }: Delivery): Promise<void> {
    for (const piece of pieces) {
      if (isStalled || client.destroyed || client.writableEnded) return
      client.write(piece)
      // Even without a pause, each piece is a packet of its own.
      if (pieces.length > 1) await (pause > 0 ? wait(pause) : new Promise(setImmediate))
    }
    if (after === 'end') client.end()
    if (after === 'reset') breakConnection(client)
    if (after === 'stall') isStalled = true
    if (after === 'die') die()
  }

  /** Takes one complete answer from the received bytes. */
  function takeAnswer(): boolean {
    const [next] = expected
    const headEnd = received.indexOf('\r\n\r\n') + 4
    if (!next || headEnd < 4) return false
    const head = received.toString('latin1', 0, headEnd)
    const status = Number(head.split(' ')[1])
    const length = /^content-length: *(\d+)/im.exec(head)?.[1] ?? 0
    const isChunked = /^transfer-encoding: *chunked/im.test(head)
    const lastChunk = received.indexOf('0\r\n\r\n', headEnd) + 5
    if (isChunked && lastChunk < 5) return false
    const end =
      next.isHead || status === 101 ? headEnd : isChunked ? lastChunk : headEnd + Number(length)
    if (received.length < end) return false
    expected.shift()
    isSession = status === 101
    const answer = received.subarray(0, end)
    received = received.subarray(end)
    pass(next.message, answer)
    return !isSession
  }

  client.on('data', (chunk: Buffer) => {
    readRequests(chunk)
    engine.write(chunk)
  })
  client.on('end', () => engine.end())
  client.on('close', () => engine.destroy())
  engine.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    while (!isSession && takeAnswer()) {
      // One read may bring several answers.
    }
    if (isSession && isStreaming && received.length > 0) {
      pass('session', received)
      received = Buffer.alloc(0)
    }
  })
  engine.on('end', () => {
    // A session is passed on as a whole, with its end.
    if (isSession && !isStreaming) pass('session', received)
    delivering = delivering.then(() => {
      if (!isStalled) client.end()
    })
  })
  engine.on('error', () => client.destroy())
}

function messageOf(path: string): Message | 'other' {
  if (path.includes('/_ping')) return 'ping'
  if (/\/containers\/[^/]+\/json/.test(path)) return 'container'
  if (/\/containers\/[^/]+\/exec/.test(path)) return 'create'
  const [, verb] = /\/exec\/[^/]+\/(start|resize|json)/.exec(path) ?? []
  if (verb === 'json') return 'inspect'
  return (verb as 'start' | 'resize' | undefined) ?? 'other'
}
