/**
 * The only container, `practice`: an empty directory in which commands run as
 * the learner.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { Refusal } from './response.ts'

/** The container's properties. */
export type Container = {
  /** 64 hex digits. */
  readonly id: string
  readonly name: 'practice'
  readonly image: 'learner'
  /** Its directory. */
  readonly home: string
  /** Its start, in milliseconds since 1970. */
  readonly begun: number
}

/** Creates the container for a directory. */
export function createContainer(home: string): Container {
  const id = randomBytes(32).toString('hex')
  return { id, name: 'practice', image: 'learner', home, begun: Date.now() }
}

/**
 * Throws unless a name means this container: its name, its ID, or a prefix of
 * the ID.
 */
export function checkContainer(container: Container, name: string): void {
  const plain = name.replace(/^\//, '')
  if (plain === container.name || (plain !== '' && container.id.startsWith(plain))) return
  throw new Refusal(404, `No such container: ${name}`)
}

/**
 * Returns the answer to `GET /containers/practice/json`, with the fields that
 * apply here.
 */
export function describeContainer(
  { id, name, image, home, begun }: Container,
  execIds: readonly string[],
): object {
  const Created = new Date(begun).toISOString()
  return {
    Id: id,
    Created,
    State: {
      Status: 'running',
      Running: true,
      Paused: false,
      Restarting: false,
      Dead: false,
      Pid: process.pid,
      ExitCode: 0,
      StartedAt: Created,
    },
    Image: image,
    Name: `/${name}`,
    ExecIDs: execIds,
    HostConfig: { NetworkMode: 'host', Privileged: false, AutoRemove: false },
    Mounts: [],
    Config: { Hostname: name, User: '', Tty: false, Image: image, WorkingDir: home, Labels: {} },
    NetworkSettings: { Networks: {} },
  }
}

/** Returns the container's entry in the answer to `GET /containers/json`. */
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
    Status: upText(Math.floor((Date.now() - begun) / 1000)),
    NetworkSettings: { Networks: {} },
    Mounts: [],
  }
}

/** Returns the uptime in docker ps's words: `Up 17 seconds`. */
export function upText(seconds: number): string {
  if (seconds < 1) return 'Up Less than a second'
  if (seconds === 1) return 'Up 1 second'
  if (seconds < 60) return `Up ${seconds} seconds`
  const minutes = Math.floor(seconds / 60)
  if (minutes === 1) return 'Up About a minute'
  if (minutes < 60) return `Up ${minutes} minutes`
  const hours = Math.round(seconds / 3600)
  return hours === 1 ? 'Up About an hour' : `Up ${hours} hours`
}
