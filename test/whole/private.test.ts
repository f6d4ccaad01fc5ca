/**
 * What other users of the machine, and readers of a shared run, can see: the
 * modes of every file that we write, and secrets on every surface.
 *
 * @module
 */

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { run, start } from '../support/run.ts'
import { script } from '../support/scripts.ts'
import {
  engineRoutes,
  type Route,
  refusal,
  type ScriptedServer,
  startServer,
  upgradedHead,
} from '../support/server.ts'

const isWindows = process.platform === 'win32'

/** Stopped after all tests, because they run at the same time. */
const servers: ScriptedServer[] = []
afterAll(() => Promise.all(servers.map(({ stop }) => stop())))

async function hostOf(...routes: readonly Route[]): Promise<string> {
  const server = await startServer([...routes, ...engineRoutes])
  servers.push(server)
  return server.host
}

/** Returns the paths of everything in a folder. */
function everythingIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.map((name) => join(folder, name))
}

describe.skipIf(isWindows)('everything that a run writes', () => {
  test.each(['000', '022', '077'])('is private with a umask of %s', async (umask) => {
    const state = join(temporaryFolder('wbpriv'), 'state')
    const out = join(state, 'out')
    mkdirSync(out, { recursive: true, mode: 0o700 })
    const env = { DOCKER_HOST: await hostOf(), XDG_STATE_HOME: state }
    const masked = (words: readonly string[]) =>
      run('sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', ...words], { env })
    await masked(script('chapter', '7', 'box', 'true'))
    await masked(script('chapter', '--tape', join(out, 'own.tape'), '1', 'box', 'true'))
    await masked(script('replay', '--export', join(out, 'run.html')))
    await masked(script('replay', '--export', join(out, 'run.cast')))
    const written = everythingIn(state)
    const names = written.map((path) => path.replace(/.*\//, '').replace(/^.*(?=\.tape$)/, ''))
    for (const name of ['.tape', 'progress.json', 'run.html', 'run.cast']) {
      expect(names).toContain(name)
    }
    const open = written.filter((path) => (statSync(path).mode & 0o077) !== 0)
    expect(open).toEqual([])
  })
})

const secrets = {
  variable: 'v4r14bl3',
  file: 'f1l3f1l3',
  header: 'h34d3r00',
  auth: '4uthauth',
  url: 'urlurlurl',
  word: 'w0rdw0rd',
  answered: '4nsw3r3d',
}

/** A configuration, a file of variables and arguments full of secrets. */
function secretSetup(): { args: string[]; env: Record<string, string>; state: string } {
  const folder = temporaryFolder('wbsecret')
  const HttpHeaders = {
    Authorization: `Bearer ${secrets.header}`,
    'X-Registry-Auth': secrets.auth,
    'X-Meta': secrets.header,
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ HttpHeaders }))
  writeFileSync(join(folder, 'variables'), `FROM_FILE=${secrets.file}\n`)
  const words = ['curl', `https://me:${secrets.url}@example.org`, '--password', secrets.word]
  const args = [
    '-e',
    `NAME=${secrets.variable}`,
    '--env-file',
    join(folder, 'variables'),
    '7',
    'box',
  ]
  const state = join(folder, 'state')
  return { args: [...args, ...words], env: { DOCKER_CONFIG: folder, XDG_STATE_HOME: state }, state }
}

function expectNoSecret(text: string): void {
  expect(Object.values(secrets).filter((secret) => text.includes(secret))).toEqual([])
}

/** The daemon quotes the secrets in its answers. */
const quoting: Route = {
  on: 'GET /exec/e1/json',
  answer: refusal('500 Oops', `bad token: ${secrets.answered}, https://me:${secrets.url}@x`),
}

describe.concurrent('secrets are masked', () => {
  test.each([
    [[]],
    [['--json']],
    [['--view', 'state', '--view', 'wire', '--view', 'bytes', '--view', 'daemon', '--whole']],
  ])('on the screen, in a document and on the tape, with %j', async (options) => {
    const { args, env, state } = secretSetup()
    const DOCKER_HOST = await hostOf(quoting)
    const [command, ...words] = script('chapter', ...options, ...args)
    const { stdout, stderr } = await run(command, words, { env: { ...env, DOCKER_HOST } })
    expectNoSecret(`${stdout}`)
    // What the daemon says of its own accord is shown in the error as it is.
    expectNoSecret(`${stderr}`.replace(/^.*Error response from daemon.*$/gm, ''))
    const kept = everythingIn(state).filter((path) => statSync(path).isFile())
    expect(kept.length).toBeGreaterThan(0)
    expectNoSecret(kept.map((path) => readFileSync(path, 'utf8')).join('\n'))
  })
})

test.skipIf(process.platform !== 'linux')(
  'no child process has the variables of a command in its arguments or environment',
  async () => {
    const { args, env } = secretSetup()
    const opens: Route = {
      on: 'POST /exec/e1/start',
      answer: { pieces: [upgradedHead, '\x01\0\0\0\0\0\0\x05ready'], after: 'upgraded' },
    }
    const DOCKER_HOST = await hostOf(opens)
    const [command, ...words] = script('chapter', '--plain', '-i', ...args)
    const running = start(command, words, { env: { ...env, DOCKER_HOST }, stdin: 'open' })
    onTestFinished(running.stop)
    await running.waitFor('ready')
    for (const child of childrenOf(running.pid)) {
      for (const name of ['cmdline', 'environ']) {
        expectNoSecret(readFileSync(`/proc/${child}/${name}`, 'utf8'))
      }
    }
  },
)

function childrenOf(pid: number): string[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((child) => child !== '')
  return children.flatMap((child) => [child, ...childrenOf(Number(child))])
}
