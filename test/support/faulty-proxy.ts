/**
 * A proxy in front of an engine that does one thing wrong.
 *
 * @module
 */

import { createConnection, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { connectionOptions } from './api.ts'
import { type Listener, listen } from './listen.ts'

/** What the proxy can do wrong. Each of them was seen with a real one. */
export const proxyFaults = {
  'drops-upgrade': 'removes the Upgrade and Connection headers of the start',
  'refuses-start': 'answers the start itself, with 403',
  'closes-at-half-close': 'closes both directions when the client closes one',
  'keeps-half-close': 'does not pass on that the client has closed its direction',
  'keeps-end': 'does not pass on that the engine has closed its direction',
  'forgets-half-closed': 'drops everything once a half-closed connection was silent for a second',
  'cuts-output': 'closes the connection after the first output',
  'starts-elsewhere': 'sends the start to another engine than the create',
} as const

/** The name of a fault. */
export type ProxyFault = keyof typeof proxyFaults

const refusal = 'exec is not allowed here\n'

/** How long a half-closed connection may be silent, in milliseconds. */
const memory = 1000

/**
 * Starts a proxy in front of the engine at `host`.
 *
 * @param other - the engine that gets the start if that goes elsewhere
 */
export async function startFaultyProxy(
  host: string,
  fault: ProxyFault,
  other = host,
): Promise<Listener> {
  return listen('unix', (client) => {
    client.once('data', (first: Buffer) => {
      // Docker's client and ours send the start on a connection of its own.
      const isSession = /^POST \S+\/start HTTP/.test(first.toString('latin1'))
      const active = isSession ? fault : undefined
      if (active === 'refuses-start') return refuse(client)
      const target = active === 'starts-elsewhere' ? other : host
      const engine = createConnection({ ...connectionOptions(target), allowHalfOpen: true })
      engine.write(active === 'drops-upgrade' ? withoutUpgrade(first) : first)
      connect(client, engine, active)
    })
    client.on('error', () => {})
  })
}

function refuse(client: Socket): void {
  client.end(
    `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: ${refusal.length}\r\nConnection: close\r\n\r\n${refusal}`,
  )
}

function withoutUpgrade(request: Buffer): Buffer {
  const text = request.toString('latin1').replaceAll(/^(?:connection|upgrade): .*\r\n/gim, '')
  return Buffer.from(text, 'latin1')
}

/** Passes bytes on in both directions, except for the fault. */
function connect(client: Socket, engine: Socket, fault: ProxyFault | undefined): void {
  let head = ''
  let heard = Date.now()
  let isHalfClosed = false
  const isForgotten = (): boolean =>
    fault === 'forgets-half-closed' && isHalfClosed && Date.now() - heard > memory

  client.on('data', (chunk: Buffer) => engine.write(chunk))
  engine.on('data', (chunk: Buffer) => {
    if (isForgotten() || client.writableEnded) return
    heard = Date.now()
    client.write(chunk)
    // What follows the blank line of the 101 is output.
    const isOutput = /\r\n\r\n./s.test(head + chunk.toString('latin1'))
    if (!isOutput) head += chunk.toString('latin1')
    else if (fault === 'cuts-output') void cut(client, engine)
  })
  client.on('end', () => {
    heard = Date.now()
    isHalfClosed = true
    if (fault === 'keeps-half-close') return
    if (fault === 'closes-at-half-close') void cut(client, engine)
    else engine.end()
  })
  engine.on('end', () => {
    if (fault !== 'keeps-end' && !isForgotten()) client.end()
  })
  client.on('close', () => {
    // An engine that loses a connection at once does not start the command.
    if (!client.writableEnded) engine.destroy()
  })
  engine.on('error', () => client.destroy())
}

/** Closes the client's side once what was sent has arrived. */
async function cut(client: Socket, engine: Socket): Promise<void> {
  await wait(10)
  client.end()
  engine.end()
}
