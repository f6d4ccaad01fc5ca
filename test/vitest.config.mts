import { defineConfig } from 'vitest/config'
import type { Reporter } from 'vitest/node'

// Where a machine reads the result: `.ci/run` names a file, and counts what is in it.
const report = process.env.WORKBOOK_TEST_REPORT

const jsonTo = (outputFile: string): ['json', object] => ['json', { outputFile }]

/** How many titles of a reason are listed. */
const most = 40

let isWhole = true

/** Groups skipped tests by the reason that they gave; without one the title has to say it. */
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
    reporters: ['default', skippedTests, ...(report ? [jsonTo(report)] : [])],
  },
})
