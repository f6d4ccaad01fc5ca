/**
 * Bad input: each kind gets a clear message on stderr and a non-zero exit
 * code, and never a stack.
 *
 * @module
 */

import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { run } from '../support/run.ts'
import { asOrdinaryUser, nodeTakesEnvFile, script, takenByNode } from '../support/scripts.ts'
import {
  type Answer,
  breakOff,
  engineRoutes,
  html,
  type Route,
  refusal,
  startServer,
} from '../support/server.ts'

type Script = Parameters<typeof script>[0]
type Env = Record<string, string | undefined>

/** Runs a script and checks what must hold for every failure. */
async function complaint(name: Script, args: readonly string[], env: Env = {}) {
  const [command, ...words] = script(name, ...args)
  const ended = await run(command, words, { env: { npm_lifecycle_event: undefined, ...env } })
  const stderr = ended.stderr.toString()
  expect(ended.code, stderr).not.toBe(0)
  expect(ended.signal).toBeNull()
  expect(stderr, 'a stack trace').not.toMatch(/^\s+at |Error:.*\n\s+at /m)
  return { ...ended, stderr, first: stderr.split('\n')[0] ?? '' }
}

async function serverWith(...routes: Route[]): Promise<Env> {
  const server = await startServer([...routes, ...engineRoutes])
  onTestFinished(server.stop)
  return { DOCKER_HOST: server.host }
}

function ownFile(): string {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, '')
  return path
}

describe.each(['0', '8', 'four', '-1', '1.5', '0x1', '01', ''])('chapter %j', (number) => {
  test('is rejected, and the error names the valid numbers', async () => {
    const { first, stderr, code } = await complaint('chapter', ['--', number])
    expect(first).toBe(`chapter ${number} does not exist: chapters are numbered 1 to 7`)
    expect(stderr).toMatch(/npm run chapter 1/)
    expect(code).toBe(1)
  })
})

test('replay --list rejects a tape', async () => {
  const { first, code } = await complaint('replay', ['--list', 'a-tape'])
  expect(first).toBe('--list takes no tape, not a-tape')
  expect(code).toBe(125)
})

describe.each(['daemon', 'docs', 'doctor', 'rescue'] as const)('%s', (name) => {
  test.each(['extra', '--bogus'])('rejects %j and shows its usage', async (word) => {
    const { first, stderr, code, stdout } = await complaint(name, [word])
    expect(first).toContain(word)
    expect(stderr).toContain(`Usage:  npm run ${name}`)
    expect([stdout.toString(), code]).toEqual(['', 125])
  })
})

describe('chapter', () => {
  test.each([
    [['--experiment'], '--experiment needs a value: npm run chapter -- --experiment list'],
    [['3', '--view'], '--view needs a value: npm run chapter -- 3 --view wire'],
  ])('%j without a value shows an example', async (args, sentence) => {
    const { first, code } = await complaint('chapter', args)
    expect([first, code]).toEqual([sentence, 125])
  })

  test.each([
    [['--guess', 'start-status=101'], '--guess requires a chapter number'],
    [['--host', 'foo://'], '--host requires a chapter number'],
    [['-t'], '--tty requires a chapter number'],
  ])('%j without a number is rejected', async (args, sentence) => {
    const { first, code, stdout } = await complaint('chapter', args)
    expect(first).toContain(sentence)
    expect([stdout.toString(), code]).toEqual(['', 125])
  })

  test('an option that the API version lacks is rejected as by docker', async () => {
    const { first } = await complaint('chapter', ['7', '--practice', '-e', 'A=b'], {
      DOCKER_API_VERSION: '1.24',
    })
    expect(first).toBe(
      '"--env" requires API version 1.25, but the Docker daemon API version is 1.24',
    )
  })

  test('a mistyped option is rejected with a suggestion', async () => {
    const { stderr } = await complaint('chapter', ['--veiw', 'wire', '3'])
    expect(stderr).toMatch(/^unknown flag: --veiw\n/)
    expect(stderr).toContain('Did you mean --view?')
  })

  test.each([
    [['1', '--practice', '--host', 'unix:///x'], 'cannot use --practice with --host'],
    [['1', '--practice', '--image', 'busybox'], 'cannot use --practice with --image'],
    [['1', '--fault', 'silent', '--host', 'unix:///x'], 'cannot use --fault with --host'],
  ])('%j selects two daemons and is rejected', async (args, sentence) => {
    const { first, code } = await complaint('chapter', args)
    expect([first, code]).toEqual([
      `${sentence}: the practice daemon has its own address and container`,
      125,
    ])
  })

  test('an unknown container of the practice daemon is reported with the only one it has', async () => {
    const { stderr } = await complaint('chapter', ['--practice', '--plain', '4', 'web'])
    expect(stderr).toContain('The practice daemon has only one container, practice. It has no web.')
    expect(stderr).toContain('Error response from daemon: No such container: web')
  })
})

describe.each<Script>(['chapter', 'exec'])('%s', (name) => {
  const words = name === 'chapter' ? ['1', 'box', 'true'] : ['box', 'true']

  test.each([
    [['--bogus', ...words], 'unknown flag: --bogus'],
    [['-z', ...words], "unknown shorthand flag: 'z' in -z"],
    [['--tty=maybe', ...words], 'invalid argument "maybe" for "-t, --tty" flag'],
    [['--user'], 'flag needs an argument: --user'],
  ])('%j is rejected with 125', async (args, sentence) => {
    const { first, stderr, code } = await complaint(name, args)
    expect(first).toContain(sentence)
    expect(stderr).toMatch(/Usage: {2}npm run/)
    expect(code).toBe(125)
  })

  test('an option that npm took is detected', async () => {
    const env = { npm_lifecycle_event: name, npm_config_tty: 'true' }
    const { stderr } = await complaint(name, words, env)
    expect(stderr).toContain(`\nnpm run ${name} -- --tty ${words.join(' ')}\n`)
  })

  test.each([
    [
      'a missing socket',
      'unix:///nope',
      /^Cannot connect to the Docker daemon at unix:\/\/\/nope\./,
    ],
    // A file that we may write, because without permission the kernel returns
    // EACCES first.
    [
      'a file that is not a socket',
      `unix://${ownFile()}`,
      /^Cannot connect to the Docker daemon at /,
    ],
    [
      'a port without a listener',
      'tcp://127.0.0.1:1',
      /^Cannot connect to the Docker daemon at tcp:\/\/127\.0\.0\.1:1\./,
    ],
    ['an unknown protocol', 'foo://bar', /invalid bind address format: foo:\/\/bar/],
    ['a port that is not a number', 'tcp://a:b', /invalid port ":b" after host/],
    ['a port number that is too high', 'tcp://a:99999', /invalid bind address format/],
    ['an unknown host', 'tcp://no-such-host.invalid:2375', /no such host/],
    ['ssh and a password', 'ssh://a:b@c', /plain-text password is not supported/],
    ['ssh and a query', 'ssh://a?b#c', /query parameters are not allowed: "b"/],
    ['a missing context', undefined, /context "nope": context not found/],
  ])('an address with %s is rejected', async (_, host, sentence) => {
    const env = { DOCKER_HOST: host, DOCKER_CONTEXT: host ? undefined : 'nope' }
    const { first, code } = await complaint(name, words, env)
    expect(first).toMatch(sentence)
    expect(code).toBe(1)
  })

  test('a socket without permission is reported', async () => {
    const server = await startServer(engineRoutes)
    onTestFinished(server.stop)
    chmodSync(server.host.slice('unix://'.length), 0)
    const [, ...args] = script(name, ...words)
    const [command, ...all] = asOrdinaryUser([process.execPath, ...args])
    const { stderr, code } = await run(command, all, {
      env: { DOCKER_HOST: server.host, HOME: '/nonexistent' },
    })
    expect(stderr.toString()).toMatch(
      /^permission denied while trying to connect to the Docker daemon socket/,
    )
    expect(code).toBe(1)
  })

  const createLine = 'POST /containers/box/exec'
  test.each<[string, Answer, RegExp]>([
    ['a web page', html('200 OK', '<!doctype html><p>log in'), /is not a Docker daemon/],
    [
      '404',
      refusal('404 Not Found', 'No such container: box'),
      /^Error response from daemon: No such/,
    ],
    [
      '409',
      refusal('409 Conflict', 'box is paused'),
      /^Error response from daemon: box is paused$/,
    ],
    [
      '500',
      refusal('500 Internal Server Error', 'disk full'),
      /^Error response from daemon: disk full$/,
    ],
    ['nothing', breakOff(), /^error during connect: Post ".*\/containers\/box\/exec/],
    ['without HTTP', { pieces: ['SSH-2.0-OpenSSH_9\r\n'], after: 'end' }, /does not speak HTTP/],
  ])('a daemon that answers with %s is reported', async (_, answered, sentence) => {
    const { first, code } = await complaint(
      name,
      words,
      await serverWith({ on: createLine, answer: answered }),
    )
    expect(first).toMatch(sentence)
    expect(code).toBe(1)
  })
})

describe('exec', () => {
  test.for<[string[], string]>([
    [[], "exec: 'npm run exec --' requires at least 2 arguments"],
    [['box'], "exec: 'npm run exec --' requires at least 2 arguments"],
    [['', 'true'], 'invalid container name or ID: value is empty'],
    [['--env-file', '/nope', 'box', 'true'], 'open /nope: no such file or directory'],
  ])('%j is rejected', async ([args, sentence], { skip }) => {
    skip(args[0] === '--env-file' && nodeTakesEnvFile(), takenByNode)
    const { first, code } = await complaint('exec', args, await serverWith())
    expect(first).toBe(sentence)
    expect(code).toBe(1)
  })

  test('a stream that breaks is reported', async () => {
    const env = await serverWith(
      {
        on: 'POST /exec/e1/start',
        answer: breakOff('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n'),
      },
      { on: 'GET /exec/e1/json', answer: breakOff() },
    )
    const { first, code } = await complaint('exec', ['box', 'true'], env)
    expect(first).toMatch(/^the session is over, but its exit code is unknown: /)
    expect(code).toBe(255)
  })
})

test('a chapter as JSON prints its error in the document and on stderr', async () => {
  const env = await serverWith()
  const { stdout, first } = await complaint('chapter', ['1', '--json', 'nope', 'true'], env)
  const document = JSON.parse(stdout.toString())
  expect(document).toMatchObject({ stages: [], exitCode: null, error: { message: first } })
  expect(document.error.wire).toMatchObject([{ kind: 'request' }, { kind: 'answer', status: 404 }])
})
