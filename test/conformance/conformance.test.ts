/**
 * Runs the conformance suite on the practice daemon, dockerd and Podman, and compares what
 * they do with the record. To rewrite the record and docs/daemons.md:
 *
 * ```sh
 * WORKBOOK_WRITE_DAEMONS=1 npm test -- conformance
 * ```
 *
 * @module
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, type TestContext, test } from 'vitest'
import { startPracticeDaemon } from '../../src/practice/spawn.ts'
import { program } from '../practice/daemon.ts'
import { engineName } from '../support/api.ts'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { podmanContainer, startPodman } from '../support/podman.ts'
import { checks } from './checks.ts'
import type { Target } from './raw.ts'
import { ownWays, page, pagePath, type Records, recordPath } from './record.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** How many checks there were, and which were not as on record. */
    conformance?: { readonly total: number; readonly differing: readonly string[] }
  }
}

const isWriting = process.env.WORKBOOK_WRITE_DAEMONS === '1'
const record = JSON.parse(readFileSync(recordPath, 'utf8')) as Records

/** How many checks run at once: most of them only wait for a silence. */
const lanes = 3

/**
 * Runs every check, and returns the observations by the name of the check.
 */
async function observeAll(
  target: Target,
): Promise<{ daemon: string; seen: Record<string, string> }> {
  const daemon = await engineName(target.host)
  const seen = Object.fromEntries(checks.map(({ name }) => [name, '']))
  const left = checks.values()
  async function runChecks(): Promise<void> {
    for (const { name, observe } of left) {
      const observed = await observe(target)
      seen[name] = observed
        .replaceAll(target.container, 'CONTAINER')
        .replaceAll(/\b[0-9a-f]{64}\b/g, 'ID')
        // Podman prints this about its own socket if it loses a race.
        .replaceAll(/Error: read unixpacket \S+ read: connection reset by peer\\n/g, '')
        .replace(/^stderr ""/, 'nothing')
    }
  }
  await Promise.all(Array.from({ length: lanes }, runChecks))
  return { daemon, seen }
}

/**
 * Compares the observations with the record, or writes them to it. The test
 * reports how many were as on record.
 */
async function compare(target: Target, { task }: TestContext): Promise<void> {
  const { daemon, seen } = await observeAll(target)
  const expected = record[daemon] ?? seen
  const differing = Object.keys(seen).filter((name) => seen[name] !== expected[name])
  task.meta.conformance = { total: checks.length, differing }
  if (isWriting) {
    record[daemon] = seen
    writeFileSync(recordPath, `${JSON.stringify(record, undefined, 2)}\n`)
    return
  }
  const known = record[daemon]
  // A daemon that isn't on record only has to pass the essential checks.
  if (!known) {
    for (const name of essential)
      expect({ [name]: seen[name] }).toEqual({ [name]: reference[name] })
    return
  }
  expect(seen).toEqual(known)
}

const reference = record['dockerd 28.5'] ?? {}
const essential = [
  'run: stdout',
  'run: an exit code',
  'run: input, then a half-close',
  'run: a tty',
]

describe('the conformance suite', () => {
  test('has a unique name for every check', () => {
    const names = checks.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThanOrEqual(60)
  })

  test.skipIf(process.platform === 'win32')(
    'matches the record on the practice daemon',
    async (context) => {
      const daemon = await startPracticeDaemon({ program })
      try {
        await compare({ host: daemon.host, container: daemon.container }, context)
      } finally {
        await daemon.close()
      }
    },
    120_000,
  )

  describeWithEngine('with an engine', (engine) => {
    test('matches the record on the engine', async (context) => {
      const box = await startContainer()
      try {
        await compare({ host: engine.host, container: box.name }, context)
      } finally {
        await box.release()
      }
    }, 180_000)
  })

  test('matches the record on Podman', async (context) => {
    const podman = await startPodman()
    if ('reason' in podman) {
      // Podman can't start containers on every machine, so it is never
      // required.
      const reason = `no Podman: ${podman.reason} (${podman.fix})`
      console.warn(reason)
      return context.skip(reason)
    }
    try {
      await compare({ host: podman.host, container: podmanContainer }, context)
    } finally {
      await podman.stop()
    }
  }, 240_000)

  test('records the practice daemon as like dockerd 28.5, except where listed', () => {
    const differing = checks
      .map(({ name }) => name)
      .filter((name) => record['practice daemon']?.[name] !== reference[name])
    expect(differing.sort()).toEqual(Object.keys(ownWays).sort())
  })

  test('keeps docs/daemons.md in step with the record', () => {
    expect(readFileSync(pagePath, 'utf8')).toBe(page(record, checks))
  })

  afterAll(() => {
    if (isWriting) writeFileSync(pagePath, page(record, checks))
  })
})
