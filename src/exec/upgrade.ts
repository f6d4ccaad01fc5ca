/**
 * The start of an exec with an upgrade, for those who need a session and do not teach how to get one.
 * Chapter 2 has the same request with every line explained.
 *
 * @module
 */

import type { Socket } from 'node:net'
import type { Engine, Reply } from '../engine/engine.ts'

/** What the daemon answered, and the socket if that was a 101. */
export type Upgraded = { readonly reply: Reply; readonly socket?: Socket }

/**
 * Asks the daemon to start an exec and to hand over the connection.
 *
 * @param path - without the version: `/exec/fc9c…/start`
 * @throws a Failure if there is no answer
 */
export function upgrade(engine: Engine, path: string, body: unknown): Promise<Upgraded> {
  const client = engine.openClient()
  const request = { ...engine.jsonRequest('POST', path, body), upgrade: 'tcp' }
  return new Promise((resolve, reject) => {
    let reply = { status: 0, headers: {}, body: '' }
    client.dispatch(request, {
      onRequestStart() {},
      onRequestUpgrade(_, status, headers, socket) {
        resolve({ reply: { ...reply, status, headers: asText(headers) }, socket: socket as Socket })
      },
      onResponseStart(controller, status, headers) {
        reply = { ...reply, status, headers: asText(headers) }
        // The body of such an answer would be the session, and would not end.
        if (status < 300) controller.abort(new Error('not upgraded'))
      },
      onResponseData(_, piece) {
        reply.body += piece
      },
      onResponseEnd() {
        resolve({ reply })
        client.destroy()
      },
      onResponseError(_, error) {
        if (reply.status > 0) resolve({ reply })
        else reject(engine.explain(error, request))
        client.destroy()
      },
    })
  })
}

/** Headers as undici hands them over, with a text for each name. */
function asText(headers: Readonly<Record<string, string | string[] | undefined>>) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `${value}`]))
}
