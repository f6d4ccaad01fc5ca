/**
 * Cases on a scripted daemon, for answers that a real one doesn't give on
 * demand. The expected outcome is docker's, so it stands here also for a
 * machine without docker.
 *
 * @module
 */

import {
  type Answer,
  answer,
  breakOff,
  engineRoutes,
  json,
  type Route,
} from '../../support/server.ts'

/** A case: a command line, a daemon's answers, and the outcome. */
export type ScriptedCase = {
  readonly title: string
  /** The arguments; by default `box true`. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** The answers that differ from those of an ordinary daemon. */
  readonly routes?: readonly Route[]
  /** Exit code; by default 0. */
  readonly code?: number
  /** Standard output; by default the daemon's `hello`. */
  readonly stdout?: string
  /**
   * Standard error; by default nothing. `URL` is the daemon's address in a
   * URL, and `HOST` the address.
   */
  readonly stderr?: string
  /** The requests: method, path and body. By default not compared. */
  readonly requests?: readonly string[]
  /** Why docker's outcome differs. Then only ours is compared. */
  readonly unlike?: string
}

/** Bytes, as an answer that keeps the connection. */
function raw(...pieces: readonly string[]): Answer {
  return { pieces, after: 'keep' }
}

/** A head without a body. */
function head(status: string, ...fields: readonly string[]): string {
  const lines = [`HTTP/1.1 ${status}`, ...fields, 'Content-Length: 0']
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** A 101 with these fields, and the session: a frame with `hello`. */
function upgraded(...fields: readonly string[]): Answer {
  const lines = ['HTTP/1.1 101 UPGRADED', ...fields]
  return { pieces: [`${lines.join('\r\n')}\r\n\r\n`, hello], after: 'end' }
}

const hello = '\x01\0\0\0\0\0\0\x06hello\n'
const upgrade = ['Connection: Upgrade', 'Upgrade: tcp'] as const
const start: Route = { on: 'POST /exec/e1/start', answer: upgraded(...upgrade) }

/** The routes of every case, behind its own. */
export const ordinaryRoutes: readonly Route[] = [start, ...engineRoutes]

/** The requests of a whole session on this API version. */
function session(version: string, body: object = {}, started: object = {}): string[] {
  const { ConsoleSize, ...rest } = body as { ConsoleSize?: readonly number[] }
  const config = {
    ...{ User: '', Privileged: false, Tty: ConsoleSize !== undefined },
    ...(ConsoleSize && { ConsoleSize }),
    ...{ AttachStdin: false, AttachStderr: true, AttachStdout: true, Detach: false },
    ...{ DetachKeys: '', Env: null, WorkingDir: '', Cmd: ['true'], ...rest },
  }
  const starting = { Detach: false, Tty: config.Tty, ...(ConsoleSize && { ConsoleSize }) }
  return [
    'HEAD /_ping',
    `GET /v${version}/containers/box/json`,
    `POST /v${version}/containers/box/exec ${JSON.stringify(config)}`,
    `POST /v${version}/exec/e1/start ${JSON.stringify({ ...starting, ...started })}`,
    `GET /v${version}/exec/e1/json`,
  ]
}

/** A daemon that names this version, or none. */
function naming(version: string | undefined): Route {
  const fields = version === undefined ? [] : [`Api-Version: ${version}`]
  return { on: 'HEAD /_ping', answer: raw(head('200 OK', ...fields)) }
}

const framed = '\x01\0\0\0\0\0\0\x06hello\n'
const detached = { AttachStderr: false, AttachStdout: false, Detach: true }

const sizes: readonly ScriptedCase[] = [
  {
    title: '-t without a terminal sends a size of 0 by 0',
    args: ['-t', 'box', 'true'],
    routes: [naming('1.42')],
    stdout: framed,
    requests: session('1.42', { ConsoleSize: [0, 0] }),
  },
  {
    title: '-t below API 1.42 sends no size',
    args: ['-t', 'box', 'true'],
    routes: [naming('1.41')],
    stdout: framed,
    requests: session('1.41', { Tty: true }),
  },
  {
    title: '-d -t repeats the size in the start',
    args: ['-dt', 'box', 'true'],
    routes: [naming('1.50'), { on: start.on, answer: raw(head('200 OK')) }],
    stdout: '',
    requests: session('1.50', { ConsoleSize: [0, 0], ...detached }, { Detach: true }).slice(0, 4),
  },
]

/** A case in which docker refuses options of a newer API. */
function refused(version: string, options: readonly string[], lines: readonly string[]) {
  return {
    title: `${options.join(' ')} on API ${JSON.stringify(version)}`,
    args: [...options, 'box', 'true'],
    env: { DOCKER_API_VERSION: version },
    code: 1,
    stdout: '',
    stderr: lines
      .map((line) => `${line}, but the Docker daemon API version is ${version.replace(/^v/, '')}\n`)
      .join(''),
    requests: ['HEAD /_ping'],
  }
}

/** The outcome on a daemon that doesn't know this path. */
function notFound(path: string): Omit<ScriptedCase, 'title'> {
  return {
    code: 1,
    stdout: '',
    stderr: 'Error response from daemon: page not found\n',
    requests: ['HEAD /_ping', `GET ${path}/containers/box/json`],
  }
}

const needsEnv = '"--env" requires API version 1.25'
const needsWorkdir = '"--workdir" requires API version 1.35'

const versions: readonly ScriptedCase[] = [
  {
    title: 'DOCKER_API_VERSION is used, but the daemon is pinged',
    env: { DOCKER_API_VERSION: '1.30' },
    requests: session('1.30'),
  },
  refused('1.24', ['-e', 'A=b'], [needsEnv]),
  refused('v1.24', ['--env=A'], [needsEnv]),
  refused('1.9', ['-w', ''], [needsWorkdir]),
  refused('1.34', ['-tw', '/'], [needsWorkdir]),
  refused('nonsense', ['-eA=b'], [needsEnv]),
  refused(
    '1.24',
    ['-w', '/', '--env-file', '/none', '-e', 'A=b'],
    [needsEnv, '"--env-file" requires API version 1.25', needsWorkdir],
  ),
  {
    ...refused('1.24', ['-it', '-e', 'A=b'], [needsEnv]),
    title: 'a daemon of API 1.24, and a variable',
    env: {},
    routes: [naming('1.24')],
  },
  {
    title: 'a variable on API 1.25, and a user, privileges and detach keys on any',
    args: ['-e', 'A=b', '-u', 'me', '--privileged', '--detach-keys', 'a', 'box', 'true'],
    env: { DOCKER_API_VERSION: '1.25' },
    requests: session('1.25', { User: 'me', Privileged: true, DetachKeys: 'a', Env: ['A=b'] }),
  },
  {
    title: 'a daemon that names no version',
    routes: [naming(undefined)],
    requests: session('1.24'),
  },
  { title: 'a daemon of an older API', routes: [naming('1.12')], requests: session('1.12') },
  { title: 'a daemon of a newer API', routes: [naming('1.999')], requests: session('1.50') },
  { title: 'a daemon of a newer major API', routes: [naming('2.1')], requests: session('1.50') },
  { title: 'a version with a v', routes: [naming('v1.41')], requests: session('1.41') },
  { title: 'a version that is no number', routes: [naming('x y?')], ...notFound('/vx%20y%3F') },
  {
    title: 'a version that leaves the path',
    routes: [naming('1.41/../1.40')],
    ...notFound('/1.40'),
  },
]

const get: Route = {
  on: 'GET /_ping',
  answer: raw(`${head('200 OK', 'Api-Version: 1.40').replace('h: 0', 'h: 2')}OK`),
}
const pong = raw(head('200 OK', 'Api-Version: 1.40'))
const afterGet = ['HEAD /_ping', 'GET /_ping', ...session('1.40').slice(1)]

const refusedPings = ['HEAD /_ping', 'GET /_ping'] as const
const pings: readonly ScriptedCase[] = [
  ...['404 Not Found', '403 Forbidden', '405 Method Not Allowed', '204 No Content', '503 Busy'].map(
    (status): ScriptedCase => ({
      title: `a HEAD that is answered ${status} is followed by a GET`,
      routes: [{ on: 'HEAD /_ping', answer: raw(head(status, 'Api-Version: 1.30')) }, get],
      requests: afterGet,
    }),
  ),
  {
    title: 'a HEAD that is answered 500 is enough',
    routes: [{ on: 'HEAD /_ping', answer: raw(head('500 Oops', 'Api-Version: 1.30')) }],
    requests: session('1.30'),
  },
  {
    title: 'a daemon that refuses both pings runs nothing',
    routes: [{ on: /_ping$/, answer: raw(head('403 Forbidden')) }],
    requests: [...refusedPings, ...refusedPings, 'GET /v1.50/containers/box/json', ...refusedPings],
    code: 1,
    stdout: '',
    stderr:
      'request returned 403 Forbidden for API route and version URL/_ping, check if the server supports the requested API version\n',
  },
  ...[
    { what: 'is cut off', broken: breakOff() },
    { what: 'comes after two seconds', broken: raw() },
  ].map(
    ({ what, broken }): ScriptedCase => ({
      title: `a first ping that ${what} is repeated`,
      routes: [{ on: 'HEAD /_ping', answer: (_, count) => (count === 1 ? broken : pong) }],
      requests: ['HEAD /_ping', ...session('1.40')],
    }),
  ),
  {
    title: 'a daemon that redirects the ping runs nothing',
    routes: [{ on: 'HEAD /_ping', answer: raw(head('307 Moved', 'Location: /elsewhere')) }],
    code: 1,
    stdout: '',
    stderr: 'error during connect: Head "/elsewhere": unexpected redirect in response\n',
  },
]

/** A case with this body of the last inspect. */
function inspected(body: string, outcome: Partial<ScriptedCase>): ScriptedCase {
  return {
    title: `an inspect of ${JSON.stringify(body)}`,
    routes: [{ on: 'GET /exec/e1/json', answer: answer('200 OK', 'application/json', body) }],
    ...outcome,
  }
}

const unreadable = 'docker prints the error of its JSON decoder, and exits with 1.'
const truncated = 'The system truncates it to 0, and docker exits with 0.'
const unknown = 'the session is over, but its exit code is unknown: '
const invalid = { code: 255, stderr: `${unknown}ExitCode is not a valid exit code\n` }

const codes: readonly ScriptedCase[] = [
  inspected('{"running":false,"exitCode":7}', { code: 7 }),
  inspected('{"EXITCODE":7}', { code: 7 }),
  inspected('{"ExitCode":7,"exitcode":8}', { code: 8 }),
  inspected('{"ExitCode":300}', { code: 44 }),
  inspected('{"ExitCode":-1}', { code: 255 }),
  inspected('{"ExitCode":3221225786}', { code: 58 }),
  inspected('{"ExitCode":256}', { ...invalid, unlike: truncated }),
  ...['7.5', '"7"', 'true', '[]', '{}', '1e400', '99999999999999999999'].map((code) =>
    inspected(`{"ExitCode":${code}}`, { ...invalid, unlike: unreadable }),
  ),
  ...['{}', 'null', '{"Running":false,"ExitCode":null}'].map((body) =>
    inspected(body, {
      code: 1,
      stderr:
        'the command has ended, but the daemon did not store its code: the exit code is unknown\n',
      unlike: 'docker takes a missing code for 0.',
    }),
  ),
  inspected('[]', {
    code: 255,
    stderr: `${unknown}cannot read the 200 OK answer from HOST: it is not a JSON object\n`,
    unlike: unreadable,
  }),
]

/** A case with this answer to the create, which gives no ID. */
function created(what: string, answer: Answer, stderr: string, unlike?: string): ScriptedCase {
  return {
    title: `a create that is answered with ${what}`,
    routes: [{ on: 'POST /containers/box/exec', answer }],
    ...{ code: 1, stdout: '', stderr, requests: session('1.41').slice(0, 3) },
    ...(unlike !== undefined && { unlike }),
  }
}

const cannotRead = 'cannot read the 201 Created answer from HOST: it is'
const createds: readonly ScriptedCase[] = [
  ...[null, {}, { Id: '' }, { Id: null }].map((value) =>
    created(JSON.stringify(value), json('201 Created', value), 'exec ID empty\n'),
  ),
  ...[{ Id: 5 }, { Id: ['e1'] }, { Id: {} }].map((value) =>
    created(JSON.stringify(value), json('201 Created', value), 'exec ID empty\n', unreadable),
  ),
  ...[[], 5, 'text'].map((value) =>
    created(
      JSON.stringify(value),
      json('201 Created', value),
      `${cannotRead} not a JSON object\n`,
      unreadable,
    ),
  ),
  created('an empty body', raw(head('201 Created')), `${cannotRead} empty\n`, unreadable),
  created(
    '{',
    answer('201 Created', 'text/plain', '{'),
    `${cannotRead} not valid JSON\n`,
    unreadable,
  ),
  created(
    '204',
    raw('HTTP/1.1 204 No Content\r\n\r\n'),
    'cannot read the 204 No Content answer from HOST: it is empty\n',
    unreadable,
  ),
  created(
    'an error without a message',
    json('409 Conflict', {}),
    'Error response from daemon: API returned a 409 (Conflict) but provided no error-message\n',
  ),
  created(
    'an error of null',
    json('404 Not Found', null),
    'Error response from daemon: API returned a 404 (Not Found) but provided no error-message\n',
  ),
  created(
    'an error with its message in another letter case',
    json('409 Conflict', { message: 'first', MESSAGE: 'last' }),
    'Error response from daemon: last\n',
  ),
  created(
    'an empty error',
    raw(head('502 Bad Gateway')),
    'request returned 502 Bad Gateway for API route and version URL/v1.41/containers/box/exec, check if the server supports the requested API version\n',
  ),
  created(
    'a redirect',
    raw(head('301 Moved', 'Location: https://elsewhere')),
    'error during connect: Post "https://elsewhere": unexpected redirect in response\n',
  ),
  {
    title: 'an ID that a path cannot hold',
    routes: [
      { on: 'POST /containers/box/exec', answer: json('201 Created', { id: 'é 1' }) },
      { on: 'POST /exec/%C3%A9%201/start', answer: upgraded(...upgrade) },
      { on: 'GET /exec/%C3%A9%201/json', answer: json('200 OK', { ExitCode: 3 }) },
    ],
    code: 3,
  },
]

/** An ordinary answer, behind interim ones. */
function behind(interim: string, { pieces, after }: Answer): Answer {
  return { pieces: [interim, ...pieces], after }
}

const interim = [
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 102 Processing\r\nX: y\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n',
].join('')
const exited = json('200 OK', { ID: 'e1', Running: false, ExitCode: 9 })

const interims: readonly ScriptedCase[] = [
  {
    title: 'interim answers before every ordinary answer',
    routes: [
      { on: 'HEAD /_ping', answer: behind(interim, raw(head('200 OK', 'Api-Version: 1.41'))) },
      { on: 'GET /containers/box/json', answer: behind(interim, json('200 OK', {})) },
      {
        on: 'POST /containers/box/exec',
        // In one piece, and once more byte by byte.
        answer: raw(...interim, `${interim}${json('201 Created', { Id: 'e1' }).pieces.join('')}`),
      },
      { on: 'GET /exec/e1/json', answer: behind(interim, exited) },
    ],
    code: 9,
    requests: session('1.41'),
  },
  {
    title: 'interim answers before the 101',
    routes: [{ on: start.on, answer: behind(interim, upgraded(...upgrade)) }],
    requests: session('1.41'),
    unlike: 'docker takes the interim answer for a refusal: unable to upgrade, received 100.',
  },
  ...[
    [],
    ['Connection: Upgrade'],
    ['Upgrade: tcp'],
    ['connection: UPGRADE', 'upgrade: h2c'],
    [...upgrade, 'Transfer-Encoding: chunked'],
    [...upgrade, 'Content-Length: 14'],
    ['Connection: close'],
  ].map(
    (fields): ScriptedCase => ({
      title: `a 101 with the fields ${JSON.stringify(fields)}`,
      routes: [{ on: start.on, answer: upgraded(...fields) }],
      requests: session('1.41'),
    }),
  ),
  {
    title: 'a 101 with a head of 20 kB',
    routes: [{ on: start.on, answer: upgraded(`X: ${'y'.repeat(20_000)}`, ...upgrade) }],
  },
]

export const scripted: readonly ScriptedCase[] = [
  ...sizes,
  ...versions,
  ...pings,
  ...codes,
  ...createds,
  ...interims,
]
