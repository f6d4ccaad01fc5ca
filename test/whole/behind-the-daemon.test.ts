/**
 * What docs/behind-the-daemon.md says about dockerd, in `/proc` and through
 * the API.
 *
 * @module
 */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { call, callOrThrow, connectionOptions } from '../support/api.ts'
import { type Container, describeWithEngine, startContainer } from '../support/engine.ts'

type Inspected = {
  readonly Running: boolean
  readonly ExitCode: number | null
  readonly Pid: number
}

/** The names of the files that a process has open, by descriptor. */
function openFiles(pid: number): Readonly<Record<string, string>> {
  const folder = `/proc/${pid}/fd`
  return Object.fromEntries(
    readdirSync(folder).flatMap((number) => {
      try {
        return [[number, readlinkSync(`${folder}/${number}`)] as const]
      } catch {
        return []
      }
    }),
  )
}

/** The number in a line of `/proc/PID/status`, such as `PPid`. */
function statusNumber(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1])
}

/** The processes with this name: `dockerd`. */
function processesNamed(name: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name
      } catch {
        return false
      }
    })
    .map(Number)
}

/** Polls until the condition holds, for at most 5 seconds. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100 && !(await condition()); tries += 1) await wait(50)
}

describeWithEngine('behind the daemon', ({ host, image }) => {
  let box: Container
  let shim = 0
  let reason: string | undefined
  beforeAll(async () => {
    box = await startContainer()
    shim = await shimOrReason()
  })
  afterAll(() => box.release())
  beforeEach(({ skip }) => {
    if (reason !== undefined) skip(reason)
  })

  /** Finds the container's shim, or notes why the tests can't look at it. */
  async function shimOrReason(): Promise<number> {
    const { State } = JSON.parse(await callOrThrow(host, 'GET', `/containers/${box.id}/json`)) as {
      State: { Pid: number }
    }
    try {
      const parent = statusNumber(State.Pid, 'PPid')
      openFiles(parent)
      const isShim = readFileSync(`/proc/${parent}/comm`, 'utf8').startsWith('containerd-shim')
      if (!isShim) reason = 'the container’s parent is not a shim of this machine'
      return parent
    } catch {
      reason = 'the engine’s processes can’t be read from here'
      return 0
    }
  }

  async function create(command: readonly string[], options: object = {}): Promise<string> {
    const body = { AttachStdout: true, AttachStderr: true, Cmd: command, ...options }
    const answer = await callOrThrow(host, 'POST', `/containers/${box.id}/exec`, body)
    return (JSON.parse(answer) as { Id: string }).Id
  }

  async function inspect(id: string): Promise<Inspected> {
    return JSON.parse(await callOrThrow(host, 'GET', `/exec/${id}/json`)) as Inspected
  }

  /** Starts an exec, and keeps its connection until the end of the test. */
  async function start(id: string, Tty = false): Promise<void> {
    const socket = await new Promise<Socket>((resolve, reject) => {
      const engine = connectionOptions(host)
      const sent = request({
        ...('path' in engine ? { socketPath: engine.path } : engine),
        method: 'POST',
        path: `/exec/${id}/start`,
        headers: { Connection: 'Upgrade', Upgrade: 'tcp', 'Content-Type': 'application/json' },
      })
      sent.on('upgrade', (_, upgraded: Socket) => resolve(upgraded))
      sent.on('error', reject)
      sent.end(JSON.stringify({ Detach: false, Tty }))
    })
    socket.resume()
    onTestFinished(() => void socket.destroy())
    await until(async () => (await inspect(id)).Pid > 0)
  }

  /** The FIFOs of an exec that a process has open: `stdin`, `stdout`. */
  function fifosAt(pid: number, id: string): string[] {
    const names = Object.values(openFiles(pid)).filter((file) => file.includes(`/${id}-`))
    return [...new Set(names.map((file) => file.replace(/^.*-/, '')))].sort()
  }

  const session = ['sh', '-c', 'read -r end; exit 3']

  test('the shim has the master of the command’s terminal', async () => {
    const id = await create(session, { Tty: true, AttachStdin: true })
    await start(id, true)
    const { Pid } = await inspect(id)
    const { 0: input = '', 1: output, 2: errors } = openFiles(Pid)
    expect([output, errors]).toEqual([input, input])
    const [, number] = /^\/dev\/pts\/(\d+)$/.exec(input) ?? []

    const masters = Object.entries(openFiles(shim)).filter(([, file]) => file.endsWith('ptmx'))
    const indexes = masters.map(([descriptor]) =>
      /^tty-index:\s*(\d+)/m.exec(readFileSync(`/proc/${shim}/fdinfo/${descriptor}`, 'utf8')),
    )
    expect(indexes.map((found) => found?.[1])).toContain(number)
  })

  test('the shim has the other ends of the command’s three pipes', async () => {
    const id = await create(session, { AttachStdin: true })
    await start(id)
    const { 0: input, 1: output, 2: errors } = openFiles((await inspect(id)).Pid)
    const pipes = [input, output, errors]
    expect(new Set(pipes).size).toBe(3)
    for (const pipe of pipes) expect(pipe).toMatch(/^pipe:/)
    expect(Object.values(openFiles(shim))).toEqual(expect.arrayContaining(pipes))
  })

  const kinds = [
    { options: { AttachStdin: true, Tty: true }, fifos: ['stdin', 'stdout'] },
    { options: { Tty: true }, fifos: ['stdout'] },
    { options: { AttachStdin: true }, fifos: ['stderr', 'stdin', 'stdout'] },
    { options: {}, fifos: ['stderr', 'stdout'] },
  ]
  test.for(kinds)('dockerd and the shim share FIFOs: $options', async ({ options, fifos }) => {
    const id = await create(['sleep', '2'], options)
    await start(id, options.Tty)
    await until(() => fifosAt(shim, id).length === fifos.length)
    expect(fifosAt(shim, id)).toEqual(fifos)
    const held = (name: string) =>
      processesNamed(name)
        .map((pid) => fifosAt(pid, id))
        .filter((found) => found.length > 0)
    expect(held('dockerd')).toEqual([fifos])
    expect(held('containerd')).toEqual([])
  })

  test('the inspect keeps the process ID after the end', async () => {
    const id = await create(['sh', '-c', 'exit 3'])
    await start(id)
    const before = await inspect(id)
    await until(async () => (await inspect(id)).ExitCode !== null)
    expect(await inspect(id)).toMatchObject({ Running: false, ExitCode: 3, Pid: before.Pid })
  })

  test('a child that the command leaves behind goes to process 1, which leaves a zombie', async () => {
    // Its own container, so no zombie is left in the other one.
    const other = await startContainer()
    onTestFinished(other.release)
    const inside = await callOrThrow(host, 'POST', `/containers/${other.id}/exec`, {
      Cmd: ['sh', '-c', 'sleep 0.1 &'],
    })
    const { Id } = JSON.parse(inside) as { Id: string }
    await callOrThrow(host, 'POST', `/exec/${Id}/start`, { Detach: true, Tty: false })
    const { State } = JSON.parse(
      await callOrThrow(host, 'GET', `/containers/${other.id}/json`),
    ) as {
      State: { Pid: number }
    }
    const children = `/proc/${State.Pid}/task/${State.Pid}/children`
    const zombies = (): string[] =>
      readFileSync(children, 'utf8')
        .split(' ')
        .filter((pid) => /^\d+$/.test(pid))
        .filter((pid) => /^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')))
    await until(() => zombies().length > 0)
    expect(zombies()).toHaveLength(1)
  })

  test('a stop forgets what never started, a removal everything', async () => {
    const other = await startContainer()
    onTestFinished(other.release)
    const createThere = async (): Promise<string> => {
      const answer = await callOrThrow(host, 'POST', `/containers/${other.id}/exec`, {
        Cmd: ['true'],
      })
      return (JSON.parse(answer) as { Id: string }).Id
    }
    const [ended, never] = [await createThere(), await createThere()]
    await callOrThrow(host, 'POST', `/exec/${ended}/start`, { Detach: true, Tty: false })
    await until(async () => (await inspect(ended)).ExitCode !== null)
    const statuses = async (): Promise<number[]> =>
      Promise.all(
        [ended, never].map(async (id) => (await call(host, 'GET', `/exec/${id}/json`)).status),
      )
    expect(await statuses()).toEqual([200, 200])
    await other.stop()
    await until(async () => (await statuses())[1] === 404)
    expect(await statuses()).toEqual([200, 404])
    await other.remove()
    expect(await statuses()).toEqual([404, 404])
  })

  test('a health check is an exec with events and an inspect', async () => {
    const since = Math.floor(Date.now() / 1000) - 1
    const created = await callOrThrow(host, 'POST', '/containers/create', {
      Image: image,
      Cmd: ['/bin/sleep', '1000000'],
      Healthcheck: { Test: ['CMD-SHELL', 'exit 1'], Interval: 500_000_000 },
      StopSignal: 'SIGKILL',
      HostConfig: { NetworkMode: 'none' },
    })
    const { Id } = JSON.parse(created) as { Id: string }
    onTestFinished(async () => {
      await call(host, 'DELETE', `/containers/${Id}?force=1&v=1`)
    })
    await callOrThrow(host, 'POST', `/containers/${Id}/start`)
    await wait(2000)
    const found = await eventsOf(Id, since)
    const [first] = found.filter(({ Action }) => Action === 'exec_die')
    expect(found.map(({ Action }) => Action)).toEqual(
      expect.arrayContaining(['exec_create: /bin/sh -c exit 1', 'exec_start: /bin/sh -c exit 1']),
    )
    expect(first?.Actor.Attributes.exitCode).toBe('1')
    expect(await inspect(first?.Actor.Attributes.execID ?? '')).toMatchObject({ ExitCode: 1 })
  })

  test('a command that can’t be started has no exec_die', async () => {
    const since = Math.floor(Date.now() / 1000) - 1
    const id = await create(['nosuchcommand', 'secret'])
    await call(host, 'POST', `/exec/${id}/start`, { Detach: true, Tty: false })
    await wait(500)
    const own = (await eventsOf(box.id, since)).filter(
      ({ Actor }) => Actor.Attributes.execID === id,
    )
    expect(own.map(({ Action }) => Action)).toEqual([
      'exec_create: nosuchcommand secret',
      'exec_start: nosuchcommand secret',
    ])
  })

  /** The events of a container since a time, up to now. */
  async function eventsOf(container: string, since: number): Promise<Event[]> {
    const filters = encodeURIComponent(JSON.stringify({ container: [container] }))
    const now = Math.floor(Date.now() / 1000) + 1
    await wait(1000)
    const text = await callOrThrow(
      host,
      'GET',
      `/events?since=${since}&until=${now}&filters=${filters}`,
    )
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Event)
  }
})

/** An event of the daemon. */
type Event = {
  readonly Action: string
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> }
}
