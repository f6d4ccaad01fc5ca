/**
 * Sessions in this process, for the echo of a key.
 *
 * @module
 */

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Duplex, Writable } from 'node:stream'
import { asked } from '../../chapters/01-create/asked.ts'
import { dockerExec } from '../../chapters/index.ts'
import { createScope } from '../../src/course/scope.ts'
import { walk } from '../../src/course/walk.ts'
import { findAddress } from '../../src/engine/address.ts'
import { readDockerConfig } from '../../src/engine/config-file.ts'
import { connectTo } from '../../src/engine/engine.ts'
import { createMemoryTerminal } from '../../src/judging/memory-terminal.ts'

/** What runs in the container: its terminal echoes each key at once. */
export const echoCommand = ['sh', '-c', 'stty -icanon; echo ready; exec cat >/dev/null']

/** An open session whose terminal echoes. */
export type EchoSession = {
  /** Sends one key, and waits for its echo. */
  readonly press: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Waits for bytes that arrive somewhere else. */
function createArrivals(): {
  readonly take: (bytes: Uint8Array) => void
  /** Resolves with the next bytes. */
  readonly next: () => Promise<void>
  /** Resolves once the command says that it is ready. */
  readonly ready: Promise<void>
} {
  let shown = ''
  let arrived: () => void = () => {}
  let isReady: () => void = () => {}
  const ready = new Promise<void>((resolve) => {
    isReady = resolve
  })
  return {
    ready,
    take(bytes) {
      if (shown.length < 1000) shown += Buffer.from(bytes).toString('latin1')
      if (shown.includes('ready')) isReady()
      arrived()
    },
    next: () =>
      new Promise((resolve) => {
        arrived = resolve
      }),
  }
}

/** The seven stages, between a simulated user and a daemon. */
export async function openOwnSession(host: string, container: string): Promise<EchoSession> {
  const environment = { DOCKER_HOST: host, DOCKER_CONFIG: '/nonexistent' }
  const config = readDockerConfig(environment, () => {})
  const engine = await connectTo(findAddress(environment, config).address, config, { environment })
  const arrivals = createArrivals()
  const output = new Writable({
    write(chunk, _, done) {
      arrivals.take(chunk)
      done()
    },
  })
  const { terminal, user } = createMemoryTerminal(
    { isTerminal: true, open: true, size: { rows: 24, columns: 80 }, output, errors: output },
    { note: () => {}, bytes: () => {} },
  )
  const scope = createScope()
  const request = asked(container, { command: echoCommand, tty: true, interactive: true })
  const walked = (async () => {
    for await (const _ of walk(dockerExec, request, { engine, terminal, scope })) {
      // The last stage waits for the end.
    }
  })()
  walked.catch(() => {})
  await Promise.race([arrivals.ready, walked])
  return {
    async press() {
      const echoed = arrivals.next()
      user.type('x')
      await echoed
    },
    async close() {
      await scope.releaseAll()
      await engine.close()
    },
  }
}

/** dockerode with a stream of its own. */
export async function openDockerodeSession(
  peers: string,
  host: string,
  container: string,
): Promise<EchoSession> {
  type Exec = { start: (options: object) => Promise<Duplex> }
  type Docker = {
    getContainer: (name: string) => { exec: (options: object) => Promise<Exec> }
  }
  const Dockerode = createRequire(join(peers, 'package.json'))('dockerode') as new (
    options: object,
  ) => Docker
  const url = new URL(host)
  const docker = new Dockerode(
    url.protocol === 'unix:'
      ? { socketPath: url.pathname }
      : { host: url.hostname, port: url.port },
  )
  const exec = await docker.getContainer(container).exec({
    ...{ AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: true, Cmd: echoCommand },
  })
  return echoOf(await exec.start({ hijack: true, stdin: true, Tty: true }))
}

/** A socket and nothing else. */
export async function openBareSession(host: string, container: string): Promise<EchoSession> {
  process.env.DOCKER_HOST = host
  const { hijack } = createRequire(import.meta.filename)('./peers/hijack.cjs') as {
    hijack: (asked: object) => Promise<{ socket: Duplex }>
  }
  const { socket } = await hijack({ container, tty: true, input: true, command: echoCommand })
  return echoOf(socket)
}

async function echoOf(stream: Duplex): Promise<EchoSession> {
  const arrivals = createArrivals()
  stream.on('data', arrivals.take)
  stream.on('error', () => {})
  await arrivals.ready
  return {
    async press() {
      const echoed = arrivals.next()
      stream.write('x')
      await echoed
    },
    async close() {
      stream.destroy()
    },
  }
}
