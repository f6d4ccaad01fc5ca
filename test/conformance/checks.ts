/**
 * The conformance suite: each check observes what a daemon does with a
 * request about an exec. It is written against the API, in bytes, and depends
 * on no client.
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
  type Reply,
  send,
  start,
  type Target,
  verdict,
} from './raw.ts'

/** One check. */
export type Check = {
  readonly name: string
  /**
   * Returns the observation as one line. IDs and container names are masked
   * later.
   */
  readonly observe: (target: Target) => Promise<string>
}

const out = { AttachStdout: true, AttachStderr: true }
const both = { ...out, AttachStdin: true }
const sh = (script: string): readonly string[] => ['sh', '-c', script]

/** A check of an answer. On a busy machine, Podman takes long for its version. */
function get(name: string, method: string, path: string): Check {
  return {
    name,
    observe: async (target) => verdict(await ask(target, method, path, { silence: 30_000 })),
  }
}

/** A check of a create: its status and message. */
function creating(name: string, body: object | string, container?: string, type?: string): Check {
  return {
    name: `create: ${name}`,
    observe: async (target) => {
      const path = `/v1.41/containers/${container ?? target.container}/exec`
      const headers = type === undefined ? {} : { 'Content-Type': type }
      const reply = await ask(target, 'POST', path, { body, headers })
      return reply.status === '201' ? '201' : verdict(reply)
    },
  }
}

/**
 * A check of an exec from create to exit code: its output, and how it ended.
 */
function running(
  name: string,
  body: object,
  sent: Parameters<typeof start>[2] = {},
  show: (reply: Reply) => string = ({ rest }) => frames(rest),
): Check {
  return {
    name: `run: ${name}`,
    observe: async (target) => {
      const id = await create(target, body, sent.version)
      const reply = await start(target, id, sent)
      // The stream can end before the daemon has recorded the end of the
      // process.
      const isSettled = ({ Running }: Inspected): boolean => !reply.ended || !Running
      const { Running, ExitCode } = await inspectUntil(target, id, isSettled, 10)
      const end = reply.ended ? 'ended' : 'open'
      return `${show(reply)}; ${end}; ${Running ? 'running' : `exit code ${ExitCode}`}`
    },
  }
}

const tty = { Detach: false, Tty: true }
const raw = ({ rest }: Reply): string => JSON.stringify(String(rest))

/** A check of the answer to a start. */
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
      const reply = await start(target, id, { version, body, ...(headers && { headers }) })
      const upgrade = reply.headers.get('upgrade') ?? 'no upgrade'
      return `${reply.status} ${reply.headers.get('content-type')}, ${upgrade}`
    },
  }
}

type Inspected = Record<string, unknown>

/**
 * Inspects an exec until the answer satisfies a condition, up to a number of
 * retries.
 */
async function inspectUntil(
  target: Target,
  id: string,
  satisfied: (inspected: Inspected) => boolean,
  maxRetries = 50,
): Promise<Inspected> {
  let inspected = await inspect(target, id)
  for (let retries = 0; !satisfied(inspected) && retries < maxRetries; retries += 1) {
    await wait(100)
    inspected = await inspect(target, id)
  }
  return inspected
}

const hasExited = ({ Running, ExitCode }: Inspected): boolean => !Running && ExitCode !== null
const hasProcess = ({ Pid }: Inspected): boolean => Number(Pid) > 0

async function resize(target: Target, id: string, query: string): Promise<string> {
  const reply = await ask(target, 'POST', `/v1.41/exec/${id}/resize?${query}`, { silence: 15_000 })
  return verdict(reply).replaceAll(id, 'ID')
}

/** All checks. */
export const checks: readonly Check[] = [
  get('ping with GET', 'GET', '/_ping'),
  {
    name: 'ping with HEAD: the headers that a client needs',
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
  get('version with a version in the path', 'GET', '/v1.41/version'),
  get('an unknown path', 'GET', '/v1.41/nope'),
  get('an unknown method', 'DELETE', '/v1.41/version'),
  get('start with GET', 'GET', '/v1.41/exec/abc/start'),
  get('an API version that is too old', 'GET', '/v1.1/version'),
  get('inspect an unknown container', 'GET', '/v1.41/containers/nope/json'),
  {
    name: 'inspect a container',
    observe: async (target) => {
      const { status, rest } = await ask(
        target,
        'GET',
        `/v1.41/containers/${target.container}/json`,
        { silence: 2000 },
      )
      return `${status} ${/"Running":\s?true/.test(String(rest)) ? 'running' : 'not running'}`
    },
  },
  {
    name: 'list containers',
    observe: async (target) => {
      const { status, rest } = await ask(target, 'GET', '/v1.41/containers/json', {
        silence: 2000,
      })
      return `${status} ${String(rest).includes(`"/${target.container}"`) ? 'lists it' : 'does not list it'}`
    },
  },
  {
    name: 'a second request on the same connection',
    observe: async (target) => {
      const ping = 'GET /_ping HTTP/1.1\r\nHost: a\r\n\r\n'
      const socket = await dial(target)
      let text = ''
      socket.on('data', (bytes) => {
        text += bytes
      })
      socket.write(ping + ping)
      const answers = (): number => text.split('HTTP/1.1 200 OK').length - 1
      for (let tries = 0; answers() < 2 && tries < 200; tries += 1) await wait(50)
      socket.destroy()
      return `${answers()} answers`
    },
  },
  {
    name: 'Connection: close',
    observe: async (target) => {
      const reply = await ask(target, 'GET', '/_ping', { headers: { Connection: 'close' } })
      await wait(0)
      return `${reply.status} ${reply.headers.get('connection')}`
    },
  },
  {
    name: 'a request without a Host header',
    observe: async (target) => (await send(target, 'GET /_ping HTTP/1.1\r\n\r\n')).status,
  },
  {
    name: 'bytes that are not a request',
    observe: async (target) => (await send(target, 'garbage\r\n\r\n')).status,
  },
  creating('a command', { ...out, Cmd: ['true'] }),
  creating('no command', {}),
  creating('an empty list as the command', { Cmd: [] }),
  creating('a string as the command', { Cmd: 'ls' }),
  creating('a number in the command', { Cmd: [1] }),
  creating('a string as Tty', { Cmd: ['true'], Tty: 'yes' }),
  creating('field names in lower case', { cmd: ['true'] }),
  creating('an unknown field', { Cmd: ['true'], Bogus: 1 }),
  creating('null', 'null'),
  creating('text instead of JSON', '{"Cmd":["true"]}', undefined, 'text/plain'),
  creating('an unknown container', { Cmd: ['true'] }, 'nope'),
  creating('an unknown user', { Cmd: ['true'], User: 'nosuchuser' }),
  creating('invalid detach keys', { Cmd: ['true'], DetachKeys: 'ctrl-!!' }),
  creating('detach keys', { Cmd: ['true'], DetachKeys: 'ctrl-a,b' }),
  {
    name: 'create: a chunked body',
    observe: async (target) => {
      const path = `/v1.41/containers/${target.container}/exec`
      const fields = 'Host: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked'
      const chunks = '10\r\n{"Cmd":["true"]}\r\n0\r\n\r\n'
      return (await send(target, `POST ${path} HTTP/1.1\r\n${fields}\r\n\r\n${chunks}`)).status
    },
  },
  {
    name: 'create: the format of the exec ID',
    observe: async (target) => {
      const id = await create(target, { Cmd: ['true'] })
      return /^[0-9a-f]{64}$/.test(id) ? '64 hex digits' : id
    },
  },
  {
    name: 'inspect an exec before its start',
    observe: async (target) => {
      const id = await create(target, { ...both, Cmd: ['sh', '-c', 'true'] })
      const { Running, ExitCode, OpenStdin, OpenStdout, OpenStderr, ProcessConfig } = await inspect(
        target,
        id,
      )
      return JSON.stringify({ Running, ExitCode, OpenStdin, OpenStdout, OpenStderr, ProcessConfig })
    },
  },
  get('inspect an unknown exec', 'GET', '/v1.41/exec/abc/json'),
  {
    name: 'start: an unknown exec',
    observe: async (target) => verdict(await start(target, 'abc')),
  },
  upgrading('with a tty', '/v1.41', true),
  upgrading('without a tty, API 1.41', '/v1.41', false),
  upgrading('without the Upgrade header', '/v1.41', false, {}),
  upgrading('with an Upgrade but no Connection header', '/v1.41', false, { Upgrade: 'tcp' }),
  running('stdout', { ...out, Cmd: ['echo', 'hi'] }),
  running('stdout and stderr', { ...out, Cmd: sh('echo out; echo err >&2') }),
  running('only stdout attached', { AttachStdout: true, Cmd: sh('echo out; echo err >&2') }),
  running('only stderr attached', { AttachStderr: true, Cmd: sh('echo out; echo err >&2') }),
  running('nothing attached', { Cmd: sh('echo out; exit 4') }),
  running('an exit code', { ...out, Cmd: sh('exit 42') }),
  running('killed by SIGKILL', { ...out, Cmd: sh('kill -9 $$') }),
  running('killed by SIGTERM', { ...out, Cmd: sh('kill -TERM $$') }),
  running('an unknown command', { ...out, Cmd: ['nosuchcommand'] }),
  running('an unknown path', { ...out, Cmd: ['/nope/x'] }),
  running('a file that is not executable', { ...out, Cmd: ['/etc/passwd'] }),
  running('a directory as the command', { ...out, Cmd: ['/etc'] }),
  running('an empty string as the command', { ...out, Cmd: [''] }),
  running('an unknown working directory', { ...out, Cmd: ['pwd'], WorkingDir: '/nope' }),
  running('a working directory', { ...out, Cmd: ['pwd'], WorkingDir: '/etc' }),
  running('an environment variable', { ...out, Cmd: sh('echo $A'), Env: ['A=b c'] }),
  running('input, then a half-close', { ...both, Cmd: ['cat'] }, { input: 'abc', halfClose: true }),
  running('a half-close without input', { ...both, Cmd: ['cat'] }, { halfClose: true }),
  running('input without stdin attached', { ...out, Cmd: ['cat'] }, { input: 'abc' }),
  running('a command that does not read its input', { ...both, Cmd: ['true'] }, { input: 'abc' }),
  running(
    'output after the half-close',
    { ...both, Cmd: sh('cat; sleep 0.3; echo late') },
    { input: 'x\n', halfClose: true },
  ),
  running('stdout and stderr reopened', {
    ...out,
    Cmd: sh('echo a >/dev/stdout; echo b >/dev/stderr'),
  }),
  running('a child that writes later', { ...out, Cmd: sh('(sleep 0.5; echo late) & echo hi') }),
  running(
    '2,000,000 bytes that wait for their reader',
    { ...out, Cmd: sh('head -c 2000000 /dev/zero') },
    // Meanwhile the daemon has more than it can send, so its frames become as
    // long as it makes them.
    { unreadFor: 2000 },
    ({ rest }) => {
      let [at, largest, sum] = [0, 0, 0]
      while (at + 8 <= rest.length) {
        const length = rest.readUInt32BE(at + 4)
        ;[largest, sum, at] = [Math.max(largest, length), sum + length, at + 8 + length]
      }
      return `${sum} bytes, the largest frame ${largest}`
    },
  ),
  running('a tty', { ...out, Tty: true, Cmd: ['echo', 'hi'] }, { body: tty }, raw),
  running('a tty in the create but not in the start', { ...out, Tty: true, Cmd: ['echo', 'hi'] }),
  running(
    'a tty in the start but not in the create',
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
    'a half-close under a tty',
    { ...both, Tty: true, Cmd: sh('sleep 3') },
    { body: tty, halfClose: true },
    raw,
  ),
  running('TERM under a tty', { ...out, Tty: true, Cmd: sh('echo $TERM') }, { body: tty }, raw),
  running(
    'an unknown command under a tty',
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
      const reply = await start(target, id, { headers: {}, body: { Detach: true } })
      const { ExitCode } = await inspectUntil(target, id, (exec) => exec.ExitCode === 5)
      return `${reply.status} ${reply.rest.length} bytes; exit code ${ExitCode}`
    },
  },
  {
    name: 'detached: an unknown command',
    observe: async (target) => {
      const id = await create(target, { Cmd: ['nosuchcommand'] })
      return verdict(await start(target, id, { headers: {}, body: { Detach: true } }))
    },
  },
  {
    name: 'the process keeps running after the client has disconnected',
    observe: async (target) => {
      const id = await create(target, { ...out, Cmd: sh('echo here; sleep 4; exit 6') })
      await start(target, id, { silence: 1000 })
      const { Running } = await inspect(target, id)
      const { ExitCode } = await inspectUntil(target, id, hasExited, 100)
      return `running ${Running}, then exit code ${ExitCode}`
    },
  },
  {
    name: 'inspect a running exec',
    observe: async (target) => {
      const id = await create(target, { ...out, Cmd: ['sleep', '3'] })
      const session = start(target, id)
      const inspected = await inspectUntil(target, id, hasProcess)
      await session
      const { Running, ExitCode } = inspected
      return JSON.stringify({ Running, ExitCode, hasPid: hasProcess(inspected) })
    },
  },
  {
    name: 'resize after the 101',
    observe: async (target) => {
      const id = await create(target, { ...out, Tty: true, Cmd: sh('sleep 3; stty size') })
      const session = start(target, id, { body: tty })
      await inspectUntil(target, id, hasProcess)
      const answer = await resize(target, id, 'h=33&w=99')
      return `${answer}; ${raw(await session)}`
    },
  },
  {
    name: 'resize without a tty',
    observe: async (target) => {
      const id = await create(target, { ...out, Cmd: ['sleep', '3'] })
      const session = start(target, id)
      await inspectUntil(target, id, hasProcess)
      const answer = await resize(target, id, 'h=33&w=99')
      await session
      return answer
    },
  },
  {
    name: 'resize an exec that has exited',
    observe: async (target) => {
      const id = await create(target, { ...out, Tty: true, Cmd: ['true'] })
      await start(target, id, { body: tty })
      // Right after the exit, dockerd answers with a different message.
      await wait(1000)
      return resize(target, id, 'h=33&w=99')
    },
  },
  {
    name: 'resize an unknown exec',
    observe: (target) => resize(target, 'abc', 'h=1&w=1'),
  },
  { name: 'resize without numbers', observe: (target) => resize(target, 'abc', '') },
  {
    name: 'resize with a word instead of a number',
    observe: (target) => resize(target, 'abc', 'h=x&w=1'),
  },
  {
    name: 'the events of an exec, in order',
    observe: async (target) => {
      const since = Math.floor(Date.now() / 1000) - 1
      const id = await create(target, { ...out, Cmd: ['true'] })
      await start(target, id)
      await inspectUntil(target, id, hasExited)
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
    name: 'the first inspect after the end of the stream, 20 times',
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
      const received = await Promise.race([
        new Promise((resolve) => socket.once('data', resolve)),
        wait(300, 'silence'),
      ])
      socket.destroy()
      return String(received)
    },
  },
]
