import { appendFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import type { Reporter } from 'vitest/node'

// Where a machine reads the result: `.ci/run` names a file, and counts what
// is in it.
const report = process.env.WORKBOOK_TEST_REPORT

const jsonTo = (outputFile: string): ['json', object] => ['json', { outputFile }]

/** How many titles of a reason are listed. */
const most = 40

let isWhole = true

/**
 * Groups skipped tests by the reason that they gave; without one the title
 * has to say it.
 */
const skippedTests: Reporter = {
  onInit({ config }) {
    isWhole = config.testNamePattern === undefined
  },
  onTestRunEnd(modules) {
    // What `-t` has left out was not skipped for a reason.
    if (!isWhole) return
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
      for (const title of skipped.slice(0, most)) console.log(`  ${title}`)
      if (skipped.length > most) console.log(`  … and ${skipped.length - most} more`)
    }
  },
}

/**
 * Names the tests that needed their second try, with what was wrong in the
 * first one. Where there is a report, they are named in a file beside it too.
 */
const secondTries: Reporter = {
  onTestRunEnd(modules) {
    const tests = modules.flatMap((module) => [...module.children.allTests('passed')])
    for (const test of tests.filter((test) => test.diagnostic()?.flaky)) {
      const reasons = (test.result().errors ?? []).map(({ message }) => message).join('\n')
      const text = `\npassed with its second try: ${test.fullName}\n${reasons}\n`
      console.log(text)
      if (report) appendFileSync(`${report}.second-tries`, text)
    }
  },
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: 'test/support/clean.ts',
    // Ceilings, not expectations: a busy machine takes its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    maxConcurrency: 4,
    // Real daemons, terminals and browsers on a busy machine: a race may be
    // lost once.
    retry: process.env.CI === 'true' ? 1 : 0,
    reporters: ['default', skippedTests, secondTries, ...(report ? [jsonTo(report)] : [])],
  },
})
