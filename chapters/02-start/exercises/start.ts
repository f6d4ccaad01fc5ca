/**
 * # Exercise 2: ask for the connection
 *
 * In: an exec that the daemon has written down (`Created`).
 *
 * Out: the daemon's `reply`, whatever it says, as its `status`, its `contentType` (a header of the
 * answer, or an empty text) and its `body`; and the `connection` if it is ours now, held under the
 * label `connection`, else null (`Started`). With `-d` there is no session: `startDetached` does
 * everything, and you return what it returns.
 *
 * You are done when the command runs and the daemon has answered 101; when the connection is held,
 * so that a walk that stops here closes it; and when a refusal is passed on, not thrown: chapter 3
 * has something to say about it.
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
    // askForUpgrade(created, kit) is below. kit.scope.hold(label, value, release) registers what you
    // acquired and returns it as something held. A socket is released by socket.destroy().
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
        // The daemon has agreed. Resolve with the reply and the socket (`socket as Socket`).
        throw notWritten('2 start', status, headers, socket, resolve)
      },

      onResponseStart(controller, status, headers) {
        // YOUR CODE
        // Any other status. Set `reply`. After a 200 no end will come: controller.abort(error).
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
