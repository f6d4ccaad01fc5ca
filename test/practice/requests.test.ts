/**
 * Requests that are unusual, wrong or broken off, and what dockerd 28.5 answers. The practice daemon
 * has to say the same; a dockerd of that version is asked too, where there is one.
 */

import { expect, test } from 'vitest'
import { send, type Target } from '../conformance/raw.ts'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { withPractice } from './daemon.ts'

type Case = readonly [title: string, request: (container: string) => string, said: string]

const fields = (extra: readonly string[]): string =>
  ['Host: docker', ...extra].map((field) => `${field}\r\n`).join('')

/** A create with a body, and a Content-Type if it is not to be the usual one. */
function creating(body: string, type = 'application/json') {
  return (container: string): string => {
    const length = `Content-Length: ${Buffer.byteLength(body)}`
    const head = fields([...(type === '' ? [] : [`Content-Type: ${type}`]), length])
    return `POST /v1.51/containers/${container}/exec HTTP/1.1\r\n${head}\r\n${body}`
  }
}

/** A create whose body comes in chunks. */
function chunked(chunks: string, ...extra: readonly string[]) {
  return (container: string): string => {
    const head = fields(['Content-Type: application/json', ...extra])
    return `POST /v1.51/containers/${container}/exec HTTP/1.1\r\n${head}\r\n${chunks}`
  }
}

const getting = (path: string, protocol = 'HTTP/1.1', ...extra: readonly string[]) => {
  return () => `GET ${path} ${protocol}\r\n${fields(extra)}\r\n`
}

const notJson = (reason: string): string => `400 {"message":"invalid JSON: ${reason}"}`
const command = '{"Cmd":["true"]}'
const te = 'Transfer-Encoding: chunked'

const cases: readonly Case[] = [
  [
    'a text that is no JSON',
    creating('x'),
    notJson("invalid character 'x' looking for beginning of value"),
  ],
  [
    'a web page',
    creating('<html>'),
    notJson("invalid character '<' looking for beginning of value"),
  ],
  [
    'a comma at the end',
    creating('{"Cmd":["true"],}'),
    notJson("invalid character '}' looking for beginning of object key string"),
  ],
  [
    'a name without quotation marks',
    creating('{Cmd:["true"]}'),
    notJson("invalid character 'C' looking for beginning of object key string"),
  ],
  [
    'no comma',
    creating('{"Cmd":["true"] "Tty":true}'),
    notJson(`invalid character '\\"' after object key:value pair`),
  ],
  ['no colon', creating('{"Cmd" ["true"]}'), notJson("invalid character '[' after object key")],
  ['no comma in a list', creating('[1 2]'), notJson("invalid character '2' after array element")],
  [
    'a word that breaks off',
    creating('{"Cmd":["true"],"Tty":tru}'),
    notJson("invalid character '}' in literal true (expecting 'e')"),
  ],
  ['half a number', creating('{"x":1e}'), notJson("invalid character '}' in numeric literal")],
  [
    'an escape that there is not',
    creating('{"Cmd":["\\x41"]}'),
    notJson('invalid escape sequence `\\\\x` in string'),
  ],
  [
    'a line feed in a string',
    creating('{"Cmd":["a\nb"]}'),
    notJson("invalid character '\\\\n' in string"),
  ],
  [
    'a value of another type before something else',
    creating('truex'),
    notJson('json: cannot unmarshal bool into Go value of type container.ExecOptions'),
  ],
  [
    'a name in another case is shown as it was sent',
    creating('{"cmd":"x"}'),
    notJson('json: cannot unmarshal string into Go struct field ExecOptions.cmd of type []string'),
  ],
  [
    'a size that is no whole number',
    creating('{"Cmd":["true"],"ConsoleSize":[1e2,2]}'),
    notJson('json: cannot unmarshal number 1e2 into ExecOptions.ConsoleSize.0 of type uint'),
  ],
  ['a bracket too many', creating(`${command}]`), '201'],
  ['a word of the command that is null', creating('{"Cmd":["true",null]}'), '201'],
  ['a type in capitals', creating(command, 'Application/JSON'), '201'],
  ['a type with a parameter', creating(command, 'application/json; charset=utf-8'), '201'],
  [
    'no type',
    creating(command, ''),
    '400 {"message":"malformed Content-Type header (): mime: no media type"}',
  ],
  [
    'two types',
    creating(command, 'application/json, text/plain'),
    '400 {"message":"malformed Content-Type header (application/json, text/plain): mime: unexpected content after media subtype"}',
  ],
  [
    'half a parameter',
    creating(command, 'application/json; a'),
    '400 {"message":"malformed Content-Type header (application/json; a): mime: invalid media parameter"}',
  ],
  [
    'another type, and no body',
    creating('', 'text/plain'),
    `400 {"message":"unsupported Content-Type header (text/plain): must be 'application/json'"}`,
  ],
  [
    'a user before detach keys, both wrong',
    creating('{"Cmd":["true"],"User":"nosuch","DetachKeys":"bogus"}'),
    '400 {"message":"unable to find user nosuch: no matching entries in passwd file"}',
  ],
  ['a trailer behind the chunks', chunked(`10\r\n${command}\r\n0\r\nX: y\r\n\r\n`, te), '201'],
  ['no chunk', chunked('0\r\n\r\n', te), notJson('got EOF while reading request body')],
  [
    'a chunk length that is none',
    chunked('zz\r\nx\r\n0\r\n\r\n', te),
    `${notJson('invalid byte in chunk length')} close`,
  ],
  [
    'a chunk that is too long',
    chunked('ffffffffffffffffff\r\nx', te),
    `${notJson('http chunk length too large')} close`,
  ],
  [
    'an encoding that there is not',
    chunked('', 'Transfer-Encoding: gzip'),
    '501 Unsupported transfer encoding close',
  ],
  [
    'two lengths',
    chunked('{}', 'Content-Length: 2', 'Content-Length: 3'),
    '400 400 Bad Request close',
  ],
  ['an expectation that there is not', getting('/_ping', 'HTTP/1.1', 'Expect: bogus'), '417 close'],
  [
    'a version that is too old',
    getting('/v1.23/version'),
    '400 client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version',
  ],
  [
    'a version that is too new',
    getting('/v1.99/version'),
    '400 {"message":"client version 1.99 is too new. Maximum supported API version is 1.51"}',
  ],
  [
    'a version of three numbers',
    getting('/v1.51.1/version'),
    '400 {"message":"client version 1.51.1 is too new. Maximum supported API version is 1.51"}',
  ],
  ['a version with a zero in front', getting('/v1.051/_ping'), '200 OK'],
  [
    'a method in small letters',
    () => 'get /_ping HTTP/1.1\r\nHost: a\r\n\r\n',
    '404 {"message":"page not found"}',
  ],
  ['a space in the path', getting('/a b'), '400 400 Bad Request close'],
  ['a percent sign and no number', getting('/v1.51/exec/%zz/json'), '400 400 Bad Request close'],
  ['a path with a letter as a number', getting('/%5fping'), '200 OK'],
  ['a path with a point', getting('/./_ping'), '301'],
  ['a path with the name of a host', getting('http://docker/_ping'), '200 OK'],
  [
    'an ID with a slash',
    getting('/v1.51/exec/a/b/json'),
    '404 {"message":"No such exec instance: a/b"}',
  ],
  ['two hosts', getting('/_ping', 'HTTP/1.1', 'Host: other'), '400 400 Bad Request close'],
  [
    'a host that is none',
    () => 'GET /_ping HTTP/1.1\r\nHost: a b\r\n\r\n',
    '400 400 Bad Request: malformed Host header close',
  ],
  [
    'a field with a space in its name',
    getting('/_ping', 'HTTP/1.1', 'A B: x'),
    '400 400 Bad Request: invalid header name close',
  ],
  ['a field that goes on in the next line', getting('/_ping', 'HTTP/1.1', 'A: x\r\n y'), '200 OK'],
  ['line feeds alone', () => 'GET /_ping HTTP/1.1\nHost: a\n\n', '200 OK'],
  [
    'a head above a megabyte',
    getting('/_ping', 'HTTP/1.1', `A: ${'x'.repeat(1_100_000)}`),
    '431 431 Request Header Fields Too Large close',
  ],
  [
    'close among other wishes',
    getting('/_ping', 'HTTP/1.1', 'Connection: TE, close'),
    '200 OK close',
  ],
  ['an old client', getting('/_ping', 'HTTP/1.0'), 'HTTP/1.0 200 OK'],
  [
    'an old client that wants more',
    getting('/_ping', 'HTTP/1.0', 'Connection: keep-alive'),
    'HTTP/1.0 200 OK keep-alive',
  ],
  ['a later version of HTTP/1', getting('/_ping', 'HTTP/1.2'), '200 OK'],
  [
    'another version of HTTP',
    getting('/_ping', 'HTTP/2.0'),
    '505 505 HTTP Version Not Supported: unsupported protocol version close',
  ],
]

/** Status, text, and what is said about the connection. An ID is left out. */
async function answered(target: Target, request: (container: string) => string): Promise<string> {
  const { head, status, headers, rest } = await send(target, request(target.container), {
    patience: 1000,
  })
  const text = status === '201' || status === '301' ? '' : String(rest).trim()
  const old = head.startsWith('HTTP/1.0') ? 'HTTP/1.0' : ''
  return [old, status, text, headers.get('connection')].filter(Boolean).join(' ')
}

async function compare(target: Target): Promise<void> {
  const seen: Record<string, string> = {}
  for (const [title, request] of cases) seen[title] = await answered(target, request)
  expect(seen).toEqual(Object.fromEntries(cases.map(([title, , said]) => [title, said])))
}

test.skipIf(process.platform === 'win32')(
  'the practice daemon answers what is unusual as dockerd does',
  () => withPractice([], ({ host, container }) => compare({ host, container })),
  60_000,
)

describeWithEngine('dockerd 28.5', (engine) => {
  test('answers as it is written here', async (context) => {
    const { headers } = await send({ host: engine.host, container: '' }, getting('/_ping')())
    if (!headers.get('server')?.startsWith('Docker/28.5')) {
      return context.skip('the engine is not Docker 28.5, and the words are those of its library')
    }
    const box = await startContainer()
    try {
      await compare({ host: engine.host, container: box.name })
    } finally {
      await box.remove()
    }
  }, 120_000)
})
