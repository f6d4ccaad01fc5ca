/**
 * Each sentence of the lessons that says what a daemon does stands there, and is true.
 *
 * @module
 */

import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { dockerExec } from '../../chapters/index.ts'
import { startPracticeDaemon } from '../../src/practice/spawn.ts'
import type { Target } from '../conformance/raw.ts'
import { program } from '../practice/daemon.ts'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { blocksOf, moduleComment } from './blocks.ts'
import { type Claim, claims } from './claims.ts'
import { readPage } from './page.ts'

/** The text of a file in one line, without the stars of its comments. */
function inOneLine(path: string): string {
  return readPage(path)
    .replaceAll(/^ *\* ?/gm, '')
    .replaceAll(/\s+/g, ' ')
}

const named = (chosen: readonly Claim[]) =>
  chosen.map((claim) => [claim.file, claim.words, claim] as const)

test.each(named(claims))('%s says "%s"', (file, words) => {
  expect(inOneLine(file)).toContain(words)
})

/** The practice daemon, for one test or for all that ask nothing wrong of it. */
async function practise(
  faults: readonly string[] = [],
): Promise<Target & { close: () => Promise<void> }> {
  const { host, container, close } = await startPracticeDaemon({ program, faults })
  return { host, container, close }
}

describe('so it is with the practice daemon:', () => {
  let healthy: Awaited<ReturnType<typeof practise>>
  beforeAll(async () => {
    healthy = await practise()
    return healthy.close
  })

  test.each(named(claims.filter(({ where }) => where === 'anywhere' || where === 'practice')))(
    '%s: "%s"',
    async (_file, _words, { check, faults }) => {
      if (!faults) return check(healthy)
      const harmed = await practise(faults)
      onTestFinished(harmed.close)
      return check(harmed)
    },
  )
})

describeWithEngine('so it is with an engine:', (engine) => {
  test.each(named(claims.filter(({ where }) => where === 'anywhere' || where === 'engine')))(
    '%s: "%s"',
    async (_file, _words, { check }) => {
      const box = await startContainer()
      onTestFinished(box.remove)
      await check({ host: engine.host, container: box.name })
    },
  )
})

describe('so it was with the daemons on record:', () => {
  test.each(named(claims.filter(({ where }) => where === 'record')))(
    '%s: "%s"',
    (_file, _words, { check }) => check({ host: '', container: '' }),
  )
})

/** Statuses and exit codes. Other numbers of three digits are sizes and counts. */
const codes = /(?<![\d.])(101|200|201|400|404|409|500|126|127|130|137|143|255)(?!\d|\.\d)/g

describe('no status and no exit code stands in a lesson unchecked:', () => {
  test.each(
    dockerExec.stages.map(({ name }, at) => [
      `chapters/0${at + 1}-${name.replaceAll(' ', '-')}.ts`,
    ]),
  )('%s', (file) => {
    const drawn = blocksOf(file).flatMap(({ lines }) => lines)
    const claimed = claims.filter((claim) => claim.file === file).map(({ words }) => words)
    const checked = [...drawn, ...claimed].join('\n')
    const said = [...moduleComment(file).matchAll(codes)].map(([code]) => code)
    // What a code is not in needs a line in test/prose/claims.ts.
    expect([...new Set(said)].filter((code) => !checked.includes(code))).toEqual([])
  })
})
