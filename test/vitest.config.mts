import { defineConfig } from 'vitest/config'

// Where a machine reads the result: `.ci/run` names a file, and counts what is in it.
const report = process.env.WORKBOOK_TEST_REPORT

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: 'test/support/clean.ts',
    // Ceilings, not expectations: a test that talks to a daemon on a busy machine takes its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    maxConcurrency: 4,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
})
