import { describe, expect, onTestFinished, test } from 'vitest'
import type { Created } from '../../../chapters/01-create/stage.ts'
import { start } from '../../../chapters/02-start/stage.ts'
import { isDone } from '../../../src/course/stage.ts'
import { asked, dockerConfig, failureOf, makeKit } from '../../support/kit.ts'
import { answer, engineRoutes, type Route, refusal, startServer } from '../../support/server.ts'

const created = (changes: Partial<Created> = {}): Created => ({
  ...asked(),
  execId: 'e1',
  ...changes,
})

async function server(...routes: Route[]) {
  const running = await startServer([...routes, ...engineRoutes])
  onTestFinished(running.stop)
  return running
}

describe('start', () => {
  test('sends Connection, Upgrade, User-Agent and Content-Type', async () => {
    const { host, requests } = await server()
    const folder = dockerConfig({ HttpHeaders: { 'X-Team': 'blue', upgrade: 'h2c' } })
    await start.run(created(), await makeKit(host, {}, { DOCKER_CONFIG: folder }))
    const headers = requests.at(-1)?.headers.join('\n') ?? ''
    expect(headers).toMatch(/^connection: upgrade$/im)
    expect(headers).toMatch(/^upgrade: tcp$/im)
    expect(headers).toMatch(/^user-agent: docker-exec-workbook/im)
    expect(headers).toMatch(/^content-type: application\/json$/im)
    expect(headers).toMatch(/^x-team: blue$/im)
    expect(headers).not.toMatch(/h2c/)
  })

  test.each([true, false])('sends the ExecStartCheck with Tty %s', async (tty) => {
    const { host, requests } = await server()
    await start.run(created({ tty }), await makeKit(host))
    expect(JSON.parse(requests.at(-1)?.body ?? '')).toEqual({ Detach: false, Tty: tty })
  })

  test('passes on the 101 and holds the connection', async () => {
    const { host } = await server()
    const kit = await makeKit(host)
    const started = await start.run(created(), kit)
    expect(started).toMatchObject({
      reply: { status: 101, contentType: 'application/vnd.docker.raw-stream' },
    })
    expect(kit.scope.live()).toEqual(['connection'])
  })

  test('passes on a refusal without a connection', async () => {
    const { host } = await server({
      on: 'POST /exec/e1/start',
      answer: refusal('409 Conflict', 'Container box is paused'),
    })
    const started = await start.run(created(), await makeKit(host))
    expect(started).toMatchObject({ reply: { status: 409 }, connection: null })
  })

  test('sends no upgrade headers when detached, and ends the course', async () => {
    const { host, requests } = await server({
      on: 'POST /exec/e1/start',
      answer: { pieces: ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'], after: 'keep' },
    })
    const state = await start.run(created({ detach: true }), await makeKit(host))
    expect(isDone(state)).toBe(true)
    expect(state).toMatchObject({ exitCode: 0 })
    expect(requests.at(-1)?.headers.join('\n')).not.toMatch(/upgrade/i)
    expect(JSON.parse(requests.at(-1)?.body ?? '')).toEqual({ Detach: true, Tty: false })
  })

  test('accepts Podman’s line feed as the body of a detached start', async () => {
    const { host } = await server({
      on: 'POST /exec/e1/start',
      answer: answer('200 OK', 'text/plain; charset=us-ascii', '\n'),
    })
    const state = await start.run(created({ detach: true }), await makeKit(host))
    expect(state).toMatchObject({ done: true, exitCode: 0 })
  })

  test('fails with the daemon’s message if a detached command cannot start', async () => {
    const { host } = await server({
      on: 'POST /exec/e1/start',
      answer: refusal('400 Bad Request', 'OCI runtime exec failed: not found'),
    })
    const failure = await failureOf(start.run(created({ detach: true }), await makeKit(host)))
    expect(failure.message).toBe('Error response from daemon: OCI runtime exec failed: not found')
  })
})
