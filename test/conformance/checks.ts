/**
 * The conformance suite: what a daemon does with the requests of an exec, one observation each.
 * It is written against the API, in bytes, and knows nothing of any client.
 *
 * @module
 */

import { setTimeout as wait } from 'node:timers/promises'
import {
  ask,
  create,
  dial,
  frames,
  inspect,
  type Said,
  send,
  start,
  type Target,
  verdict,
} from './raw.ts'

/** A question to a daemon. */
export type Check = {
  readonly name: string
  /** What was observed, as one line. IDs and versions that differ by nature are taken out later. */
  readonly observe: (target: Target) => Promise<string>
}

const out = { AttachStdout: true, AttachStderr: true }
const both = { ...out, AttachStdin: true }
const sh = (script: string): readonly string[] => ['sh', '-c', script]

function get(name: string, method: string, path: string): Check {
  return { name, observe: async (target) => verdict(await ask(target, method, path)) }
}

/** A create that is answered with a status and a sentence. */
function creating(name: string, body: object | string, container?: string, type?: string): Check {
  return {
    name: `create: ${name}`,
    observe: async (target) => {
      const path = `/v1.41/containers/${container ?? target.container}/exec`
      const headers = type === undefined ? {} : { 'Content-Type': type }
      const said = await ask(target, 'POST', path, { body, headers })
      return said.status === '201' ? '201' : verdict(said)
    },
  }
}

/** An exec from create to exit code: what its stream carries, and how it ended. */
function running(
  name: string,
  body: object,
  sent: Parameters<typeof start>[2] = {},
  show: (said: Said) => string = ({ rest }) => frames(rest),
): Check {
  return {
    name: `run: ${name}`,
    observe: async (target) => {
      const id = await create(target, body, sent.version)
      const said = await start(target, id, sent)
      // The end of the stream may be here before the daemon has noted the end of the process.
      const isSettled = ({ Running }: Note): boolean => !said.ended || !Running
      const { Running, ExitCode } = await inspectUntil(target, id, isSettled, 10)
      const end = said.ended ? 'ended' : 'open'
      return `${show(said)}; ${end}; ${Running ? 'running' : `exit code ${ExitCode}`}`
    },
  }
}

const tty = { Detach: false, Tty: true }
const raw = ({ rest }: Said): string => JSON.stringify(String(rest))

/** What a start is answered with. */
function upgrading(
  name: string,
  version: string,
  isTty: boolean,
  headers?: Record<string, string>,
): Check {
  return {
    name: `start: ${name}`,
    observe: async (target) => {
      const id = await create(target, { ...out, Tty: isTty, Cmd: ['true'] }, version)
      const body = { Detach: false, Tty: isTty }
      const said = await start(target, id, { version, body, ...(headers && { headers }) })
      const upgrade = said.headers.get('upgrade') ?? 'no upgrade'
      return `${said.status} ${said.headers.get('content-type')}, ${upgrade}`
    },
  }
}

type Note = Record<string, unknown>

/** Inspects an exec until its note is as it has to become, or has had time enough for it. */
async function inspectUntil(
  target: Target,
  id: string,
  isThere: (note: Note) => boolean,
  most = 50,
): Promise<Note> {
  let note = await inspect(target, id)
  for (let tries = 0; !isThere(note) && tries < most; tries += 1) {
    await wait(100)
    note = await inspect(target, id)
  }
  return note
}

const isOver = ({ Running, ExitCode }: Note): boolean => !Running && ExitCode !== null
const hasProcess = ({ Pid }: Note): boolean => Number(Pid) > 0

async function resized(target: Target, id: string, query: string): Promise<string> {
  const said = await ask(target, 'POST', `/v1.41/exec/${id}/resize?${query}`, { patience: 15_000 })
  return verdict(said).replaceAll(id, 'ID')
}

/** All of them. */
export const checks: readonly Check[] = [
  get('ping with GET', 'GET', '/_ping'),
  {
    name: 'ping with HEAD: the fields that a client needs',
    observe: async (target) => {
      const { status, headers, rest } = await ask(target, 'HEAD', '/_ping')
      const has = ['api-version', 'ostype', 'server', 'docker-experimental'].filter((name) =>
        headers.has(name),
      )
      return `${status} ${has.join(', ')}; ${rest.length} bytes of body`
    },
  },
  get('ping with a version in the path', 'GET', '/v1.41/_ping'),
  get('version', 'GET', '/version'),
  get('version with a version', 'GET', '/v1.41/version'),
  get('a path that there is not', 'GET', '/v1.41/nope'),
  get('a method that there is not', 'DELETE', '/v1.41/version'),
  get('start with GET', 'GET', '/v1.41/exec/abc/start'),
  get('a version that is too old', 'GET', '/v1.1/version'),
  get('inspect of a container that there is not', 'GET', '/v1.41/containers/nope/json'),
  {
    name: 'inspect of a container',
    observe: async (target) => {
      const { status, rest } = await ask(
        target,
        'GET',
        `/v1.41/containers/${target.container}/json`,
        { patience: 2000 },
      )
      return `${status} ${/"Running":\s?true/.test(String(rest)) ? 'running' : 'not running'}`
    },
  },
  {
    name: 'list of containers',
    observe: async (target) => {
      const { status, rest } = await ask(target, 'GET', '/v1.41/containers/json', {
        patience: 2000,
      })
      return `${status} ${String(rest).includes(`"/${target.container}"`) ? 'has it' : 'has it not'}`
    },
  },
  {
    name: 'a second request on the same connection',
    observe: async (target) => {
      const ping = 'GET /_ping HTTP/1.1\r\nHost: a\r\n\r\n'
      const { rest } = await send(target, ping + ping, { patience: 2000 })
      return `${String(rest).split('HTTP/1.1 200 OK').length} answers`
    },
  },
  {
    name: 'Connection: close',
    observe: async (target) => {
      const said = await ask(target, 'GET', '/_ping', { headers: { Connection: 'close' } })
      await wait(0)
      return `${said.status} ${said.headers.get('connection')}`
    },
  },
  {
    name: 'a request without Host',
    observe: async (target) => (await send(target, 'GET /_ping HTTP/1.1\r\n\r\n')).status,
  },
  {
    name: 'bytes that are no request',
    observe: async (target) => (await send(target, 'garbage\r\n\r\n')).status,
  },
  creating('a command', { ...out, Cmd: ['true'] }),
  creating('no command', {}),
  creating('an empty list as command', { Cmd: [] }),
  creating('a string as command', { Cmd: 'ls' }),
  creating('a number in the command', { Cmd: [1] }),
  creating('a string as Tty', { Cmd: ['true'], Tty: 'yes' }),
  creating('names in another case', { cmd: ['true'] }),
  creating('a field that there is not', { Cmd: ['true'], Bogus: 1 }),
  creating('null', 'null'),
  creating('text and not JSON', '{"Cmd":["true"]}', undefined, 'text/plain'),
  creating('a container that there is not', { Cmd: ['true'] }, 'nope'),
  creating('a user that there is not', { Cmd: ['true'], User: 'nosuchuser' }),
  creating('detach keys that there are not', { Cmd: ['true'], DetachKeys: 'ctrl-!!' }),
  creating('detach keys', { Cmd: ['true'], DetachKeys: 'ctrl-a,b' }),
  {
    name: 'create: a body in chunks',
    observe: async (target) => {
      const path = `/v1.41/containers/${target.container}/exec`
      const fields = 'Host: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked'
      const chunks = '10\r\n{"Cmd":["true"]}\r\n0\r\n\r\n'
      return (await send(target, `POST ${path} HTTP/1.1\r\n${fields}\r\n\r\n${chunks}`)).status
    },
  },
  {
    name: 'create: the form of an exec ID',
    observe: async (target) => {
      const id = await create(target, { Cmd: ['true'] })
      return /^[0-9a-f]{64}$/.test(id) ? '64 hex digits' : id
    },
  },
  {
    name: 'inspect before the start',
    observe: async (target) => {
      const id = await create(target, { ...both, Cmd: ['sh', '-c', 'true'] })
      const { Running, ExitCode, OpenStdin, OpenStdout, OpenStderr, ProcessConfig } = await inspect(
        target,
        id,
      )
      return JSON.stringify({ Running, ExitCode, OpenStdin, OpenStdout, OpenStderr, ProcessConfig })
    },
  },
  get('inspect of an exec that there is not', 'GET', '/v1.41/exec/abc/json'),
  {
    name: 'start: an exec that there is not',
    observe: async (target) => verdict(await start(target, 'abc')),
  },
  upgrading('with a tty', '/v1.41', true),
  upgrading('without a tty, API 1.41', '/v1.41', false),
  upgrading('without the Upgrade header', '/v1.41', false, {}),
  upgrading('with Upgrade and no Connection header', '/v1.41', false, { Upgrade: 'tcp' }),
  running('stdout', { ...out, Cmd: ['echo', 'hi'] }),
  running('stdout and stderr', { ...out, Cmd: sh('echo out; echo err >&2') }),
  running('only stdout attached', { AttachStdout: true, Cmd: sh('echo out; echo err >&2') }),
  running('only stderr attached', { AttachStderr: true, Cmd: sh('echo out; echo err >&2') }),
  running('nothing attached', { Cmd: sh('echo out; exit 4') }),
  running('an exit code', { ...out, Cmd: sh('exit 42') }),
  running('killed by a signal', { ...out, Cmd: sh('kill -9 $$') }),
  running('ended by SIGTERM', { ...out, Cmd: sh('kill -TERM $$') }),
  running('a command that there is not', { ...out, Cmd: ['nosuchcommand'] }),
  running('a path that there is not', { ...out, Cmd: ['/nope/x'] }),
  running('a file that cannot be executed', { ...out, Cmd: ['/etc/passwd'] }),
  running('a directory as command', { ...out, Cmd: ['/etc'] }),
  running('an empty word as command', { ...out, Cmd: [''] }),
  running('a working directory that there is not', { ...out, Cmd: ['pwd'], WorkingDir: '/nope' }),
  running('a working directory', { ...out, Cmd: ['pwd'], WorkingDir: '/etc' }),
  running('a variable', { ...out, Cmd: sh('echo $A'), Env: ['A=b c'] }),
  running('input and half-close', { ...both, Cmd: ['cat'] }, { input: 'abc', halfClose: true }),
  running('half-close and nothing else', { ...both, Cmd: ['cat'] }, { halfClose: true }),
  running('input that is not attached', { ...out, Cmd: ['cat'] }, { input: 'abc' }),
  running('a command that does not read its input', { ...both, Cmd: ['true'] }, { input: 'abc' }),
  running(
    'output behind the half-close',
    { ...both, Cmd: sh('cat; sleep 0.3; echo late') },
    { input: 'x\n', halfClose: true },
  ),
  running('opening stdout and stderr once more', {
    ...out,
    Cmd: sh('echo a >/dev/stdout; echo b >/dev/stderr'),
  }),
  running('a child that writes later', { ...out, Cmd: sh('(sleep 0.5; echo late) & echo hi') }),
  running(
    '200 000 bytes',
    { ...out, Cmd: ['head', '-c', '200000', '/dev/zero'] },
    {},
    ({ rest }) => {
      let [at, largest, sum] = [0, 0, 0]
      while (at + 8 <= rest.length) {
        const length = rest.readUInt32BE(at + 4)
        ;[largest, sum, at] = [Math.max(largest, length), sum + length, at + 8 + length]
      }
      return `${sum} bytes, no frame above ${largest <= 8192 ? 8192 : largest <= 32768 ? 32768 : largest}`
    },
  ),
  running('a tty', { ...out, Tty: true, Cmd: ['echo', 'hi'] }, { body: tty }, raw),
  running('a tty for create and none for start', { ...out, Tty: true, Cmd: ['echo', 'hi'] }),
  running(
    'a tty for start and none for create',
    { ...out, Cmd: ['echo', 'hi'] },
    { body: tty },
    raw,
  ),
  running('stderr under a tty', { ...out, Tty: true, Cmd: sh('echo err >&2') }, { body: tty }, raw),
  running(
    'Ctrl-D under a tty',
    { ...both, Tty: true, Cmd: ['cat'] },
    { body: tty, input: 'abc\n\x04' },
    raw,
  ),
  running(
    'Ctrl-C under a tty',
    { ...both, Tty: true, Cmd: sh('echo ready; exec cat') },
    { body: tty, after: 'ready', input: '\x03' },
    raw,
  ),
  running(
    'half-close under a tty',
    { ...both, Tty: true, Cmd: sh('sleep 3') },
    { body: tty, halfClose: true },
    raw,
  ),
  running('TERM under a tty', { ...out, Tty: true, Cmd: sh('echo $TERM') }, { body: tty }, raw),
  running(
    'a command that there is not, under a tty',
    { ...out, Tty: true, Cmd: ['nosuchcommand'] },
    { body: tty },
    raw,
  ),
  running(
    'detach keys typed',
    { ...both, Tty: true, Cmd: sh('echo ready; exec cat'), DetachKeys: 'ctrl-a,b' },
    { body: tty, after: 'ready', input: '\x01b' },
    raw,
  ),
  {
    name: 'run: started twice',
    observe: async (target) => {
      const id = await create(target, { ...out, Cmd: ['true'] })
      await start(target, id)
      const again = await start(target, id)
      const words = again.status === '101' ? frames(again.rest) : verdict(again)
      return `${again.status} ${words}`.replaceAll(id, 'ID')
    },
  },
  {
    name: 'detached: the answer, and the exit code later',
    observe: async (target) => {
      const id = await create(target, { Cmd: sh('exit 5') })
      const said = await start(target, id, { headers: {}, body: { Detach: true } })
      const { ExitCode } = await inspectUntil(target, id, (note) => note.ExitCode === 5)
      return `${said.status} ${said.rest.length} bytes; exit code ${ExitCode}`
    },
  },
  {
    name: 'detached: a command that there is not',
    observe: async (target) => {
      const id = await create(target, { Cmd: ['nosuchcommand'] })
      return verdict(await start(target, id, { headers: {}, body: { Detach: true } }))
    },
  },
  {
    name: 'the process runs on when the client is gone',
    observe: async (target) => {
      const id = await create(target, { ...out, Cmd: sh('echo here; sleep 4; exit 6') })
      await start(target, id, { patience: 1000 })
      const { Running } = await inspect(target, id)
      const { ExitCode } = await inspectUntil(target, id, isOver, 100)
      return `running ${Running}, then exit code ${ExitCode}`
    },
  },
  {
    name: 'inspect while it runs',
    observe: async (target) => {
      const id = await create(target, { ...out, Cmd: ['sleep', '3'] })
      const session = start(target, id)
      const note = await inspectUntil(target, id, hasProcess)
      await session
      const { Running, ExitCode } = note
      return JSON.stringify({ Running, ExitCode, hasPid: hasProcess(note) })
    },
  },
  {
    name: 'resize behind the 101',
    observe: async (target) => {
      const id = await create(target, { ...out, Tty: true, Cmd: sh('sleep 3; stty size') })
      const session = start(target, id, { body: tty })
      await inspectUntil(target, id, hasProcess)
      const answer = await resized(target, id, 'h=33&w=99')
      return `${answer}; ${raw(await session)}`
    },
  },
  {
    name: 'resize without a tty',
    observe: async (target) => {
      const id = await create(target, { ...out, Cmd: ['sleep', '3'] })
      const session = start(target, id)
      await inspectUntil(target, id, hasProcess)
      const answer = await resized(target, id, 'h=33&w=99')
      await session
      return answer
    },
  },
  {
    name: 'resize of an exec that is over',
    observe: async (target) => {
      const id = await create(target, { ...out, Tty: true, Cmd: ['true'] })
      await start(target, id, { body: tty })
      // For a moment dockerd has another sentence for it.
      await wait(1000)
      return resized(target, id, 'h=33&w=99')
    },
  },
  {
    name: 'resize of an exec that there is not',
    observe: (target) => resized(target, 'abc', 'h=1&w=1'),
  },
  { name: 'resize without numbers', observe: (target) => resized(target, 'abc', '') },
  { name: 'resize with a word', observe: (target) => resized(target, 'abc', 'h=x&w=1') },
  {
    name: 'events of an exec, in their order',
    observe: async (target) => {
      const since = Math.floor(Date.now() / 1000) - 1
      const id = await create(target, { ...out, Cmd: ['true'] })
      await start(target, id)
      await inspectUntil(target, id, isOver)
      await wait(500)
      const until = Math.floor(Date.now() / 1000) + 1
      const { rest } = await ask(target, 'GET', `/v1.41/events?since=${since}&until=${until}`)
      return [...String(rest).matchAll(/"Action":"(exec_[^"]*)"[^\n]*/g)]
        .filter(([line]) => line.includes(id))
        .map(([, action]) => action)
        .join(', ')
    },
  },
  {
    name: 'first inspect behind the end of the stream, 20 times',
    observe: async (target) => {
      const codes = new Set<unknown>()
      for (let round = 0; round < 20; round += 1) {
        const id = await create(target, { ...out, Cmd: sh('echo x; exit 9') })
        await start(target, id)
        codes.add((await inspect(target, id)).ExitCode)
      }
      return [...codes].join(', ')
    },
  },
  {
    name: 'a connection that sends nothing',
    observe: async (target) => {
      const socket = await dial(target)
      const said = await Promise.race([
        new Promise((resolve) => socket.once('data', resolve)),
        wait(300, 'silence'),
      ])
      socket.destroy()
      return String(said)
    },
  },
]
