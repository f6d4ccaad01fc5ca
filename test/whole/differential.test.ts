/**
 * The differential corpus: each case goes through `docker exec` and through ours, on the same
 * daemon, and everything that can be seen of it must be the same, byte for byte.
 *
 * To compare docker with another command, or with itself, name that one:
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
import { type Container, describeWithEngine, startContainer } from '../support/engine.ts'
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
 * Where ours differs on purpose. A case that stands here and does not differ any more fails, and
 * so does one in which ours ends with another code than this.
 */
const allowed: readonly {
  readonly case: string
  readonly code: number
  readonly reason: string
}[] = [
  {
    case: 'Ctrl-C without a tty leaves the command alone',
    code: 130,
    reason:
      'docker exits 0 without a word while the command runs on: a script takes that for success. Ours says that it runs on, and exits as one that was interrupted.',
  },
  {
    case: 'SIGTERM without a tty leaves the command alone',
    code: 143,
    reason: 'The same as Ctrl-C.',
  },
  {
    case: 'in a terminal: Ctrl-C without -t is for the client',
    code: 130,
    reason: 'The same as Ctrl-C without a terminal.',
  },
  {
    case: 'a stream that is cut while the daemon lives',
    code: 1,
    reason:
      'docker exits 0 although it has seen neither the end of the output nor an exit code. Ours says what happened.',
  },
  {
    case: 'a stream that is cut with the daemon gone',
    code: 255,
    reason: 'docker exits 255 without a word. Ours says what happened, with the same code.',
  },
]

const root = join(import.meta.dirname, '..', '..')

const docker: Client = { name: 'docker', command: ['docker', 'exec'], cwd: root }

/** Ours, as `npm run exec --` starts it, without npm: its script in package.json. */
function readOurs(): Client {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: { exec: string }
  }
  const line = process.env.WORKBOOK_DIFFERENTIAL_COMMAND ?? scripts.exec
  // Without exec, a signal would end the shell and not what it has started.
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

describeWithEngine('docker exec and ours', ({ host }) => {
  let shared: Container
  beforeAll(async () => {
    if (dockerVersion !== undefined) shared = await startContainer()
  })
  afterAll(() => shared?.remove())

  test('each case has a title of its own, and each allowed difference is one of a case', () => {
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
          const [expected, actual] = await compare(theCase, host, shared)
          judge(theCase, expected, actual)
        })
      }
    })
  }
})

/** Runs a case on both sides, at the same time. */
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
  // Where the client looks for its config file, unless a case brings one of its own.
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
    await Promise.all(own.map(({ remove }) => remove()))
    removeFolder(folder)
  }
}

function judge({ title }: Case, expected: Outcome, actual: Outcome): void {
  const found = differences(expected, actual)
  const allowance = isOurs ? allowed.find((one) => one.case === title) : undefined
  if (!allowance) {
    expect(found, `\n${found.join('\n')}`).toEqual([])
    return
  }
  expect(found, 'This difference is allowed, but there is none any more').not.toEqual([])
  expect(actual['exit code']?.toString(), allowance.reason).toBe(String(allowance.code))
}
