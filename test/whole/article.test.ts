/**
 * The article, end to end: what its author did, repeated with the workbook on
 * a real engine.
 *
 * @module
 */

import { describe, expect, onTestFinished, test } from 'vitest'
import { describeWithEngine, isPodman, startContainer } from '../support/engine.ts'
import { startProxy } from '../support/proxy.ts'
import { openTerminal } from '../support/pty.ts'
import { run } from '../support/run.ts'
import { script } from '../support/scripts.ts'

async function boxAndProxy(host: string) {
  const box = await startContainer()
  onTestFinished(box.release)
  const proxy = await startProxy(host)
  onTestFinished(proxy.stop)
  return { box, proxy }
}

describeWithEngine('docker exec -it CONTAINER sh, as in the article', (engine) => {
  test('sends the four requests from the article’s log in the same order', async () => {
    const { box, proxy } = await boxAndProxy(engine.host)
    const [command, ...args] = script('exec', '-it', box.name, 'sh', '-c', 'echo ready; read x')
    const terminal = openTerminal(command, args, {
      rows: 69,
      columns: 236,
      env: { DOCKER_HOST: proxy.host },
    })
    onTestFinished(terminal.stop)
    await terminal.waitFor('ready')
    terminal.type('\n')
    expect((await terminal.ended).code).toBe(0)

    const log = proxy.requests
      .map(({ method, path }) => `${method} ${path}`)
      .filter((line) => line.includes('/exec'))
      .map((line) => line.replace(/\/v1\.\d+\//, '/v1.20/').replace(/[0-9a-f]{64}/, 'ID'))
    expect(log).toEqual([
      `POST /v1.20/containers/${box.name}/exec`,
      'POST /v1.20/exec/ID/start',
      'POST /v1.20/exec/ID/resize?h=69&w=236',
      'GET /v1.20/exec/ID/json',
    ])
  })

  test('uses a separate connection for the session', async () => {
    const { box, proxy } = await boxAndProxy(engine.host)
    const [command, ...args] = script('exec', box.name, 'true')
    await run(command, args, { env: { DOCKER_HOST: proxy.host } })
    // Podman's answer to the ping has no length, so undici closes that
    // connection and opens another one for the create.
    expect(proxy.connections).toHaveLength(isPodman(engine) ? 3 : 2)
    expect(proxy.connections.at(-1)?.sent().toString()).toMatch(/^POST \S+\/start /)
  })

  test('exits with the command’s status if it is not 0 (StatusError)', async () => {
    const { box, proxy } = await boxAndProxy(engine.host)
    const [command, ...args] = script('exec', box.name, 'sh', '-c', 'exit 42')
    const ended = await run(command, args, { env: { DOCKER_HOST: proxy.host } })
    expect(ended.code).toBe(42)
  })

  test('lists the same requests on the last page of chapter 7', async () => {
    const { box, proxy } = await boxAndProxy(engine.host)
    const [command, ...args] = script('chapter', '7', box.name, 'true')
    const { stdout } = await run(command, args, { env: { DOCKER_HOST: proxy.host } })
    const lines = stdout.toString().split('as the daemon saw it')[1] ?? ''
    expect(
      lines.match(/^(POST|GET) .*$/gm)?.map((line) => line.replace(/[0-9a-f]{12}…/, 'ID')),
    ).toEqual([
      `POST /v${engine.apiVersion}/containers/${box.name}/exec`,
      `POST /v${engine.apiVersion}/exec/ID/start`,
      `GET /v${engine.apiVersion}/exec/ID/json`,
    ])
  })
})

describe('a command without a daemon', () => {
  test('says "Cannot connect to the Docker daemon", as in the article', async () => {
    const [command, ...args] = script('exec', 'box', 'true')
    const ended = await run(command, args, { env: { DOCKER_HOST: 'unix:///nope' } })
    expect(ended.stderr.toString()).toBe(
      'Cannot connect to the Docker daemon at unix:///nope. Is the docker daemon running?\n',
    )
    expect(ended.code).toBe(1)
  })
})
