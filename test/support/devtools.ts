/**
 * Chromium's DevTools protocol over two pipes, its descriptors 3 and 4: messages are JSON with a
 * zero byte behind each.
 *
 * @module
 */

import type { Readable, Writable } from 'node:stream'

/** What an answer or an event says. */
export type Result = Record<string, unknown>

/** A message of the protocol: an answer has the number of what it answers, an event has a method. */
type Message = {
  readonly id?: number
  readonly sessionId?: string
  readonly method?: string
  readonly params?: Result
  readonly result?: Result
  readonly error?: { readonly message: string }
}

type Send = (method: string, params?: Result, sessionId?: string) => Promise<Result>

/** The two pipes to a browser. */
export type Connection = {
  /** Asks the browser for something, and waits for its answer. */
  readonly send: Send
  /** Calls back for every event of a session. */
  readonly listen: (sessionId: string, take: (method: string, params: Result) => void) => void
}

/** Begins to talk over two pipes. */
export function connect(into: Writable, from: Readable): Connection {
  const waiting = new Map<
    number,
    { resolve: (result: Result) => void; reject: (e: Error) => void }
  >()
  const listeners = new Map<string, (method: string, params: Result) => void>()
  let last = 0
  let unread = ''

  function take(message: Message): void {
    if (message.id === undefined) {
      listeners.get(message.sessionId ?? '')?.(message.method ?? '', message.params ?? {})
      return
    }
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error) asked?.reject(new Error(`the browser: ${message.error.message}`))
    else asked?.resolve(message.result ?? {})
  }

  from.setEncoding('utf8')
  from.on('data', (text: string) => {
    const messages = (unread + text).split('\0')
    unread = messages.pop() ?? ''
    for (const message of messages) take(JSON.parse(message) as Message)
  })
  from.once('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('the browser has ended'))
  })
  // A browser that has ended is noticed where it is read.
  into.on('error', () => {})

  return {
    send: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        last += 1
        waiting.set(last, { resolve, reject })
        into.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`)
      }),
    listen: (sessionId, listener) => void listeners.set(sessionId, listener),
  }
}
