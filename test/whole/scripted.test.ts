/**
 * `docker exec` and our client on a scripted daemon: output, exit code and
 * requests have to be those of the case. docker runs only where it is
 * installed, to show that the expected outcomes are its own.
 *
 * @module
 */

import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { run } from '../support/run.ts'
import { nodeTakesEnvFile, root, takenByNode } from '../support/scripts.ts'
import { startServer } from '../support/server.ts'
import { ordinaryRoutes, type ScriptedCase, scripted } from './cases/scripted.ts'

const clients = {
  ours: [process.execPath, '-r', './src/process/typescript.cjs', '--', 'chapters/commands/exec.ts'],
  docker: ['docker', 'exec'],
} as const

/** The version of docker that gave the expected outcomes. */
const dockerVersion = '28.2'

function hasDocker(): boolean {
  try {
    const said = execFileSync('docker', ['--version'], { encoding: 'utf8' })
    return said.includes(`version ${dockerVersion}.`)
  } catch {
    return false
  }
}

const hasReference = hasDocker()
const home = temporaryFolder()

/** The variables of the test runner that a client needs. */
const kept = ['PATH', 'TMPDIR', 'LANG']
const nothing = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => !kept.includes(name))
    .map((name) => [name, undefined]),
)

async function outcome(
  client: keyof typeof clients,
  { args = ['box', 'true'], env, routes = [], requests }: ScriptedCase,
): Promise<object> {
  const server = await startServer([...routes, ...ordinaryRoutes])
  try {
    const [command, ...words] = clients[client]
    const ended = await run(command, [...words, ...args], {
      cwd: root,
      env: { ...nothing, HOME: home, DOCKER_HOST: server.host, ...env },
    })
    const url = `http://${encodeURIComponent(server.host.replace('unix://', ''))}`
    const sent = server.requests.map(({ method, path, body }) =>
      `${method} ${path} ${body.trim()}`.trim(),
    )
    return {
      code: ended.code,
      stdout: ended.stdout.toString(),
      stderr: ended.stderr.toString().replaceAll(url, 'URL').replaceAll(server.host, 'HOST'),
      ...(requests && { requests: sent }),
    }
  } finally {
    await server.stop()
  }
}

function expected({ code = 0, stdout = 'hello\n', stderr = '', requests }: ScriptedCase): object {
  return { code, stdout, stderr, ...(requests && { requests }) }
}

describe.concurrent('on a scripted daemon', () => {
  for (const theCase of scripted) {
    test(theCase.title, async ({ skip }) => {
      skip((theCase.args ?? []).includes('--env-file') && nodeTakesEnvFile(), takenByNode)
      expect(await outcome('ours', theCase)).toEqual(expected(theCase))
    })
  }
})

describe.concurrent('docker on a scripted daemon', () => {
  for (const theCase of scripted) {
    test(theCase.title, async ({ skip }) => {
      if (!hasReference) skip(`no docker client ${dockerVersion} to compare with`)
      const actual = await outcome('docker', theCase)
      if (theCase.unlike === undefined) expect(actual).toEqual(expected(theCase))
      else expect(actual, theCase.unlike).not.toEqual(expected(theCase))
    })
  }
})
