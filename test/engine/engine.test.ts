/**
 * Ordinary requests on a connection that the other side closes while it is idle.
 *
 * @module
 */

import { expect, onTestFinished, test } from 'vitest'
import { connectEngine } from '../support/kit.ts'
import { breakOff, engineRoutes, json, startServer } from '../support/server.ts'

/** A daemon that breaks the connection at its first `method` request about the exec. */
async function daemonThatBreaks(on: string) {
  let asked = 0
  const routes = [
    {
      on,
      answer: () => {
        asked += 1
        return asked === 1 ? breakOff() : json('200 OK', { Running: false, ExitCode: 5 })
      },
    },
  ]
  const server = await startServer([...routes, ...engineRoutes])
  onTestFinished(server.stop)
  const environment = { DOCKER_HOST: server.host, DOCKER_CONFIG: '/nonexistent' }
  const engine = await connectEngine({ environment, warn: () => {} })
  onTestFinished(engine.close)
  return { engine, asked: () => asked }
}

test('a question that got no answer because the connection closed is asked once more', async () => {
  const { engine, asked } = await daemonThatBreaks('GET /exec/e1/json')
  const reply = await engine.request('GET', '/exec/e1/json')
  expect(reply.status).toBe(200)
  expect(asked()).toBe(2)
})

test('an order is never given twice: whether it was carried out nobody knows', async () => {
  const { engine, asked } = await daemonThatBreaks('POST /containers/box/exec')
  await expect(engine.request('POST', '/containers/box/exec', {})).rejects.toThrow(
    /^error during connect: Post "/,
  )
  expect(asked()).toBe(1)
})
