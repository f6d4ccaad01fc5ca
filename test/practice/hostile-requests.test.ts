/**
 * Hostile clients: whatever they send, the practice daemon goes on serving,
 * and its memory stays bounded. Other users cannot connect at all.
 *
 * @module
 */

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type PracticeDaemon, startPracticeDaemon } from '../../src/practice/spawn.ts'
import { create, inspect, send, start } from '../conformance/raw.ts'
import { call } from '../support/api.ts'
import { run } from '../support/run.ts'
import { asOrdinaryUser } from '../support/scripts.ts'
import { execOn, program } from './daemon.ts'

const isWindows = process.platform === 'win32'
const isLinux = process.platform === 'linux'

describe.skipIf(isWindows)('the practice daemon', () => {
  let daemon: PracticeDaemon
  beforeAll(async () => {
    daemon = await startPracticeDaemon({ program })
  })
  afterAll(() => daemon.close())

  const socketPath = (): string => daemon.host.replace('unix://', '')

  /** Opens a connection and sends bytes. Its errors do not matter. */
  async function open(bytes: string | Uint8Array): Promise<Socket> {
    const socket = connect(socketPath())
    socket.on('error', () => {})
    socket.resume()
    await new Promise((resolve) => socket.once('connect', resolve).once('error', resolve))
    socket.write(bytes)
    return socket
  }

  async function expectToServe(): Promise<void> {
    const { stdout, code } = await execOn(daemon, ['practice', 'echo', 'served'])
    expect({ stdout: String(stdout), code }).toEqual({ stdout: 'served\n', code: 0 })
  }

  const post = (path: string, ...fields: readonly string[]): string =>
    [`POST ${path} HTTP/1.1`, 'Host: x', 'Content-Type: application/json', ...fields, '', ''].join(
      '\r\n',
    )
  const createPath = '/v1.51/containers/practice/exec'
  const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

  test.each<[string, string | Uint8Array]>([
    ['bytes of no protocol', Buffer.from('16030100c8010000c40303ff00', 'hex')],
    ['random bytes', Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256))],
    ['half a head', 'POST /v1.51/containers/practice/exec HTTP/1.1\r\nHos'],
    ['a head of 2 MiB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(2 ** 21)}\r\n\r\n`],
    ['a negative length', post(createPath, 'Content-Length: -1')],
    ['a huge length', post(createPath, 'Content-Length: 99999999999999999999')],
    ['two lengths', post(createPath, 'Content-Length: 2', 'Content-Length: 3')],
    ['a length and chunks', post(createPath, 'Content-Length: 2', 'Transfer-Encoding: chunked')],
    ['a chunk of no number', `${post(createPath, 'Transfer-Encoding: chunked')}zz\r\n`],
    ['a huge chunk', `${post(createPath, 'Transfer-Encoding: chunked')}ffffffffffffffff\r\nx`],
    ['a body that breaks off', `${post(createPath, 'Content-Length: 100')}{`],
    ['an unknown method', 'BREW /_ping HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['another protocol version', 'GET /_ping HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['a path upwards', get('/v1.51/containers/../../../etc/passwd/json')],
    ['an encoded path upwards', get('/v1.51/containers/%2e%2e%2f%2e%2e%2fetc/json')],
    ['a zero byte in a path', get('/v1.51/containers/a%00b/json')],
    ['half a percent escape', get('/v1.51/containers/%c3%/json')],
    ['a huge version', get('/v999999999999.9/_ping')],
    ['filters that are no JSON', get('/v1.51/events?filters={{{')],
    ['filters that are null', get('/v1.51/events?filters=null')],
    [
      'an upgrade of another request',
      `GET /_ping HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n\0\0`,
    ],
    ['a thousand requests at once', get('/_ping').repeat(1000)],
  ])('serves on after %s', async (_, bytes) => {
    const socket = await open(bytes)
    socket.end()
    await Promise.race([new Promise((resolve) => socket.once('close', resolve)), wait(300)])
    expect((await call(daemon.host, 'GET', '/_ping')).body).toBe('OK')
    socket.destroy()
  })

  const json = (text: string): string =>
    post(createPath, `Content-Length: ${Buffer.byteLength(text)}`) + text

  test.each([
    ['deep nesting', `{"Cmd":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, '400'],
    ['keys of the prototype', '{"__proto__":{"Cmd":["x"]},"constructor":1}', '400'],
    ['a million words', `{"Cmd":[${'"x",'.repeat(1_000_000)}"x"]}`, '201'],
    ['a zero byte in a word', '{"Cmd":["a\\u0000b"]}', '201'],
    ['a lone surrogate', '{"Cmd":["\\ud800"]}', '201'],
    ['the largest number', '{"Cmd":["x"],"ConsoleSize":[1e400,1]}', '400'],
  ])('answers a body with %s', async (_, text, status) => {
    expect((await send(daemon, json(text))).status).toBe(status)
  })

  test('serves on after a start of commands that cannot run', async () => {
    for (const Cmd of [['a\0b'], ['x'.repeat(3_000_000)], ['true', 'x'.repeat(3_000_000)]]) {
      for (const Tty of [false, true]) {
        const id = await create(daemon, { AttachStdout: true, AttachStderr: true, Tty, Cmd })
        await start(daemon, id, { body: { Detach: false, Tty } })
        expect((await inspect(daemon, id)).Running).toBe(false)
      }
    }
    await expectToServe()
  })

  test('refuses sizes that are none, and serves on', async () => {
    const id = await create(daemon, { AttachStdout: true, Tty: true, Cmd: ['sleep', '5'] })
    await start(daemon, id, { headers: {}, body: { Detach: true, Tty: true } })
    for (const query of [
      '',
      '?h=&w=',
      '?h=-1&w=2',
      '?h=1e9&w=1',
      '?h=99999999999&w=1',
      '?h=a&w=%00',
    ]) {
      const { status } = await call(daemon.host, 'POST', `/v1.51/exec/${id}/resize${query}`)
      expect(status, query).toBe(400)
    }
    await expectToServe()
  })

  test('serves while a thousand connections stay half open', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 1000 }, (_, at) => open(at % 2 ? 'GET /_pi' : '')),
    )
    await expectToServe()
    for (const socket of sockets) socket.destroy()
  })

  test('ends a session whose connection vanishes', async () => {
    const id = await create(daemon, { AttachStdin: true, AttachStdout: true, Cmd: ['cat'] })
    const headers = ['Connection: Upgrade', 'Upgrade: tcp', 'Content-Length: 2']
    const socket = await open(`${post(`/v1.51/exec/${id}/start`, ...headers)}{}`)
    await expect.poll(async () => (await inspect(daemon, id)).Running).toBe(true)
    socket.destroy()
    await expect.poll(async () => (await inspect(daemon, id)).Running).toBe(false)
  })

  test.skipIf(!isLinux)('keeps its memory bounded after many creates and long bodies', async () => {
    const fresh = await startPracticeDaemon({ program })
    onTestFinished(fresh.close)
    const many = connect(fresh.host.replace('unix://', ''))
    many.on('error', () => {}).resume()
    many.end(json('{"Cmd":["true"]}').repeat(2000))
    await once(many, 'close')
    // Each is kept twice if nothing forgets it: with its exec and its event.
    const body = { Cmd: ['x'.repeat(4_000_000)] }
    for (let count = 0; count < 80; count += 1) {
      await call(fresh.host, 'POST', createPath, body)
    }
    expect((await call(fresh.host, 'GET', '/_ping')).body).toBe('OK')
    const status = readFileSync(`/proc/${fresh.pid}/status`, 'utf8')
    const [, peak = ''] = /VmHWM:\s+(\d+) kB/.exec(status) ?? []
    expect(Number(peak) / 1024).toBeLessThan(300)
  })

  test('cannot be reached by another user', async (context) => {
    if (process.getuid?.() !== 0) return context.skip('only root can become another user')
    const ask = `require('node:net').connect(process.argv[1])
      .on('connect', () => console.log('connected'))
      .on('error', ({ code }) => console.log(code))`
    const [command, ...words] = asOrdinaryUser([process.execPath, '-e', ask, socketPath()])
    const { stdout, stderr } = await run(command, words)
    expect(`${stdout}${stderr}`).toBe('EACCES\n')
  })

  test('gives commands none of its own environment', async () => {
    const own = { ...process.env }
    Object.assign(process.env, { WORKBOOK_SECRET: 's3cr3t', LD_LIBRARY_PATH: '/nope' })
    const second = await startPracticeDaemon({ program }).finally(() => {
      process.env = own
    })
    try {
      for (const options of [[], ['-t']]) {
        const ran = await execOn(second, [...options, '-e', 'MINE=1', 'practice', 'env'])
        const names = `${ran.stdout}`
          .trim()
          .split(/\r?\n/)
          .map((line) => line.split('=')[0])
        const expected = ['HOME', 'HOSTNAME', 'MINE', 'PATH', ...(options.length ? ['TERM'] : [])]
        expect(names.sort()).toEqual(expected)
      }
    } finally {
      await second.close()
    }
  })
})
