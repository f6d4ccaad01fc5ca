/**
 * The differential corpus: each case runs through `docker exec` and through
 * our client, on the same daemon, and everything observable must be
 * identical, byte for byte.
 *
 * To compare docker with another command, or with itself, set a variable:
 *
 * ```sh
 * WORKBOOK_DIFFERENTIAL_COMMAND='docker exec' npm test -- differential
 * ```
 *
 * @module
 */

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Container, describeWithEngine, noCgroups, startContainer } from '../support/engine.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import type { Case } from './cases/case.ts'
import { errors } from './cases/errors.ts'
import { exitCodes } from './cases/exit-codes.ts'
import { options } from './cases/options.ts'
import { streams } from './cases/streams.ts'
import { terminal } from './cases/terminal.ts'
import {
  type Client,
  differences,
  forgetContainer,
  type Outcome,
  runCase,
  translateName,
} from './outcome.ts'

/**
 * The cases in which our client differs on purpose. A listed case fails if it
 * no longer differs, or if our exit code is not the listed one.
 */
const allowed: readonly {
  readonly case: string
  readonly code: number | readonly number[]
  readonly reason: string
  /** Only on this engine. */
  readonly on?: 'Podman'
}[] = [
  {
    case: 'Ctrl-C without a tty does not stop the command',
    code: 130,
    reason:
      'docker silently exits with 0 while the command keeps running, and a script takes that for success. We say that it keeps running, and exit like an interrupted program.',
  },
  {
    case: 'SIGTERM without a tty does not stop the command',
    code: 143,
    reason: 'The same as Ctrl-C.',
  },
  {
    case: 'in a terminal: Ctrl-C without -t interrupts the client',
    code: 130,
    reason: 'The same as Ctrl-C without a terminal.',
  },
  {
    case: 'a stream that breaks while the daemon is alive',
    code: 1,
    reason:
      'docker exits with 0 although it has seen neither the end of the output nor an exit code. We report what happened.',
  },
  {
    case: 'a stream that breaks because the daemon is gone',
    code: 255,
    reason: 'docker silently exits with 255. We report what happened, and use the same code.',
  },
  ...[
    'an unknown user',
    'an unknown group',
    'in a terminal: an unknown user',
    'invalid detach keys are rejected by the daemon',
    'a config file with "{\\"DETACHKEYS\\":\\"ctrl-!!\\"}" in it',
    'a config file with "{\\"detachKeys\\":\\"a\\",\\"DetachKeys\\":\\"ctrl-!\\"}" in it',
  ].map((title) => ({
    case: title,
    code: 1,
    reason: 'Podman refuses the start, and we add its own words to docker’s sentence.',
    on: 'Podman' as const,
  })),
  {
    case: 'a command that stops reading does not lose its output',
    code: [0, 1],
    reason:
      'Podman resets the connection after the output, and docker fails. We do so in our own words, or have read the end of the output and return the exit code.',
    on: 'Podman',
  },
]

const root = join(import.meta.dirname, '..', '..')

const docker: Client = { name: 'docker', command: ['docker', 'exec'], cwd: root }

/**
 * Our client, started by the script of `npm run exec --` in package.json, but
 * without npm.
 */
function readOurs(): Client {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: { exec: string }
  }
  const line = process.env.WORKBOOK_DIFFERENTIAL_COMMAND ?? scripts.exec
  // Without exec, a signal would end the shell and not our client.
  return { name: 'ours', command: ['sh', '-c', `exec ${line} "$@"`, 'sh'], cwd: root }
}

function readDockerVersion(): string | undefined {
  try {
    const said = execFileSync('docker', ['--version'], { encoding: 'utf8' })
    return /version (\d+\.\d+\.\d+)/.exec(said)?.[1]
  } catch {
    return undefined
  }
}

const ours = readOurs()
const isOurs = process.env.WORKBOOK_DIFFERENTIAL_COMMAND === undefined
const dockerVersion = readDockerVersion()
const dockerMajor = Number(dockerVersion?.split('.')[0] ?? 0)

const groups: readonly (readonly [title: string, cases: readonly Case[]])[] = [
  ['exit codes', exitCodes],
  ['streams', streams],
  ['options', options],
  ['errors', errors],
  ['terminal', terminal],
]
const all = groups.flatMap(([, cases]) => cases)
const unlike = all.filter(({ since = 0 }) => since > dockerMajor)

const noClient =
  'there is no docker client to compare with. Fix: install one (its daemon is not needed)'
const olderClient = `the docker client here is ${dockerVersion}, and did these differently before 28`
const onlyContainer = 'this engine has only one container, and the case changes it'

describeWithEngine('docker exec and ours', ({ host, container, name, hasCgroups }) => {
  let shared: Container
  beforeAll(async () => {
    if (dockerVersion !== undefined) shared = await startContainer()
  })
  afterAll(() => shared?.release())

  test('every title is unique, and every allowed difference names a case', () => {
    const titles = all.map(({ title }) => title)
    expect(titles).toEqual([...new Set(titles)])
    for (const { case: title } of allowed) expect(titles).toContain(title)
  })

  for (const [group, cases] of groups) {
    describe.concurrent(group, () => {
      for (const theCase of cases) {
        test(theCase.title, async ({ skip }) => {
          if (dockerVersion === undefined) skip(noClient)
          if (unlike.includes(theCase)) skip(olderClient)
          if (container && (theCase.container ?? theCase.ownContainer)) skip(onlyContainer)
          if (theCase.container === 'paused' && !hasCgroups) skip(noCgroups)
          const [expected, actual] = await compare(theCase, host, shared)
          judge(theCase, expected, actual, name)
        })
      }
    })
  }
})

/** Runs a case through both clients at the same time. */
async function compare(
  theCase: Case,
  host: string,
  shared: Container,
): Promise<[Outcome, Outcome]> {
  const folder = temporaryFolder()
  for (const [name, content] of Object.entries(theCase.files ?? {})) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  // The folder of the client's config file, unless the case sets another one.
  mkdirSync(join(folder, 'empty'))
  const own: Container[] = []
  try {
    if (theCase.container ?? theCase.ownContainer) own.push(await startContainer())
    if (theCase.ownContainer) own.push(await startContainer())
    if (theCase.container === 'stopped') await own[0]?.stop()
    if (theCase.container === 'paused') await own[0]?.pause()

    const [first = shared, second = first] = own
    const runOn = async (client: Client, container: Container): Promise<Outcome> => {
      const stage = { folder, host, container, id: container.id }
      return forgetContainer(await runCase(theCase, client, stage), container)
    }
    const [expected, actual] = await Promise.all([runOn(docker, first), runOn(ours, second)])
    return [theCase.namesItself && isOurs ? translateName(expected) : expected, actual]
  } finally {
    await Promise.all(own.map(({ release }) => release()))
    removeFolder(folder)
  }
}

function judge({ title }: Case, expected: Outcome, actual: Outcome, engine: string): void {
  const found = differences(expected, actual)
  const isAllowed = ({ case: one, on }: (typeof allowed)[number]): boolean =>
    one === title && (on === undefined || engine.startsWith(on))
  const allowance = isOurs ? allowed.find(isAllowed) : undefined
  if (!allowance) {
    expect(found, `\n${found.join('\n')}`).toEqual([])
    return
  }
  expect(found, 'This difference is allowed, but no longer exists').not.toEqual([])
  const codes = [allowance.code].flat().map(String)
  expect(codes, allowance.reason).toContain(actual['exit code']?.toString())
}
