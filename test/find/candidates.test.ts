import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readDockerConfig } from '../../src/engine/config-file.ts'
import { parseHost } from '../../src/engine/parse-host.ts'
import { type Candidate, engineCandidates, tryCandidate } from '../../src/find/candidates.ts'
import { firstEngineThatAnswers } from '../../src/find/find-engine.ts'
import { describeWithEngine } from '../support/engine.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { dockerConfig, failureOf } from '../support/kit.ts'
import { listen } from '../support/listen.ts'

/** A user with an empty home folder who has not chosen a daemon. */
function freshUser(changes: NodeJS.ProcessEnv = {}) {
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
  const candidates = (host?: string) => engineCandidates(environment, config, host)
  const candidateAt = (path: string): Candidate => {
    const candidate = candidates().find(
      ({ address }) => address.host === `unix://${join(home, path)}`,
    )
    if (!candidate) throw new Error(`there is no candidate at ${path}`)
    return candidate
  }
  return { home, environment, warn, config, candidates, candidateAt }
}

function put(path: string, make: (path: string) => void): void {
  mkdirSync(dirname(path), { recursive: true })
  make(path)
}

describe('the candidates', () => {
  test('start with the default socket, followed by the sockets of other engines', () => {
    const names = freshUser()
      .candidates()
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

  test('contain only the chosen daemon if --host, DOCKER_HOST or a context names one', () => {
    const context = dockerConfig({ currentContext: 'lab' })
    const hash = createHash('sha256').update('lab').digest('hex')
    const endpoint = { Endpoints: { docker: { Host: 'tcp://127.0.0.1:9' } } }
    put(join(context, 'contexts/meta', hash, 'meta.json'), (path) =>
      writeFileSync(path, JSON.stringify(endpoint)),
    )
    const chosen = (changes: NodeJS.ProcessEnv, host?: string) =>
      freshUser(changes)
        .candidates(host)
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

  test('do not replace a chosen daemon that does not answer', async () => {
    const { config, environment, warn } = freshUser()
    const failure = await failureOf(
      firstEngineThatAnswers('unix:///nonexistent.sock', config, { environment, warn }),
    )
    expect(failure.message).toBe(
      'Cannot connect to the Docker daemon at unix:///nonexistent.sock. Is the docker daemon running?',
    )
  })

  test.each([
    ['nothing there', () => {}],
    ['nothing is listening', (path: string) => writeFileSync(path, '')],
  ])('report a place without an engine: %s', async (reason, make) => {
    const { home, config, environment, warn, candidateAt } = freshUser()
    const path = '.orbstack/run/docker.sock'
    put(join(home, path), make)
    expect(await tryCandidate(candidateAt(path), config, { environment, warn })).toEqual({ reason })
  })

  test.each([
    ['no answer within 2 s', ''],
    ['not a container engine', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['not a container engine', 'SSH-2.0-OpenSSH\r\n'],
  ])('report a listener that is not an engine: %s', async (reason, answer) => {
    const { home, config, environment, warn, candidateAt } = freshUser()
    const listener = await listen('unix', (socket) => {
      socket.on('error', () => {})
      socket.on('data', () => socket.write(answer))
    })
    onTestFinished(listener.stop)
    const path = '.rd/docker.sock'
    put(join(home, path), (at) => symlinkSync(listener.host.replace('unix://', ''), at))
    expect(await tryCandidate(candidateAt(path), config, { environment, warn })).toEqual({ reason })
  })
})

describeWithEngine('a candidate with a real engine', (engine) => {
  test('reports its product and version even if DOCKER_API_VERSION is set', async () => {
    const { config, environment, warn } = freshUser({ DOCKER_API_VERSION: engine.apiVersion })
    const candidate = { name: 'Colima', address: parseHost(engine.host), chosen: false }
    const found = await tryCandidate(candidate, config, { environment, warn })
    onTestFinished(async () => found.engine?.close())
    expect(found.engine?.product).not.toBe('')
    expect(found.engine?.version).toBe(engine.version)
  })
})
