import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readDockerConfig } from '../../src/engine/config-file.ts'
import { parseHost } from '../../src/engine/parse-host.ts'
import { climbDown, type Rung, rungs, tryRung } from '../../src/find/ladder.ts'
import { describeWithEngine } from '../support/engine.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { dockerConfig, failureOf } from '../support/kit.ts'
import { listen } from '../support/listen.ts'

/** Somebody whose home is an empty folder, and who has chosen nothing. */
function nobody(changes: NodeJS.ProcessEnv = {}) {
  const home = temporaryFolder('wbhome')
  onTestFinished(() => removeFolder(home))
  const environment: NodeJS.ProcessEnv = {
    HOME: home,
    XDG_RUNTIME_DIR: join(home, 'run'),
    TMPDIR: join(home, 'tmp'),
    DOCKER_CONFIG: join(home, '.docker'),
    ...changes,
  }
  const warn = (): void => {}
  const config = readDockerConfig(environment, warn)
  const climb = (host?: string) => rungs(environment, config, host)
  const rungAt = (path: string): Rung => {
    const rung = climb().find(({ address }) => address.host === `unix://${join(home, path)}`)
    if (!rung) throw new Error(`there is no rung at ${path}`)
    return rung
  }
  return { home, environment, warn, config, climb, rungAt }
}

function put(path: string, make: (path: string) => void): void {
  mkdirSync(dirname(path), { recursive: true })
  make(path)
}

describe('the ladder', () => {
  test('has the default socket first, then the engines that do not use it', () => {
    const names = nobody()
      .climb()
      .map(({ name }) => name)
    expect([...new Set(names)]).toEqual([
      'the default socket',
      'rootless Docker',
      'Docker Desktop',
      'Colima',
      'OrbStack',
      'Rancher Desktop',
      'rootless Podman',
      'Podman',
    ])
  })

  test('has one rung only where somebody has chosen: --host, DOCKER_HOST, a context', () => {
    const context = dockerConfig({ currentContext: 'lab' })
    const hash = createHash('sha256').update('lab').digest('hex')
    const endpoint = { Endpoints: { docker: { Host: 'tcp://127.0.0.1:9' } } }
    put(join(context, 'contexts/meta', hash, 'meta.json'), (path) =>
      writeFileSync(path, JSON.stringify(endpoint)),
    )
    const chosen = (changes: NodeJS.ProcessEnv, host?: string) =>
      nobody(changes)
        .climb(host)
        .map(({ name, address, chosen }) => [name, address.host, chosen])
    const here = { DOCKER_CONFIG: context }
    expect(chosen(here)).toEqual([['the context lab', 'tcp://127.0.0.1:9', true]])
    expect(chosen({ ...here, DOCKER_CONTEXT: 'lab' })).toHaveLength(1)
    expect(chosen({ ...here, DOCKER_HOST: 'unix:///a' })).toEqual([
      ['DOCKER_HOST', 'unix:///a', true],
    ])
    expect(chosen({ ...here, DOCKER_HOST: 'unix:///a' }, 'unix:///b')).toEqual([
      ['--host', 'unix:///b', true],
    ])
  })

  test('a chosen daemon that does not answer is an error, not a step down', async () => {
    const { environment, warn } = nobody()
    const failure = await failureOf(
      climbDown({ environment, warn, host: 'unix:///nonexistent.sock' }),
    )
    expect(failure.message).toBe(
      'Cannot connect to the Docker daemon at unix:///nonexistent.sock. Is the docker daemon running?',
    )
  })

  test.each([
    ['nothing there', () => {}],
    ['nobody listens', (path: string) => writeFileSync(path, '')],
  ])('says of a place without an engine: %s', async (reason, make) => {
    const { home, config, environment, warn, rungAt } = nobody()
    const path = '.orbstack/run/docker.sock'
    put(join(home, path), make)
    expect(await tryRung(rungAt(path), config, { environment, warn })).toEqual({ reason })
  })

  test.each([
    ['no answer within 2 s', ''],
    ['what answers is no engine', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['what answers is no engine', 'SSH-2.0-OpenSSH\r\n'],
  ])('says of a listener that is no engine: %s', async (reason, answer) => {
    const { home, config, environment, warn, rungAt } = nobody()
    const listener = await listen('unix', (socket) => {
      socket.on('error', () => {})
      socket.on('data', () => socket.write(answer))
    })
    onTestFinished(listener.stop)
    const path = '.rd/docker.sock'
    put(join(home, path), (at) => symlinkSync(listener.host.replace('unix://', ''), at))
    expect(await tryRung(rungAt(path), config, { environment, warn })).toEqual({ reason })
  })
})

describeWithEngine('a rung with a real engine', (engine) => {
  test('answers with its product and its version, also where DOCKER_API_VERSION is set', async () => {
    const { config, environment, warn } = nobody({ DOCKER_API_VERSION: engine.apiVersion })
    const rung = { name: 'Colima', address: parseHost(engine.host), chosen: false }
    const found = await tryRung(rung, config, { environment, warn })
    onTestFinished(async () => found.engine?.close())
    expect(found.engine?.product).not.toBe('')
    expect(found.engine?.version).toBe(engine.version)
  })
})
