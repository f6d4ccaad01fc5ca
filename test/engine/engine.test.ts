/**
 * Ordinary requests on a connection that the daemon closes while it is idle.
 *
 * @module
 */

import { expect, onTestFinished, test } from 'vitest'
import { createRecorder } from '../../src/tape/recorder.ts'
import { connectEngine } from '../support/kit.ts'
import { type Answer, breakOff, engineRoutes, json, startServer } from '../support/server.ts'

/**
 * A daemon that closes the connection on the first request to a route, by
 * default before it answers.
 */
async function daemonThatBreaks(on: string, broken: Answer = breakOff()) {
  let asked = 0
  const routes = [
    {
      on,
      answer: () => {
        asked += 1
        return asked === 1 ? broken : json('200 OK', { Running: false, ExitCode: 5 })
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

test('a GET is retried if the connection closed before the answer', async () => {
  const { engine, asked } = await daemonThatBreaks('GET /exec/e1/json')
  const reply = await engine.request('GET', '/exec/e1/json')
  expect(reply.status).toBe(200)
  expect(asked()).toBe(2)
})

test('a GET is not retried if a part of the answer arrived', async () => {
  for (const part of ['HTTP/1.1 200', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"R']) {
    const broken = { pieces: [part], after: 'end' } as const
    const { engine, asked } = await daemonThatBreaks('GET /exec/e1/json', broken)
    await expect(engine.request('GET', '/exec/e1/json')).rejects.toThrow(/json": EOF$/)
    expect(asked()).toBe(1)
  }
})

test('a POST is never retried, because it may have been carried out', async () => {
  const { engine, asked } = await daemonThatBreaks('POST /containers/box/exec')
  await expect(engine.request('POST', '/containers/box/exec', {})).rejects.toThrow(
    /^error during connect: Post "/,
  )
  expect(asked()).toBe(1)
})

test('an answer that ends with its connection is recorded completely, and so is the next one', async () => {
  const bare = { pieces: ['HTTP/1.1 200 OK\r\n\r\n{"Running":', 'true}'], after: 'end' } as const
  const routes = [{ on: 'GET /exec/e1/json', answer: bare }]
  const server = await startServer([...routes, ...engineRoutes])
  onTestFinished(server.stop)
  const environment = { DOCKER_HOST: server.host, DOCKER_CONFIG: '/nonexistent' }
  const record = createRecorder()
  record.begin()
  const engine = await connectEngine({ environment, warn: () => {}, record })
  onTestFinished(engine.close)

  for (const _ of [1, 2]) await engine.request('GET', '/exec/e1/json')
  const told = record.events().flatMap((event) => (event.kind === 'answer' ? [event.body] : []))
  expect(told.slice(-2)).toEqual(['{"Running":true}', '{"Running":true}'])
})
