/**
 * Unusual and invalid requests. If a dockerd 28.5 is available, it gets them
 * too.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { send, type Target } from '../conformance/raw.ts'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { withPractice } from './daemon.ts'

type Case = readonly [title: string, request: (container: string) => string, said: string]

const fields = (extra: readonly string[]): string =>
  ['Host: docker', ...extra].map((field) => `${field}\r\n`).join('')

/** A create with a body and an optional Content-Type. */
function creating(body: string, type = 'application/json') {
  return (container: string): string => {
    const length = `Content-Length: ${Buffer.byteLength(body)}`
    const head = fields([...(type === '' ? [] : [`Content-Type: ${type}`]), length])
    return `POST /v1.51/containers/${container}/exec HTTP/1.1\r\n${head}\r\n${body}`
  }
}

/** A create with a chunked body. */
function chunked(chunks: string, ...extra: readonly string[]) {
  return (container: string): string => {
    const head = fields(['Content-Type: application/json', ...extra])
    return `POST /v1.51/containers/${container}/exec HTTP/1.1\r\n${head}\r\n${chunks}`
  }
}

const getting = (path: string, protocol = 'HTTP/1.1', ...extra: readonly string[]) => {
  return () => `GET ${path} ${protocol}\r\n${fields(extra)}\r\n`
}

const te = 'Transfer-Encoding: chunked'
const command = '{"Cmd":["true"]}'
const wrongType = (what: string): string =>
  `400 {"message":"invalid JSON: json: cannot unmarshal ${what}"}`

/**
 * Requests that dockerd 28.5 and the practice daemon answer in the same way.
 */
const alike: readonly Case[] = [
  [
    'a name in another letter case appears unchanged in the error',
    creating('{"cmd":"x"}'),
    wrongType('string into Go struct field ExecOptions.cmd of type []string'),
  ],
  [
    'a size that is not an integer',
    creating('{"Cmd":["true"],"ConsoleSize":[1.5,2]}'),
    wrongType('number 1.5 into ExecOptions.ConsoleSize.0 of type uint'),
  ],
  ['a null word in the command', creating('{"Cmd":["true",null]}'), '201'],
  ['a content type in capitals', creating(command, 'Application/JSON'), '201'],
  ['a content type with a parameter', creating(command, 'application/json; charset=utf-8'), '201'],
  [
    'another content type without a body',
    creating('', 'text/plain'),
    `400 {"message":"unsupported Content-Type header (text/plain): must be 'application/json'"}`,
  ],
  [
    'an unknown user is reported before invalid detach keys',
    creating('{"Cmd":["true"],"User":"nosuch","DetachKeys":"bogus"}'),
    '400 {"message":"unable to find user nosuch: no matching entries in passwd file"}',
  ],
  ['a trailer after the chunks', chunked(`10\r\n${command}\r\n0\r\nX: y\r\n\r\n`, te), '201'],
  [
    'a version that is too new',
    getting('/v1.99/version'),
    '400 {"message":"client version 1.99 is too new. Maximum supported API version is 1.51"}',
  ],
  [
    'an ID with a slash',
    getting('/v1.51/exec/a/b/json'),
    '404 {"message":"No such exec instance: a/b"}',
  ],
  [
    'close among other Connection options',
    getting('/_ping', 'HTTP/1.1', 'Connection: TE, close'),
    '200 OK close',
  ],
]

/** Requests that no client of this API sends. */
const odd: readonly (readonly [title: string, request: string])[] = [
  ['a path without a leading slash', 'GET no/path HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['another version of HTTP', getting('/_ping', 'HTTP/2.0')()],
  ['a field with a space in its name', getting('/_ping', 'HTTP/1.1', 'A B: x')()],
  ['two hosts', getting('/_ping', 'HTTP/1.1', 'Host: other')()],
  ['a head above a megabyte', getting('/_ping', 'HTTP/1.1', `A: ${'x'.repeat(1_100_000)}`)()],
  ['a percent sign without hex digits', getting('/v1.51/exec/%zz/json')()],
  ['truncated JSON', creating('{"Cmd":["true"]')('practice')],
  ['two JSON values', creating(`${command} x`)('practice')],
  ['a body without a content type', creating(command, '')('practice')],
  ['an invalid chunk length', chunked('zz\r\nx\r\n0\r\n\r\n', te)('practice')],
  ['an unknown encoding', chunked('', 'Transfer-Encoding: gzip')('practice')],
  ['two lengths', chunked('{}', 'Content-Length: 2', 'Content-Length: 3')('practice')],
  ['a length that is too long', chunked('{}', 'Content-Length: 99999999999')('practice')],
]

/** Returns the status, the text and the Connection header, without an ID. */
async function answered(target: Target, request: (container: string) => string): Promise<string> {
  const { status, headers, rest } = await send(target, request(target.container), {
    silence: 3000,
  })
  const text = status === '201' ? '' : String(rest).trim()
  return [status, text, headers.get('connection')].filter(Boolean).join(' ')
}

async function compare(target: Target): Promise<void> {
  const seen: Record<string, string> = {}
  for (const [title, request] of alike) seen[title] = await answered(target, request)
  expect(seen).toEqual(Object.fromEntries(alike.map(([title, , said]) => [title, said])))
}

describe.skipIf(process.platform === 'win32')('the practice daemon', () => {
  test('answers unusual requests like dockerd', async () => {
    await withPractice([], ({ host, container }) => compare({ host, container }))
  })

  test('answers invalid requests with 400 and keeps running', async () => {
    await withPractice([], async (target) => {
      for (const [title, request] of odd) {
        const { status, rest } = await send(target, request, { silence: 3000 })
        expect({ title, status }).toEqual({ title, status: '400' })
        expect(JSON.parse(String(rest))).toEqual({ message: expect.any(String) })
      }
      expect(await answered(target, getting('/_ping'))).toBe('200 OK')
    })
  })
})

describeWithEngine('dockerd 28.5', (engine) => {
  test('answers as recorded here', async (context) => {
    const { headers } = await send({ host: engine.host, container: '' }, getting('/_ping')())
    if (!headers.get('server')?.startsWith('Docker/28.5')) {
      return context.skip('the engine is not Docker 28.5, and the words are those of its library')
    }
    const box = await startContainer()
    try {
      await compare({ host: engine.host, container: box.name })
    } finally {
      await box.release()
    }
  }, 120_000)
})
