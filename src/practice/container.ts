/**
 * The one container, `practice`: an empty directory in which commands run as the learner.
 *
 * @module
 */

import type { Exec } from './execs.ts'
import { Refusal } from './response.ts'

/** What is known of it. */
export type Container = {
  /** 64 hex digits. */
  readonly id: string
  readonly name: 'practice'
  readonly image: 'learner'
  /** Its directory. */
  readonly home: string
  /** When it began, in milliseconds since 1970. */
  readonly begun: number
}

/** Throws unless it is this one that is meant: by its name, its id or the beginning of that. */
export function checkContainer(container: Container, name: string): void {
  const plain = name.replace(/^\//, '')
  if (plain === container.name || (plain !== '' && container.id.startsWith(plain))) return
  throw new Refusal(404, `No such container: ${name}`)
}

/** The answer to `GET /containers/practice/json`, as far as it makes sense here. */
export function describeContainer(container: Container, execs: Iterable<Exec>): object {
  const { id, name, image, home, begun } = container
  const started = new Date(begun).toISOString()
  return {
    Id: id,
    Created: started,
    Path: '',
    Args: [],
    State: {
      Status: 'running',
      Running: true,
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: process.pid,
      ExitCode: 0,
      Error: '',
      StartedAt: started,
      FinishedAt: '0001-01-01T00:00:00Z',
    },
    Image: image,
    Name: `/${name}`,
    RestartCount: 0,
    // Those that are written down and not over: one that nobody ever starts stays in the list.
    ExecIDs: [...execs].filter(({ exitCode }) => exitCode === null).map((exec) => exec.id),
    HostConfig: { NetworkMode: 'host', Privileged: false, AutoRemove: false },
    Mounts: [],
    Config: {
      Hostname: name,
      User: '',
      Tty: false,
      OpenStdin: false,
      Env: [],
      Cmd: null,
      Image: image,
      WorkingDir: home,
      Labels: {},
    },
    NetworkSettings: { Networks: {} },
  }
}

/** The container in the answer to `GET /containers/json`. */
export function listContainer({ id, name, image, begun }: Container): object {
  return {
    Id: id,
    Names: [`/${name}`],
    Image: image,
    ImageID: image,
    Command: '',
    Created: Math.floor(begun / 1000),
    Ports: [],
    Labels: {},
    State: 'running',
    Status: `Up ${Math.max(1, Math.round((Date.now() - begun) / 60_000))} minutes`,
    HostConfig: { NetworkMode: 'host' },
    NetworkSettings: { Networks: {} },
    Mounts: [],
  }
}

/** `filters={"name":["practice"]}`: the values that a key must have, by key. */
export type Filters = Readonly<Record<string, readonly string[]>>

/**
 * Reads the filters of a list.
 *
 * @param known - the keys that make sense
 * @throws a {@link Refusal} for anything else, in a daemon's words
 */
export function readFilters(text: string | null, known: readonly string[]): Filters {
  if (text === null || text === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal(400, 'invalid filter')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, 'invalid filter')
  }
  const filters: Record<string, string[]> = {}
  for (const [key, given] of Object.entries(value)) {
    if (!known.includes(key)) throw new Refusal(400, `invalid filter '${key}'`)
    // Two forms are in use: a list of values, and an object with the values as keys.
    filters[key] = Array.isArray(given) ? given.map(String) : Object.keys(given ?? {})
  }
  return filters
}

/** Whether the container is among those that a list asks for. */
export function isListed({ id, name }: Container, filters: Filters): boolean {
  const tests: Readonly<Record<string, (value: string) => boolean>> = {
    name: (value) => name.includes(value.replace(/^\//, '')),
    id: (value) => id.startsWith(value),
    status: (value) => value === 'running',
  }
  return Object.entries(filters).every(([key, values]) => values.some(tests[key] ?? (() => false)))
}
