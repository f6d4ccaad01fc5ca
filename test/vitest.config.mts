import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { posix, sep } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type Reporter, type TestSpecification } from 'vitest/node'

const [odd] = /[#%?]/.exec(process.cwd()) ?? []
if (odd) {
  console.error(`vitest cannot run in a folder with ${odd} in its path: move the workbook.`)
  process.exit(1)
}

// Node 20 reads these certificates at each start, and no test needs them.
delete process.env.NODE_EXTRA_CA_CERTS

// `.ci/run` names a file for a JSON report, and counts the results in it.
const report = process.env.WORKBOOK_TEST_REPORT

const jsonTo = (outputFile: string): ['json', object] => ['json', { outputFile }]

/** How many titles to list for each reason. */
const maxTitles = 40

let isFullRun = true

/**
 * Lists skipped tests by reason. A test without one has the reason in its
 * title.
 */
const skippedTests: Reporter = {
  onInit({ config }) {
    isFullRun = config.testNamePattern === undefined
  },
  onTestRunEnd(modules) {
    // Tests that `-t` filtered out were not skipped for a reason.
    if (!isFullRun) return
    const titles = new Map<string, string[]>()
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const result = test.result()
        const reason = (result.state === 'skipped' && result.note) || 'see the title'
        titles.set(reason, [...(titles.get(reason) ?? []), test.fullName])
      }
    }
    for (const [reason, skipped] of titles) {
      console.log(`\n${skipped.length} skipped: ${reason}`)
      for (const title of skipped.slice(0, maxTitles)) console.log(`  ${title}`)
      if (skipped.length > maxTitles) console.log(`  … and ${skipped.length - maxTitles} more`)
    }
  },
}

/**
 * Lists tests that passed on the second try, with the first error. Writes
 * them next to a report.
 */
const retriedTests: Reporter = {
  onTestRunEnd(modules) {
    const tests = modules.flatMap((module) => [...module.children.allTests('passed')])
    for (const test of tests.filter((test) => test.diagnostic()?.flaky)) {
      const reasons = (test.result().errors ?? [])
        .map(({ message, diff = '' }) => `${message}\n${stripVTControlCharacters(diff)}`)
        .join('\n')
      const text = `\npassed on the second try: ${test.fullName}\n${reasons}\n`
      console.log(text)
      if (report) appendFileSync(`${report}.second-tries`, text)
    }
  },
}

/** What starts an engine, a browser, a terminal or a command. */
const starters = /^test\/support\/(?:browser|engine|podman|pty|run)\.ts$|^src\/practice\/spawn\.ts$/

/**
 * Whether a test file starts something, itself or through a module of the
 * tests that it imports.
 */
function startsSomething(file: string): boolean {
  const imports = readFileSync(file, 'utf8').matchAll(/ from '(\.[^']*\.ts)'/g)
  return [...imports]
    .map(([, path = '']) => posix.join(posix.dirname(file), path))
    .some((path) => starters.test(path) || (path.startsWith('test/') && startsSomething(path)))
}

/** Tests that start a few quick commands, and belong to a changed sentence. */
const quick = ['test/prose/names.test.ts']

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => posix.join('test', name.replaceAll(sep, '/')))
const unit = files.filter((file) => quick.includes(file) || !startsSomething(file))

/**
 * These take longest, and begin first: no process works alone at the end.
 * Those that mostly wait and those that mostly compute take turns, so that one
 * of each runs at a time.
 */
const slowest = [
  'test/conformance/conformance.test.ts',
  'test/site/site-browser.test.ts',
  'test/exercises/wrong.test.ts',
  'test/whole/differential.test.ts',
  'test/prose/symptoms.test.ts',
  'test/whole/pipe.test.ts',
  'test/experiments/experiments.test.ts',
  'test/exercises/check.test.ts',
  'test/site/site.test.ts',
]

/** Quick files of `unit` begin first, beside its slowest. Of `real`, slow ones do. */
class Order extends BaseSequencer {
  override async sort(all: TestSpecification[]): Promise<TestSpecification[]> {
    const slowFirst = await super.sort(all)
    const among = (names: readonly string[], { moduleId }: TestSpecification): number =>
      names.findIndex((name) => moduleId.endsWith(name))
    const place = (one: TestSpecification): number => {
      const at = among(slowest, one)
      return at < 0 ? slowest.length : at
    }
    const byPlace = (a: TestSpecification, b: TestSpecification): number => place(a) - place(b)
    const quickFirst = slowFirst.filter((one) => among(unit, one) >= 0).reverse()
    const real = slowFirst.filter((one) => among(unit, one) < 0)
    return [...quickFirst.sort(byPlace), ...real.sort(byPlace)]
  }
}

/**
 * Each project has processes of its own, which load all modules again. So
 * there are projects only if the command line names one.
 */
const namesProject = process.argv.some((word) => word.startsWith('--project'))
const projects = [
  { extends: true, test: { name: 'unit', include: unit } },
  { extends: true, test: { name: 'real', include: files.filter((one) => !unit.includes(one)) } },
] as const

export default defineConfig({
  test: {
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: 'test/support/clean.ts',
    // Generous limits, because a busy machine is slow.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    maxConcurrency: 4,
    // Each process runs many files, one after the other. A new process for
    // each would take half a second of CPU time more.
    isolate: false,
    sequence: { sequencer: Order },
    // On a busy machine, tests with real daemons, terminals and browsers may
    // lose a race.
    retry: process.env.CI === 'true' || report ? 1 : 0,
    reporters: ['default', skippedTests, retriedTests, ...(report ? [jsonTo(report)] : [])],
    // Many tests wait for a daemon or a clock, so one process more keeps all
    // processors busy. Still more would slow the commands that the tests watch.
    // The tests of `unit` hardly wait.
    maxWorkers: availableParallelism() + (namesProject ? 0 : 1),
    ...(namesProject ? { projects: [...projects] } : { include: files }),
  },
})
