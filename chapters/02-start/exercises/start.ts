/**
 * # Exercise 2: ask for the connection
 *
 * In: an exec that the daemon has created (`Created`).
 *
 * Out (`Started`): the daemon's `reply`, with `status`, `contentType` (the
 * Content-Type header, or an empty string) and `body`. Also the `connection`,
 * held under the label `connection`, or null if we didn't get it. With `-d`
 * there is no session: return what `startDetached` returns.
 *
 * You are done when the daemon answers 101 and starts the command; when the
 * connection is held, so a run that stops here closes it; and when you
 * pass on a refusal instead of throwing, because chapter 3 reports it.
 *
 * @module
 */

import type { Socket } from 'node:net'
import type { Kit } from '../../../src/course/kit.ts'
import type { Stage } from '../../../src/course/stage.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import { type Created, consoleSize } from '../../01-create/stage.ts'
import {
  execStartCheck,
  start as reference,
  type Started,
  type StartReply,
  startDetached,
  startPath,
} from '../stage.ts'

/** Chapter 2, yours. */
export const start: Stage<Created, Started> = {
  ...reference,

  async run(created, kit) {
    // YOUR CODE
    // Use askForUpgrade(created, kit), which is below. Register its socket
    // with kit.scope.hold(label, value, release), which returns a held value.
    // To release the socket, destroy it: socket.destroy().
    throw notWritten('2 start', created, kit, startDetached, askForUpgrade)
  },
}

function askForUpgrade(
  created: Created,
  kit: Kit,
): Promise<{ reply: StartReply; socket: Socket | null }> {
  const client = kit.engine.openClient()
  const body = { ...execStartCheck(created), ...consoleSize(created, kit) }
  const request = {
    ...kit.engine.jsonRequest('POST', startPath(created), body),
    upgrade: 'tcp',
  }

  return new Promise((resolve, reject) => {
    let reply: StartReply = { status: 0, contentType: '', body: '' }

    client.dispatch(request, {
      onRequestStart() {},

      onRequestUpgrade(_, status, headers, socket) {
        // YOUR CODE
        // The daemon agreed: resolve with the reply and `socket as Socket`.
        throw notWritten('2 start', status, headers, socket, resolve)
      },

      onResponseStart(controller, status, headers) {
        // YOUR CODE
        // Any other status: set `reply`. The body of a 200 lasts as long as
        // the session, so abort it with controller.abort(error).
        throw notWritten('2 start', controller, status, headers)
      },
      onResponseData(_, piece) {
        reply = { ...reply, body: reply.body + piece }
      },
      onResponseEnd() {
        resolve({ reply, socket: null })
        client.destroy()
      },
      onResponseError(_, error) {
        if (reply.status > 0) resolve({ reply, socket: null })
        else reject(kit.engine.explain(error, request))
        client.destroy()
      },
    })
  })
}
