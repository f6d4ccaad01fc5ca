/**
 * What counts as a secret, rule by rule.
 *
 * @module
 */

import { hostname, userInfo } from 'node:os'
import { describe, expect, test } from 'vitest'
import {
  maskBody,
  maskHeaders,
  maskLearner,
  maskText,
  maskValue,
  tracesOfLearner,
} from '../../src/tape/mask.ts'
import { createRecorder } from '../../src/tape/recorder.ts'
import { printState } from '../../src/tape/state.ts'
import { wireJson, wireLines } from '../../src/tape/wire.ts'

describe('environment masking', () => {
  test('keeps the names in a state and hides the values', () => {
    const state = { container: 'web', env: ['A=one', 'EMPTY=', 'BARE', 'URL=http://x/?a=b'] }
    expect(maskValue(state)).toEqual({
      container: 'web',
      env: ['A=…', 'EMPTY=…', 'BARE', 'URL=…'],
    })
  })

  test('reaches a container’s Env deep inside the daemon’s answer', () => {
    const body = `${JSON.stringify({ Id: 'c1', Config: { Tty: false, Env: ['P=geheim'] } })}\n`
    expect(maskBody(body)).toBe('{"Id":"c1","Config":{"Tty":false,"Env":["P=…"]}}\n')
  })

  test('also works on truncated JSON and on JSON over several lines', () => {
    expect(maskBody('{"Config":{"Env":["P=geheim","Q=auch gehe')).not.toMatch(/gehe/)
    expect(maskBody('{\n "Env": [\n  "P=ge\\"heim",\n  "Q=geheim"\n ]\n}')).not.toContain('heim')
  })

  test('hides an Env that is not an array completely', () => {
    expect(maskValue({ Env: { A: 'one', B: null } })).toEqual({ Env: { A: '…', B: null } })
  })
})

describe('header masking', () => {
  test.each([
    'Authorization',
    'authorization',
    'Proxy-Authorization',
    'X-Registry-Auth',
    'X-Registry-Config',
    'Cookie',
    'Set-Cookie',
    'X-Vault-Token',
    'X-Client-Secret',
    'X-Api-Key',
    'Db-Password',
  ])('hides the value of %s in requests and answers', (name) => {
    expect(maskHeaders([[name, 'geheim']], 'request')).toEqual([[name, '…']])
    expect(maskHeaders([[name, 'geheim']], 'answer')).toEqual([[name, '…']])
  })

  test('hides all headers from the user’s configuration on a request', () => {
    const headers = [
      ['X-Meta', 'geheim'],
      ['Content-Type', 'application/json'],
    ] as const
    expect(maskHeaders(headers, 'request')).toEqual([
      ['X-Meta', '…'],
      ['Content-Type', 'application/json'],
    ])
  })

  test('keeps headers of an answer, which show a proxy in front of the daemon', () => {
    expect(maskHeaders([['Via', '1.1 proxy']], 'answer')).toEqual([['Via', '1.1 proxy']])
  })
})

describe('value masking', () => {
  test('hides values with a secret’s name at any depth', () => {
    expect(
      maskValue({
        auths: { 'registry.example': { auth: 'Z2VoZWlt', email: 'a@b' } },
        IdentityToken: 'geheim',
        labels: { 'com.example.api-key': 'geheim', plain: 'seen' },
        password: '',
        DetachKeys: 'ctrl-p,ctrl-q',
      }),
    ).toEqual({
      auths: { 'registry.example': { auth: '…', email: '…' } },
      IdentityToken: '…',
      labels: { 'com.example.api-key': '…', plain: 'seen' },
      password: '',
      DetachKeys: 'ctrl-p,ctrl-q',
    })
  })

  test('hides the word after a password option in a command', () => {
    const command = ['login', '--password', 'geheim', '--api-key=geheim', '-u', 'me']
    expect(maskValue({ command })).toEqual({
      command: ['login', '--password', '…', '--api-key=…', '-u', 'me'],
    })
  })

  test.each([
    ['curl -H "Authorization: Bearer abcdef123456"', 'abcdef123456'],
    ['MY_TOKEN=geheim sh', 'geheim'],
    ['{"password": "geheim", "a": 1}', 'geheim'],
    ['https://me:geheim@example.org/x', 'geheim'],
    ['eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl', 'c2lnbmF0dXJl'],
  ])('hides the secret in the text %j', (text, secret) => {
    expect(maskText(text)).not.toContain(secret)
  })

  test.each([
    'POST /v1.41/exec/0f/resize?h=24&w=80',
    'echo keyboard; ls token',
    'No such container: web',
    'unix:///var/run/docker.sock',
  ])('keeps the text %j, which has no secret', (text) => {
    expect(maskText(text)).toBe(text)
  })

  test('leaves a body without secrets unchanged', () => {
    const body = '{ "Tty":true,  "n": 1.0 }\n'
    expect(maskBody(body)).toBe(body)
  })

  test('is fast on long words', () => {
    const word = 'a'.repeat(200_000)
    expect(maskText(word)).toBe(word)
  })
})

test('a saved tape does not contain the learner’s home, host name or daemon address', () => {
  const traces = tracesOfLearner('unix:///home/ada/.docker/run/docker.sock', '/home/ada')
  const kept = maskLearner(
    {
      failure: 'Cannot connect to the Docker daemon at unix:///home/ada/.docker/run/docker.sock.',
      binds: ['/home/ada/work:/app', `${userInfo().username}@${hostname()}`],
      container: '/root',
    },
    traces,
  )
  expect(kept).toEqual({
    failure: 'Cannot connect to the Docker daemon at <the daemon>.',
    binds: ['~/work:/app', '<you>'],
    container: '/root',
  })
})

test('the views of a run are masked like the tape', () => {
  const recorder = createRecorder()
  recorder.begin()
  recorder.note({
    kind: 'request',
    connection: 1,
    method: 'POST',
    path: '/v1.41/containers/web/exec',
    headers: [['X-Proxy', 'geheim']],
    body: '{"Env":["P=geheim"]}\n',
  })
  const events = recorder.events()
  expect(wireLines(events, { width: 80 }).join('\n')).not.toContain('geheim')
  expect(JSON.stringify(wireJson(events))).not.toContain('geheim')
  expect(printState({ env: ['P=geheim'] })).toEqual({ env: ['P=…'] })
})
