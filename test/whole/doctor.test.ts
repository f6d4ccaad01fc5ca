/**
 * The doctor with a real engine, without one, with other servers, in a
 * terminal, and with secrets.
 *
 * @module
 */

import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, type TestContext, test } from 'vitest'
import { dockerExec } from '../../chapters/index.ts'
import { call } from '../support/api.ts'
import { describeWithEngine, isPodman } from '../support/engine.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { openTerminal } from '../support/pty.ts'
import { run } from '../support/run.ts'
import { asOrdinaryUser, script } from '../support/scripts.ts'
import {
  type Answer,
  engineRoutes,
  html,
  json,
  type Route,
  startServer,
} from '../support/server.ts'

type Env = Record<string, string | undefined>
type Document = {
  parts: {
    title: string
    findings: {
      about: string
      status: string
      saw: string
      failure: { name: string; means: string; fix: string } | null
    }[]
  }[]
  runsOn: string | null
  first: string | null
  next: string
}

/** A user with an empty home folder who has not chosen a daemon. */
function freshUser(changes: Env = {}): Env & { HOME: string } {
  const home = temporaryFolder('wbhome')
  onTestFinished(() => removeFolder(home))
  return {
    HOME: home,
    // No chapter is done, so the next one is chapter 1.
    XDG_STATE_HOME: join(home, 'state'),
    XDG_RUNTIME_DIR: join(home, 'run'),
    DOCKER_CONFIG: join(home, '.docker'),
    DOCKER_HOST: undefined,
    DOCKER_CONTEXT: undefined,
    npm_lifecycle_event: undefined,
    ...changes,
  }
}

/** The doctor's JSON document, with its findings in one list. */
async function doctor(env: Env, ...args: string[]) {
  const [command, ...words] = script('doctor', '--json', ...args)
  const { stdout, stderr, code } = await run(command, words, { env })
  const document = JSON.parse(stdout.toString() || stderr.toString()) as Document
  const findings = document.parts.flatMap((part) => part.findings)
  return {
    ...document,
    code,
    about: (thing: string) => findings.filter(({ about }) => about === thing),
    problems: findings
      .filter(({ status }) => status === 'problem')
      .map(({ failure }) => failure?.name),
  }
}

/** The topics of the findings about a session: its stages. */
const session = dockerExec.stages.map(({ name }, at) => `${at + 1} ${name}`)

describeWithEngine('with an engine', (engine) => {
  test('the sandbox is created, used and removed, with a finding for each step', async () => {
    const found = await doctor(freshUser({ DOCKER_HOST: engine.host }), '--image', engine.image)
    expect(found.problems).toEqual([])
    expect(found).toMatchObject({ code: 0, runsOn: 'the engine', first: null })
    expect(found.about('DOCKER_HOST')[0]?.saw).toContain(engine.version)
    for (const step of session) expect(found.about(step)).toMatchObject([{ status: 'ok' }])
    expect(found.about('6 resize')[0]?.saw).toContain('33 101')
    const [runs, removed] = found.about('sandbox')
    expect(removed).toMatchObject({ status: 'ok', saw: expect.stringContaining('removed') })
    const name = /^workbook-\w+/.exec(runs?.saw ?? '')?.[0]
    expect((await call(engine.host, 'GET', `/containers/${name}/json`)).status).toBe(404)
  })

  test('a missing image is reported and not downloaded without --pull', async () => {
    const env = freshUser({ DOCKER_HOST: engine.host })
    const found = await doctor(env, '--image', 'no-such-image-here')
    expect(found.problems).toEqual(['image-not-there'])
    expect(found).toMatchObject({ code: 0, runsOn: 'the practice daemon' })
    expect(found.next).toBe('npm run chapter -- 1 --practice')
  })

  test('an unsupported API version is reported', async (context) => {
    if (isPodman(engine)) context.skip('Podman refuses no API version')
    const env = freshUser({ DOCKER_HOST: engine.host, DOCKER_API_VERSION: '1.999' })
    expect((await doctor(env)).problems).toEqual(['api-version-refused'])
  })

  test('no line exceeds a 40-column terminal, and the modes are restored', async () => {
    const [command, ...words] = script('doctor', '--host', engine.host, '--image', engine.image)
    const terminal = openTerminal(command, words, {
      columns: 40,
      rows: 20,
      env: { ...freshUser(), NO_COLOR: '1' },
    })
    onTestFinished(terminal.stop)
    const { code, screen, modesBefore, modesAfter } = await terminal.ended
    const text = screen.toString()
    expect(code, text).toBe(0)
    expect(modesAfter).toBe(modesBefore)
    expect(text).toMatch(/ok +raw mode: on/)
    expect(text).toContain('40 columns, 20 rows')
    expect(text).not.toContain('\x1b[')
    expect(text.split('\r\n').filter((line) => line.length > 40)).toEqual([])
  })
})

describe('without the chosen engine', () => {
  test.each([
    ['unix:///nope', 'chosen-not-there'],
    ['tcp://127.0.0.1:1', 'chosen-not-there'],
    ['foo://bar', 'address-malformed'],
    ['ssh://127.0.0.1:1', 'ssh-failed'],
    ['ssh://ann:secret@somewhere', 'address-malformed'],
    ['tcp://no-such-host.invalid:2375', 'host-unknown'],
  ])('DOCKER_HOST=%s is reported as %s, and the practice daemon is tried', async (host, name) => {
    const found = await doctor(freshUser({ DOCKER_HOST: host }))
    expect(found.problems).toEqual([name])
    expect(found).toMatchObject({ code: 0, runsOn: 'the practice daemon' })
    expect(found.next).toBe('npm run chapter -- 1 --practice')
    expect(found.about('7 exit code')).toMatchObject([{ status: 'ok' }])
  })

  test('a missing context is reported', async () => {
    expect((await doctor(freshUser({ DOCKER_CONTEXT: 'lab' }))).problems).toEqual([
      'context-missing',
    ])
  })

  test('a login page is reported as not an engine', async () => {
    const page = html('200 OK', '<!doctype html><p>log in')
    const server = await startServer([{ on: /./, answer: page }], 'tcp')
    onTestFinished(server.stop)
    expect((await doctor(freshUser({ DOCKER_HOST: server.host }))).problems).toEqual([
      'not-an-engine',
    ])
  })

  test('a socket without permission is reported', async () => {
    const server = await startServer(engineRoutes)
    onTestFinished(server.stop)
    chmodSync(server.host.slice('unix://'.length), 0)
    const [, ...words] = script('doctor', '--json')
    const [command, ...args] = asOrdinaryUser([process.execPath, ...words])
    const env = { ...freshUser(), HOME: '/nonexistent', DOCKER_HOST: server.host }
    const { stdout } = await run(command, args, { env })
    const document = JSON.parse(stdout.toString()) as Document
    const failures = document.parts.flatMap(({ findings }) =>
      findings.map(({ failure }) => failure),
    )
    expect(failures.map((failure) => failure?.name)).toContain('permission-denied')
    if (process.platform === 'linux') expect(document.first).toContain('usermod -aG docker')
  })
})

describe('without a choice', () => {
  // A machine with an engine on the default socket cannot run these tests.
  const engine = ['/var/run/docker.sock', '/run/podman/podman.sock'].find(existsSync)
  const needsNoEngine = ({ skip }: Pick<TestContext, 'skip'>): void => {
    if (engine) skip(`there is an engine on this machine, at ${engine}`)
  }

  test('and without an engine, every place is reported and practice remains', async (context) => {
    needsNoEngine(context)
    const found = await doctor(freshUser())
    expect(found.problems).toEqual(['no-engine'])
    expect(found).toMatchObject({ code: 0, runsOn: 'the practice daemon' })
    expect(found.next).toBe('npm run chapter 1')
    for (const place of ['the default socket', 'Colima', 'OrbStack', 'rootless Podman']) {
      expect(found.about(place)).toMatchObject([{ status: 'note', saw: 'nothing there' }])
    }
    for (const step of session) expect(found.about(step)).toMatchObject([{ status: 'ok' }])
  })

  test('an installed engine that is not running is named', async (context) => {
    needsNoEngine(context)
    const env = freshUser()
    const path = join(env.HOME, '.colima/default/docker.sock')
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '')
    const found = await doctor(env)
    expect(found.problems).toEqual(['colima-not-started', 'no-engine'])
    expect(found.about('Colima')[0]).toMatchObject({ saw: 'nothing is listening' })
  })
})

test('--practice does not look for an engine', async () => {
  const found = await doctor(freshUser({ DOCKER_HOST: 'unix:///nope' }), '--practice')
  expect(found.problems).toEqual([])
  expect(found.about('engines')).toMatchObject([{ status: 'skipped' }])
  expect(found.next).toBe('npm run chapter -- 1 --practice')
})

/** A scripted engine that can create a sandbox. */
function sandboxRoutes(): readonly Route[] {
  let isThere = false
  const sandbox = (change: boolean | undefined, reply: Answer) => (): Answer => {
    isThere = change ?? isThere
    return isThere || change !== undefined ? reply : json('404 Not Found', { message: 'gone' })
  }
  const images = [{ RepoTags: ['registry.secret.example/busybox:1'], Size: 1 }]
  return [
    { on: /^GET \/containers\/json/, answer: json('200 OK', []) },
    { on: 'GET /images/json', answer: json('200 OK', images) },
    {
      on: /^POST \/containers\/create/,
      answer: sandbox(true, json('201 Created', { Id: 'b0' })),
    },
    { on: /^POST \/containers\/workbook-\w+\/start$/, answer: json('200 OK', {}) },
    { on: /^GET \/containers\/workbook-\w+\/json/, answer: sandbox(undefined, json('200 OK', {})) },
    { on: /^DELETE \/containers\/workbook-/, answer: sandbox(false, json('200 OK', {})) },
    { on: /^POST \/containers\/workbook-\w+\/exec$/, answer: json('201 Created', { Id: 'e1' }) },
  ]
}

test('a proxy that drops the upgrade is reported', async () => {
  const start: Route = { on: 'POST /exec/e1/start', answer: html('200 OK', '') }
  const server = await startServer([start, ...sandboxRoutes(), ...engineRoutes])
  onTestFinished(server.stop)
  const found = await doctor(freshUser({ DOCKER_HOST: server.host }))
  expect(found.problems).toEqual(['upgrade-dropped'])
  expect(found.about('3 hijack')[0]?.saw).toBe('200 OK')
  expect(server.requests.some(({ method }) => method === 'DELETE')).toBe(true)
})

test('a sandbox that cannot be removed is reported, and the doctor finishes', async () => {
  const stays: Route = {
    on: /^DELETE \/containers\/workbook-/,
    answer: json('500 Internal Server Error', { message: 'device is busy' }),
  }
  const server = await startServer([stays, ...sandboxRoutes(), ...engineRoutes])
  onTestFinished(server.stop)
  const found = await doctor(freshUser({ DOCKER_HOST: server.host }))
  expect(found.problems).toEqual(['output-missing', 'sandbox-left'])
  expect(found).toMatchObject({ code: 0, runsOn: 'the practice daemon' })
})

test('Ctrl-C removes the sandbox and restores the terminal', async () => {
  const silence: Route = { on: 'POST /exec/e1/start', answer: { pieces: [], after: 'upgraded' } }
  const server = await startServer([silence, ...sandboxRoutes(), ...engineRoutes])
  onTestFinished(server.stop)
  const [command, ...words] = script('doctor')
  const env = { ...freshUser({ DOCKER_HOST: server.host }), NO_COLOR: '1' }
  const terminal = openTerminal(command, words, { env })
  onTestFinished(terminal.stop)
  await terminal.waitFor('1 create')
  terminal.type('\x03')
  const { code, screen, modesBefore, modesAfter } = await terminal.ended
  expect(code, screen.toString()).toBe(130)
  expect(modesAfter).toBe(modesBefore)
  expect(server.requests.some(({ method }) => method === 'DELETE')).toBe(true)
})

describe('--report', () => {
  /** Strings that must not be shared, wherever they were set. */
  const secrets = [
    'hunter2',
    'topsecret',
    'private.example',
    'annsname',
    'confidential',
    'registry',
  ]

  async function report(env: Env, ...args: string[]) {
    const [command, ...words] = script('doctor', ...args)
    const { stdout, code } = await run(command, words, { env })
    return { text: stdout.toString(), code }
  }

  function secretive(host: string): Env & { HOME: string } {
    const env = freshUser({ DOCKER_HOST: host, API_TOKEN: 'topsecret', TERM: 'confidential' })
    mkdirSync(join(env.HOME, '.docker'), { recursive: true })
    const config = { HttpHeaders: { Authorization: 'Bearer hunter2' } }
    writeFileSync(join(env.HOME, '.docker/config.json'), JSON.stringify(config))
    return { ...env, XDG_RUNTIME_DIR: join(env.HOME, 'confidential'), COLIMA_HOME: '/annsname' }
  }

  test.each([
    'tcp://annsname:hunter2@private.example:2375',
    'tcp://private.example.invalid:2375',
    'unix:///confidential/annsname.sock',
    'ssh://annsname@private.example',
  ])('reveals no secret with DOCKER_HOST=%s', async (host) => {
    const env = secretive(host)
    for (const form of ['--report', '--json']) {
      const { text } = await report(env, form)
      expect(text).toContain('practice daemon')
      for (const secret of [...secrets, env.HOME]) expect(text).not.toContain(secret)
    }
  })

  test('reveals no images or messages of an engine, in lines of at most 76 characters', async () => {
    const refused = json('500 Internal Server Error', { message: 'no room for annsname' })
    const start: Route = { on: 'POST /exec/e1/start', answer: refused }
    const server = await startServer([start, ...sandboxRoutes(), ...engineRoutes])
    onTestFinished(server.stop)
    const env = secretive(server.host)
    const { text, code } = await report(env, '--report')
    expect(code).toBe(0)
    expect(text).toContain('- note, 2 start: 500 Internal Server Error')
    expect(text).toMatch(/^## npm run doctor\n/)
    for (const secret of [...secrets, env.HOME]) expect(text).not.toContain(secret)
    expect(text).not.toContain(server.host.replace('unix://', ''))
    expect(text.split('\n').filter((line) => line.length > 76)).toEqual([])
  })

  test('a password in an address is not shown on screen either', async () => {
    const { text } = await report(secretive('tcp://annsname:hunter2@private.example:2375'))
    expect(text).toContain('private.example')
    expect(text).not.toContain('hunter2')
  })
})

test.each([
  [['--bogus'], 'unknown flag: --bogus'],
  [['1'], 'doctor takes only options, not 1'],
  [['--host'], 'flag needs an argument: --host'],
])('%j is rejected with 125', async (args, sentence) => {
  const [command, ...words] = script('doctor', ...args)
  const { code, stderr } = await run(command, words, { env: freshUser() })
  expect(code).toBe(125)
  expect(stderr.toString().split('\n')[0]).toBe(sentence)
  expect(stderr.toString()).toContain('Usage:  npm run doctor')
})
