import { describe, expect, onTestFinished, test } from 'vitest'
import { create } from '../../../chapters/01-create/stage.ts'
import { describeWithDockerd, describeWithEngine, startContainer } from '../../support/engine.ts'
import { asked, dockerConfig, failureOf, makeKit } from '../../support/kit.ts'
import { startProxy } from '../../support/proxy.ts'
import {
  answer,
  engineRoutes,
  html,
  json,
  type Route,
  refusal,
  startServer,
} from '../../support/server.ts'

/** A server that answers like an engine, except on these routes. */
async function server(...routes: Route[]) {
  const running = await startServer([...routes, ...engineRoutes])
  onTestFinished(running.stop)
  return running
}

const createLine = 'POST /containers/box/exec'

describeWithEngine('create, on an engine', (engine) => {
  test('sends all eight fields of the article’s ExecConfig and returns an exec ID', async () => {
    const box = await startContainer()
    onTestFinished(box.release)
    const proxy = await startProxy(engine.host)
    onTestFinished(proxy.stop)
    const kit = await makeKit(proxy.host, { isTerminal: true, size: { rows: 33, columns: 99 } })

    const question = asked({
      container: box.name,
      command: ['sh', '-c', 'stty size'],
      user: 'nobody',
      privileged: true,
      tty: true,
      interactive: true,
      detachKeys: 'ctrl-a',
      env: ['A=b'],
      workingDir: '/tmp',
    })
    const created = await create.run(question, kit)

    expect(created).toMatchObject({ ...question, execId: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const request = proxy.requests.find(({ method }) => method === 'POST')
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      User: 'nobody',
      Privileged: true,
      Tty: true,
      AttachStdin: true,
      AttachStderr: true,
      AttachStdout: true,
      Detach: false,
      Cmd: ['sh', '-c', 'stty size'],
      DetachKeys: 'ctrl-a',
      Env: ['A=b'],
      WorkingDir: '/tmp',
    })
  })

  test('puts the negotiated API version into its paths', async () => {
    const box = await startContainer()
    onTestFinished(box.release)
    const kit = await makeKit(engine.host)
    await create.run(asked({ container: box.name }), kit)
    const requests = kit.recorder.events().filter((event) => event.kind === 'request')
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'HEAD /_ping',
      `GET /v${kit.engine.apiVersion}/containers/${box.name}/json`,
      `POST /v${kit.engine.apiVersion}/containers/${box.name}/exec`,
    ])
  })

  test('uses DOCKER_API_VERSION instead of the daemon’s version', async () => {
    const box = await startContainer()
    onTestFinished(box.release)
    const kit = await makeKit(engine.host, {}, { DOCKER_API_VERSION: '1.40' })
    await create.run(asked({ container: box.name }), kit)
    const paths = kit.recorder
      .events()
      .flatMap((event) => (event.kind === 'request' ? event.path : []))
    expect(paths[0]).toBe('/_ping')
    expect(paths.slice(1).every((path) => path.startsWith('/v1.40/'))).toBe(true)
  })
})

describeWithDockerd('create, on dockerd', (engine) => {
  test.each([
    [
      'that does not exist',
      async () => 'no-such-container',
      /No such container: no-such-container/,
    ],
    [
      'that is stopped',
      async () => {
        const box = await startContainer()
        onTestFinished(box.release)
        await box.stop()
        return box.name
      },
      /is not running/,
    ],
    [
      'that is paused',
      async () => {
        const box = await startContainer()
        onTestFinished(box.release)
        await box.pause()
        return box.name
      },
      /is paused, unpause the container before exec/,
    ],
  ])('repeats the daemon’s message about a container %s', async (_, make, words) => {
    const kit = await makeKit(engine.host)
    const failure = await failureOf(create.run(asked({ container: await make() }), kit))
    expect(failure.message).toMatch(/^Error response from daemon: /)
    expect(failure.message).toMatch(words)
  })

  test('repeats the daemon’s message about impossible detach keys', async () => {
    const box = await startContainer()
    onTestFinished(box.release)
    const kit = await makeKit(engine.host)
    const question = asked({ container: box.name, detachKeys: 'ctrl-!!' })
    expect((await failureOf(create.run(question, kit))).message).toBe(
      'Error response from daemon: Invalid escape keys (ctrl-!!) provided',
    )
  })
})

describe('create', () => {
  test('fails with "exec ID empty" if the daemon returns no ID', async () => {
    const { host } = await server({ on: createLine, answer: json('201 Created', { Id: '' }) })
    const kit = await makeKit(host)
    expect((await failureOf(create.run(asked(), kit))).message).toBe('exec ID empty')
  })

  test('checks the terminal (CheckTtyInput) before it creates an exec', async () => {
    const { host, requests } = await server()
    const kit = await makeKit(host, { isTerminal: false })
    const failure = await failureOf(create.run(asked({ tty: true, interactive: true }), kit))
    expect(failure.message).toBe('the input device is not a TTY')
    expect(requests.some(({ method }) => method === 'POST')).toBe(false)
  })

  test('reports a missing container before a missing terminal', async () => {
    const { host } = await server()
    const kit = await makeKit(host)
    const question = asked({ container: 'nope', tty: true, interactive: true })
    expect((await failureOf(create.run(question, kit))).message).not.toMatch(/TTY/)
  })

  test.each([
    { tty: true, interactive: false },
    { tty: false, interactive: true },
    { tty: true, interactive: true, detach: true },
  ])('needs no terminal for %j', async (changes) => {
    const { host } = await server()
    const kit = await makeKit(host, { isTerminal: false })
    await expect(create.run(asked(changes), kit)).resolves.toMatchObject({ execId: 'e1' })
  })

  test('attaches nothing when detached', async () => {
    const { host, requests } = await server()
    await create.run(asked({ detach: true, interactive: true }), await makeKit(host))
    expect(JSON.parse(requests.at(-1)?.body ?? '')).toMatchObject({
      AttachStdin: false,
      AttachStdout: false,
      AttachStderr: false,
      Detach: true,
    })
  })

  test.each([
    ['1.41', undefined],
    ['1.42', [33, 99]],
    ['1.99', [33, 99]],
  ])('sends a daemon of API %s the window size %j', async (version, size) => {
    const ping = `HTTP/1.1 200 OK\r\nApi-Version: ${version}\r\nContent-Length: 0\r\n\r\n`
    const { host, requests } = await server({
      on: 'HEAD /_ping',
      answer: { pieces: [ping], after: 'keep' },
    })
    const kit = await makeKit(host, { isTerminal: true, size: { rows: 33, columns: 99 } })
    await create.run(asked({ tty: true, interactive: true }), kit)
    expect(JSON.parse(requests.at(-1)?.body ?? '').ConsoleSize).toEqual(size)
  })

  test('sends the headers from the user’s docker config, but never replaces its own', async () => {
    const { host, requests } = await server()
    const folder = dockerConfig({
      HttpHeaders: { 'X-Team': 'blue', 'user-agent': 'mine', 'Content-Type': 'text/plain' },
    })
    await create.run(asked(), await makeKit(host, {}, { DOCKER_CONFIG: folder }))
    const headers = requests.at(-1)?.headers.join('\n') ?? ''
    expect(headers).toMatch(/^X-Team: blue$/m)
    expect(headers).toMatch(/^User-Agent: docker-exec-workbook\/\S+ \(\w+\)$/m)
    expect(headers).toMatch(/^Content-Type: application\/json$/m)
    expect(headers).not.toMatch(/mine|text\/plain/)
  })

  test('defaults to the detach keys from the user’s docker config', async () => {
    const { host, requests } = await server()
    const folder = dockerConfig({ detachKeys: 'ctrl-x' })
    await create.run(asked(), await makeKit(host, {}, { DOCKER_CONFIG: folder }))
    expect(JSON.parse(requests.at(-1)?.body ?? '').DetachKeys).toBe('ctrl-x')
  })

  test('rejects an empty container name', async () => {
    const { host } = await server()
    const failure = await failureOf(create.run(asked({ container: ' ' }), await makeKit(host)))
    expect(failure.message).toBe('invalid container name or ID: value is empty')
  })

  test.each([
    [
      '404 Not Found',
      refusal('404 Not Found', 'No such container: box'),
      /No such container: box$/,
    ],
    [
      '409 Conflict',
      refusal('409 Conflict', 'Container box is paused'),
      /Container box is paused$/,
    ],
    ['500', refusal('500 Internal Server Error', 'out of memory'), /daemon: out of memory$/],
    ['an error with an empty body', answer('503 Service Unavailable', 'text/plain', ''), /503/],
    ['an error page', html('502 Bad Gateway', '<html>bad</html>'), /is not a Docker daemon: .*502/],
    ['a login page', html('200 OK', '<!doctype html>'), /is not a Docker daemon: .*text\/html/],
  ])('turns %s into one sentence', async (_, spoiled, sentence) => {
    const { host } = await server({ on: createLine, answer: spoiled })
    const failure = await failureOf(create.run(asked(), await makeKit(host)))
    expect(failure.name).toBe('Failure')
    expect(failure.message).toMatch(sentence)
    expect(failure.message).not.toContain('\n')
  })
})
