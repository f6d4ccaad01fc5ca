/**
 * Runs `docker run`, `attach`, `exec` and `logs` through a recording proxy, and
 * prints their requests as they appear in `docs/family.md` and
 * `docs/protocol.md`.
 *
 * @module
 */

import { execFileSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { call, callOrThrow } from '../support/api.ts'
import { type RecordingProxy, startProxy } from '../support/proxy.ts'
import { openTerminal } from '../support/pty.ts'

/** An engine, and a free name for a container on it. */
export type Place = { readonly host: string; readonly image: string; readonly name: string }

/** How the page names the image and the container. */
const shown = { image: 'busybox', name: 'box' }

/** The major version of docker's client that sends what the page lists. */
const clientMajor = 28

/** Why we can't compare the page with a run here, or undefined. */
export function obstacle(): string | undefined {
  let said: string
  try {
    said = execFileSync('docker', ['--version'], { encoding: 'utf8' })
  } catch {
    return 'there is no docker client. Fix: install one (its daemon is not needed)'
  }
  const [, version = '', major = ''] = /version ((\d+)\.\d+\.\d+)/.exec(said) ?? []
  if (Number(major) === clientMajor) return undefined
  return `the page shows the requests of docker ${clientMajor}, and the client here is ${version}`
}

/**
 * The command of the containers and of the exec. It waits for a line, so the
 * client has sent its resize before the command ends.
 */
const untilLine = (code: number): string[] => ['sh', '-c', `read line; exit ${code}`]

/** A command, and the last request that it sends before we press Enter. */
type Command = {
  readonly title: string
  readonly words: (place: Pick<Place, 'image' | 'name'>) => readonly string[]
  readonly last?: RegExp
}

const run: Command = {
  title: 'docker run',
  words: ({ image, name }) => {
    const options = ['-it', '--name', name, '--network', 'none']
    return ['run', ...options, image, ...untilLine(5)]
  },
  last: /\/resize\?/,
}

const attach: Command = {
  title: 'docker attach',
  words: ({ name }) => ['attach', name],
  // Two resizes, the second with the real size.
  last: /\/resize\?h=24&w=80$/,
}

const exec: Command = {
  title: 'docker exec',
  words: ({ name }) => ['exec', '-it', name, ...untilLine(8)],
  last: /\/resize\?/,
}

const logs: Command = { title: 'docker logs', words: ({ name }) => ['logs', name] }

/**
 * The requests of the four commands, as `docs/family.md` shows them, by the
 * name of their part.
 */
export function familyParts(place: Place): Promise<Readonly<Record<string, string>>> {
  // After run the container has ended. Attach and exec need it started, so
  // that it waits for a line again.
  return partsOf(place, [run, attach, exec, logs], [attach, exec])
}

/** The options of exec that change its requests. */
const execOptions: readonly (readonly string[])[] = [['-it'], ['-i'], ['-t'], ['-d']]

/**
 * The requests of `docker exec` with its options, as `docs/protocol.md` shows
 * them, by the name of their part.
 */
export function execParts(place: Place): Promise<Readonly<Record<string, string>>> {
  const commands = execOptions.map((options): Command => {
    const command = options.includes('-it') ? untilLine(5) : ['sh', '-c', 'sleep 1; exit 5']
    return {
      title: ['docker', 'exec', ...options].join(' '),
      words: ({ name }) => ['exec', ...options, name, ...command],
      ...(options.includes('-it') && { last: /\/resize\?/ }),
    }
  })
  return partsOf(place, commands, [])
}

/** The requests of commands, one after the other, in the same container. */
async function partsOf(
  place: Place,
  commands: readonly Command[],
  restartedBefore: readonly Command[],
): Promise<Readonly<Record<string, string>>> {
  const { host, image, name } = place
  const parts: Record<string, string> = {}
  try {
    if (!commands.includes(run)) {
      const body = { Image: image, Cmd: ['sleep', '1000'], HostConfig: { NetworkMode: 'none' } }
      await callOrThrow(host, 'POST', `/containers/create?name=${name}`, body)
      await callOrThrow(host, 'POST', `/containers/${name}/start`)
    }
    for (const command of commands) {
      if (restartedBefore.includes(command)) await call(host, 'POST', `/containers/${name}/start`)
      parts[command.title] = await partOf(command, place)
    }
  } finally {
    await call(host, 'DELETE', `/containers/${name}?force=1&v=1`)
  }
  return parts
}

async function partOf({ words, last }: Command, place: Place): Promise<string> {
  const proxy = await startProxy(place.host)
  const env = { DOCKER_HOST: proxy.host, DOCKER_CONTEXT: undefined, DOCKER_CLI_HINTS: 'false' }
  const terminal = openTerminal('docker', words(place), { env })
  try {
    if (last) {
      await answered(proxy, last, place.name)
      terminal.type('\r')
    }
    const { code } = await terminal.ended
    const shownCommand = ['docker', ...words(shown).map(quoted)].join(' ')
    const lines = linesOf(proxy, place.name).map((line) => `  ${line}`)
    return ['```text', `$ ${shownCommand}`, ...lines, `  exit code ${code}`, '```'].join('\n')
  } finally {
    await terminal.stop()
    await proxy.stop()
  }
}

/** Waits until a request has been sent and answered. */
async function answered(proxy: RecordingProxy, wanted: RegExp, name: string): Promise<void> {
  for (let round = 0; round < 300; round += 1) {
    const found = proxy.requests.find(({ path }) => wanted.test(path))
    if (found && statusOf(proxy, found) !== undefined) return
    await wait(50)
  }
  throw new Error(`docker did not send ${wanted}: ${linesOf(proxy, name).join('\n')}`)
}

/** One line for each request: its connection, its status, its first line. */
function linesOf(proxy: RecordingProxy, name: string): string[] {
  const lines = proxy.requests.map((request) => {
    const path = request.path
      .replace(/^\/v\d+\.\d+/, '')
      .replaceAll(/[0-9a-f]{64}/g, 'ID')
      .replaceAll(name, shown.name)
    return `${request.connection + 1}  ${statusOf(proxy, request)}  ${request.method} ${path}`
  })
  // A refused resize is repeated.
  return lines.filter((line, at) => line.slice(8) !== lines[at + 1]?.slice(8))
}

type Request = RecordingProxy['requests'][number]

/** The status of the answer: the nth on a connection is that of the nth request. */
function statusOf({ connections, requests }: RecordingProxy, request: Request): string | undefined {
  const onConnection = requests.filter(({ connection }) => connection === request.connection)
  const received = connections[request.connection]?.received().toString('latin1') ?? ''
  const statuses = [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status)
  return statuses[onConnection.indexOf(request)]
}

const quoted = (word: string): string => (/[ ;]/.test(word) ? `'${word}'` : word)
