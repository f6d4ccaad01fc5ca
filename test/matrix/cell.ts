/**
 * One cell of the matrix: a part of the tests on one daemon with one Node.
 *
 * @module
 */

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { makeStateFolder } from '../../src/process/learner.ts'
import type { Count } from '../conformance/matrix-record.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { root } from '../support/scripts.ts'
import { runChild } from './child.ts'
import type { MatrixDaemon } from './daemons.ts'
import type { Node } from './nodes.ts'

/** The parts of a cell: the test file of each, and its tests in that file. */
export const parts = {
  conformance: {
    file: 'test/conformance/conformance.test.ts',
    tests: 'matches the record on the engine',
  },
  differential: { file: 'test/whole/differential.test.ts', tests: 'docker exec and ours' },
  chapters: { file: 'test/whole/chapter.test.ts', tests: 'shows every stage up to it' },
} as const

/** The name of a part. */
export type Part = keyof typeof parts

/** The result of a part. */
export type PartResult = {
  readonly count: Count
  /** What failed, a line each, with the name of the log last. */
  readonly failures: readonly string[]
}

/** The fields of vitest's JSON report that we read. */
type Report = {
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly title: string
      readonly status: string
      readonly failureMessages: readonly string[]
      readonly meta: {
        readonly conformance?: { readonly total: number; readonly differing: readonly string[] }
      }
    }[]
  }[]
}

/** Runs a part, and counts its tests; of the conformance suite, its checks. */
export async function runPart(
  part: Part,
  daemon: MatrixDaemon,
  node: Node,
  label: string,
): Promise<PartResult> {
  const { file, tests } = parts[part]
  const name = `${label} ${part}`.replaceAll(/[^\w.]+/g, '-')
  const logs = makeStateFolder('matrix', 'logs')
  const [report, log] = [join(logs, `${name}.json`), join(logs, `${name}.log`)]
  rmSync(report, { force: true })
  // A signal kills the tests, so their temporary files are removed here.
  const temporary = temporaryFolder('wbmx')
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const settings = ['--config', join('test', 'vitest.config.mts'), '--project', 'real'] as const
  const { output } = await runChild([node.program, vitest, 'run', ...settings, '-t', tests, file], {
    cwd: root,
    env: {
      ...process.env,
      PATH: [dirname(node.program), process.env.PATH].join(delimiter),
      DOCKER_HOST: daemon.host,
      WORKBOOK_CONTAINER: daemon.container,
      WORKBOOK_REQUIRE_ENGINE: '1',
      WORKBOOK_TEST_REPORT: report,
      // A test with a race gets a second try, as in .ci/run.
      CI: 'true',
    },
  })
  removeFolder(temporary)
  writeFileSync(log, stripVTControlCharacters(output))
  const result = existsSync(report)
    ? readReport(JSON.parse(readFileSync(report, 'utf8')) as Report, tests)
    : { count: { passed: 0, total: 0, left: 0 }, failures: ['the tests did not run'] }
  const failures = result.failures.length > 0 ? [...result.failures, `see ${log}`] : []
  return { ...result, failures }
}

function readReport({ testResults }: Report, tests: string): PartResult {
  const all = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName }) => fullName.includes(tests))
  const run = all.filter(({ status }) => status === 'passed' || status === 'failed')
  const failed = run.filter(({ status }) => status === 'failed')
  const failures = [
    ...testResults.flatMap(({ message }) => message.split('\n')[0] || []),
    ...failed.map(({ title, failureMessages }) => `${title}: ${firstLine(failureMessages)}`),
  ]
  const checks = run.find(({ meta }) => meta.conformance)?.meta.conformance
  if (checks) {
    const { total, differing } = checks
    return {
      count: { passed: total - differing.length, total, left: 0 },
      failures: [...failures, ...differing],
    }
  }
  if (run.length === 0 && failures.length === 0) failures.push('no test ran')
  const left = all.length - run.length
  return { count: { passed: run.length - failed.length, total: run.length, left }, failures }
}

function firstLine(messages: readonly string[]): string {
  const lines = stripVTControlCharacters(messages.join('\n')).split('\n')
  return lines.map((line) => line.replace(/^(Assertion)?Error:\s*/, '')).find(Boolean) ?? ''
}
