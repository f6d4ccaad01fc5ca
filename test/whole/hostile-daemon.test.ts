/**
 * A hostile daemon: every text that it sends carries control characters and
 * escape sequences. They may reach the terminal only as the session's output.
 *
 * @module
 */

import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { openGuide } from '../support/guide.ts'
import { openTerminal } from '../support/pty.ts'
import { type RunResult, run } from '../support/run.ts'
import { nodeTakesEnvFile, root, script, takenByNode } from '../support/scripts.ts'
import {
  type Answer,
  answer,
  engineRoutes,
  json,
  type Route,
  refusal,
  type ScriptedServer,
  startServer,
  upgradedHead,
} from '../support/server.ts'

/**
 * Sets the title, clears the screen, asks for an answer, hides the line,
 * writes over it, reverses it. The last two are one byte each in a header.
 */
const attack =
  '\x1b]0;owned\x07\x1b[2J\x1b[5n\x1b[8mA\rB\bC\x7f\u009b5m\u009d0;owned\u009c\u202eD\u2066E\u2028F\u200bG'

/** What a header may carry: the bytes of C1, which are one byte each. */
const headerAttack = 'x\x9b5m\x9d0;owned\x9c'

/** Adds headers to an answer. */
function withHeaders(given: Answer, ...headers: readonly string[]): Answer {
  const [head = '', ...rest] = given.pieces
  const changed = Buffer.from(head)
    .toString('latin1')
    .replace('\r\n', `\r\n${headers.join('\r\n')}\r\n`)
  return { ...given, pieces: [Buffer.from(changed, 'latin1'), ...rest] }
}

const ping = withHeaders(answer('200 OK', 'text/plain', ''), `Server: Docker/1${headerAttack}`)

/** Each way to say something, by its name. */
const attacks: Readonly<Record<string, readonly Route[]>> = {
  'refuses the create': [
    {
      on: 'POST /containers/box/exec',
      answer: refusal('404 Not Found', `no ${attack}\n${attack}`),
    },
  ],
  'refuses the start': [{ on: 'POST /exec/e1/start', answer: refusal('409 Conflict', attack) }],
  'answers with text': [
    { on: 'POST /containers/box/exec', answer: answer('500 Oops', 'text/plain', attack) },
  ],
  'answers with another type': [
    {
      on: 'POST /containers/box/exec',
      answer: withHeaders(
        answer('200 OK', 'x', '<!doctype html>'),
        `content-type: ${headerAttack}`,
      ),
    },
  ],
  'creates an exec with such an ID': [
    { on: 'POST /containers/box/exec', answer: json('201 Created', { Id: attack }) },
  ],
  'upgrades with such a header': [
    {
      on: 'POST /exec/e1/start',
      answer: {
        pieces: [Buffer.from(upgradedHead.replace('UPGRADED', headerAttack), 'latin1')],
        after: 'end',
      },
    },
  ],
  'sends an unknown stream': [
    {
      on: 'POST /exec/e1/start',
      answer: { pieces: [`${upgradedHead}\x07\0\0\0\0\0\0\x20${attack}`], after: 'end' },
    },
  ],
  'sends an error in the stream': [
    {
      on: 'POST /exec/e1/start',
      answer: {
        pieces: [`${upgradedHead}\x03\0\0\0\0\0\0\x30`, attack.padEnd(48, '.').slice(0, 40)],
        after: 'end',
      },
    },
  ],
  'refuses the inspect': [{ on: 'GET /exec/e1/json', answer: refusal('500 Oops', attack) }],
  'has no number as the exit code': [
    { on: 'GET /exec/e1/json', answer: json('200 OK', { Running: false, ExitCode: attack }) },
  ],
}

/** Stopped after all tests, because they run at the same time. */
const servers: ScriptedServer[] = []
afterAll(() => Promise.all(servers.map(({ stop }) => stop())))

async function hostileServer(routes: readonly Route[]): Promise<string> {
  const pings = ['HEAD /_ping', 'GET /_ping'].map((on) => ({ on, answer: ping }))
  const server = await startServer([...routes, ...pings, ...engineRoutes])
  servers.push(server)
  return server.host
}

async function ran(
  host: string,
  name: Parameters<typeof script>[0],
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
) {
  const state = temporaryFolder('wbhost')
  const [command, ...words] = script(name, ...args)
  const own = { DOCKER_HOST: host, XDG_STATE_HOME: state, npm_lifecycle_event: undefined }
  return { ...(await run(command, words, { env: { ...own, ...env } })), state }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
const control = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069]/u

function expectShown({ stdout, stderr }: Pick<RunResult, 'stdout' | 'stderr'>): void {
  for (const output of [stdout, stderr]) {
    const at = output.toString().search(control)
    expect(at < 0 ? '' : output.toString().slice(Math.max(0, at - 60), at + 60)).toBe('')
  }
}

/** The daemon's answers when it is asked for a sandbox. */
const images: Route = {
  on: 'GET /images/json',
  answer: json('200 OK', [{ RepoTags: [`busybox${attack}`], Size: 1 }]),
}
const noContainers: Route = { on: /^GET .containers.json/, answer: json('200 OK', []) }
const pulled: Route = {
  on: /^POST .images.create/,
  answer: answer(
    '200 OK',
    'application/json',
    [{ id: attack, status: attack }, { error: attack }]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  ),
}
const created: Route = { on: /^POST .containers.create/, answer: json('201 Created', { Id: 'c1' }) }
const started: Route = {
  on: /^POST .containers.workbook-\w+.start/,
  answer: answer('204 No Content', 'x', ''),
}

const events: Route = {
  on: /^GET .events/,
  answer: answer(
    '200 OK',
    'application/json',
    `${JSON.stringify({ Action: `exec_${attack}`, time: 1, Actor: { Attributes: { exitCode: attack } } })}\n{bad\n`,
  ),
}

const views = ['--view', 'state', '--view', 'wire', '--view', 'bytes'] as const

describe.concurrent('a hostile daemon', () => {
  test.each([
    ['chapter', ['--view', 'daemon', '7', 'box', 'true'], [events]],
    ['chapter', [...views, '7', 'box', 'true'], attacks['refuses the start']],
    ['chapter', [...views, '1', 'box', 'true'], attacks['creates an exec with such an ID']],
    ['chapter', ['--json', '7', 'box', 'true'], attacks['refuses the inspect']],
    ['chapter', ['1'], [images, noContainers, created, started]],
    ['chapter', ['1'], [images, noContainers, { ...created, answer: refusal('500 Oops', attack) }]],
    ['chapter', ['--image', 'x', '--pull', '1'], [noContainers, pulled]],
    ['chapter', ['--experiment', 'unknown-user', 'box'], attacks['refuses the start']],
    ['doctor', ['--json'], attacks['refuses the create']],
    ['chapter', ['--beside', '7', 'box', 'true'], attacks['refuses the start']],
  ] as const)('has its texts shown by %s %j', async (name, args, routes) => {
    const result = await ran(await hostileServer(routes ?? []), name, args)
    expectShown(result)
    expect(String(result.stderr)).not.toMatch(/^ +at /m)
  })
})

/** The parts of the attack that a terminal would obey. We write none of them. */
const obeyed =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
  /\x1b\]0;|\x1b\[5n|\x1b\[8m|A\rB|\x7f|[\u0080-\u009f\u200b\u2028-\u202e\u2066-\u2069]/

describe.concurrent.each(['refuses the create', 'refuses the start', 'refuses the inspect'])(
  'on a terminal, a daemon that %s',
  (name) => {
    test.each([
      ['exec', ['-it', 'box', 'true']],
      ['chapter', ['--plain', '7', 'box', 'true']],
    ] as const)('has it shown by %s %j', async (command, args) => {
      const [node, ...words] = script(command, ...args)
      const env = {
        DOCKER_HOST: await hostileServer(attacks[name] ?? []),
        XDG_STATE_HOME: temporaryFolder('wbhost'),
        npm_lifecycle_event: undefined,
      }
      const { screen } = await openTerminal(node, words, { env }).ended
      expect(screen.toString()).toContain('^[]0;owned^G')
      expect(screen.toString()).not.toMatch(obeyed)
    })
  },
)

test('the guide shows a hostile daemon’s texts', async () => {
  const guide = openGuide(['1', 'box'], undefined, {
    DOCKER_HOST: await hostileServer(attacks['refuses the create'] ?? []),
  })
  await guide.at('', '\r')
  await guide.waitFor('owned')
  await guide.at('owned', 'q')
  expect(guide.screen().toString()).not.toMatch(obeyed)
})

describe.concurrent('control characters are shown, not executed, in', () => {
  test.for<[string, Parameters<typeof script>[0], string[], Record<string, string | undefined>]>([
    ['the name of a file', 'exec', ['--env-file', `/nope/${attack}`, 'box', 'true'], {}],
    ['the name of an option', 'exec', [`--${attack}`, 'box', 'true'], {}],
    ['an address', 'exec', ['box', 'true'], { DOCKER_HOST: `tcp://${attack}` }],
    ['a path', 'exec', ['box', 'true'], { DOCKER_HOST: `unix:///nope/${attack}` }],
    ['a context', 'exec', ['box', 'true'], { DOCKER_HOST: undefined, DOCKER_CONTEXT: attack }],
    ['an image', 'chapter', ['--image', attack, '1'], {}],
    ['a file to write', 'chapter', ['--tape', `/nope/${attack}/x`, '1', 'box'], {}],
    ['an exercise', 'check', ['1', attack], {}],
    ['a tape', 'replay', [`/nope/${attack}`], {}],
    ['an export', 'replay', ['--export', attack, join(root, 'docs/run.tape')], {}],
  ])('%s', async ([, name, args, env], { skip }) => {
    skip(args[0] === '--env-file' && nodeTakesEnvFile(), takenByNode)
    const result = await ran(await hostileServer([noContainers]), name, args, env)
    expectShown(result)
    expect(String(result.stderr)).toContain('^[]0;owned')
    expect(String(result.stderr)).not.toMatch(/^ +at /m)
  })
})

describe.concurrent.each(Object.entries(attacks))('a daemon that %s', (_, routes) => {
  test('has it shown by a chapter and by the replay of its tape', async () => {
    const host = await hostileServer(routes)
    const result = await ran(host, 'chapter', ['7', 'box', 'true'])
    expectShown(result)
    expect(String(result.stdout)).toContain('1x\\u009b5m')
    const env = { XDG_STATE_HOME: result.state }
    expectShown(await ran(host, 'replay', ['--plain'], env))
  })
})
