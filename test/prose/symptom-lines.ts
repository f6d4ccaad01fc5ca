/**
 * Runs the lines that docs/symptoms.md tells a reader to type.
 *
 * @module
 */

import { writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { withPractice } from '../practice/daemon.ts'
import { type Engine, startContainer } from '../support/engine.ts'
import { type ProxyFault, startFaultyProxy } from '../support/faulty-proxy.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startProxy } from '../support/proxy.ts'
import { openTerminal } from '../support/pty.ts'
import { run } from '../support/run.ts'

/** The daemon that a line talks to, and the container that it names. */
type Target = { readonly host: string; readonly container: string }

/** The line with the names of this test in it. */
function lineFor({ host, container }: Target, line: string): string {
  return line
    .replaceAll(/\bbox\b/g, container)
    .replaceAll('/var/run/docker.sock', host.replace('unix://', ''))
}

/** Older API versions have no first size in the create. */
const environment = (host: string) => ({
  DOCKER_HOST: host,
  DOCKER_API_VERSION: '1.41',
  NORAW: undefined,
})

/** Text without what differs between screens: line ends, columns. */
function plain(text: string): string {
  const lines = text.replaceAll('\r', '').replaceAll(/ +/g, ' ').split('\n')
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
}

async function inPipe(target: Target, line: string, env = {}): Promise<string> {
  const { stdout } = await run('sh', ['-c', `{ ${lineFor(target, line)}\n} 2>&1`], {
    env: { ...environment(target.host), ...env },
    cwd: temporaryFolder(),
  })
  return plain(stdout.toString())
}

async function inTerminal(target: Target, line: string, env = {}): Promise<string> {
  const terminal = openTerminal('sh', ['-c', lineFor(target, line)], {
    env: { ...environment(target.host), ...env },
    cwd: temporaryFolder(),
  })
  try {
    return plain((await terminal.ended).screen.toString())
  } finally {
    await terminal.stop()
  }
}

/** Presses ctrl-p and then x, and returns what each of them showed. */
async function pressCtrlP(target: Target, line: string): Promise<string> {
  const terminal = openTerminal('sh', ['-c', lineFor(target, line)], {
    env: environment(target.host),
  })
  try {
    await expect.poll(() => terminal.describeModes()).toContain('-icanon')
    terminal.type('\x10')
    await wait(700)
    const held = terminal.screen().toString()
    terminal.type('x')
    await terminal.waitFor('^Px')
    terminal.type('\r\x04')
    await terminal.ended
    return held.includes('^P') ? '^P' : '^Px'
  } finally {
    await terminal.stop()
  }
}

/**
 * A `docker exec CONTAINER COMMAND…` that drops what its HTTP library has read
 * together with the 101, and prints the rest, frames and all.
 */
const carelessClient = `#!${process.execPath}
const { request } = require('node:http')
const [, container, ...Cmd] = process.argv.slice(2)
function post(path, body, headers, take) {
  const options = { socketPath: process.env.DOCKER_HOST.replace('unix://', ''), path, method: 'POST' }
  const sent = request({ ...options, headers: { 'Content-Type': 'application/json', ...headers } })
  sent.on('response', take).on('upgrade', take).end(JSON.stringify(body))
}
post('/containers/' + container + '/exec', { AttachStdout: true, Cmd }, {}, async (answer) => {
  const { Id } = JSON.parse(String(Buffer.concat(await answer.toArray())))
  const headers = { Connection: 'Upgrade', Upgrade: 'tcp' }
  post('/exec/' + Id + '/start', {}, headers, (_, socket) => socket.pipe(process.stdout))
})
`

/** Puts the careless client where the shell finds it first. */
function carelessPath(): { readonly PATH: string } {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'docker'), carelessClient, { mode: 0o755 })
  return { PATH: `${folder}${delimiter}${process.env.PATH}` }
}

/** A client that is killed while its terminal is raw, before the line. */
const killedClient = 'timeout --foreground -s KILL 2 docker exec -it box sleep 9; '

/** Runs a line in a setting that the page names, and returns its output. */
export async function printedBy(line: string, setting: string, engine: Engine): Promise<string> {
  const [, place, fault = ''] = /^(terminal )?(.*)$/.exec(setting) ?? []
  const execute = place ? inTerminal : inPipe
  const [, practice] = /^practice (.*)$/.exec(fault) ?? []
  if (practice !== undefined) {
    return withPractice([practice], ({ host, container }) => execute({ host, container }, line))
  }
  if (fault === 'careless client') {
    return withPractice(['early-output'], (daemon) => inPipe(daemon, line, carelessPath()))
  }
  const box = await startContainer()
  const target = { host: engine.host, container: box.name }
  try {
    switch (fault) {
      case 'healthy':
        return await execute(target, line)
      case 'keys':
        return await pressCtrlP(target, line)
      case 'after a killed client':
        return await execute(target, `${killedClient}${line}`)
      case 'with NORAW':
        return await inTerminal(target, line, { NORAW: '1' })
      case 'stopped container':
        await box.stop()
        return await execute(target, line)
    }
    const proxy =
      fault === 'tcp'
        ? await startProxy(engine.host, 'tcp')
        : await startFaultyProxy(engine.host, fault as ProxyFault)
    try {
      return await execute({ ...target, host: proxy.host }, line)
    } finally {
      await proxy.stop()
    }
  } finally {
    await box.release()
  }
}

/** Runs a line, and returns its exit code. */
export async function exitCodeOf(line: string, engine: Engine): Promise<number | null> {
  const box = await startContainer()
  try {
    const words = lineFor({ host: engine.host, container: box.name }, line)
    return (await run('sh', ['-c', words], { env: environment(engine.host) })).code
  } finally {
    await box.release()
  }
}
