/**
 * Every claim that a page makes about a daemon has a check, and the check
 * agrees with the page.
 *
 * @module
 */

import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { chapterFolders } from '../../chapters/commands/chapter-folders.ts'
import { startPracticeDaemon } from '../../src/practice/spawn.ts'
import type { Target } from '../conformance/raw.ts'
import { program } from '../practice/daemon.ts'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { blocksOf, moduleComment } from './blocks.ts'
import { type Claim, claims, type Place } from './claims.ts'
import { readPage } from './page.ts'

const pages = chapterFolders.map(({ folder }) => join('chapters', folder, 'stage.ts'))

/** A claim as a page makes it. */
type MadeClaim = {
  readonly page: string
  readonly name: string
  /** What the page asserts: `404`. Undefined for a claim without a value. */
  readonly value: string | undefined
  /** The paragraph that makes the claim, in one line. */
  readonly paragraph: string
}

const marker = /<!-- claims: (.*?) -->/g

/**
 * The claims of a page. A paragraph ends at a line without text and where a
 * list item begins.
 */
function claimsOf(page: string): MadeClaim[] {
  const text = readPage(page).replaceAll(/^ *(?:\/\*\*|\*\/|\*) ?/gm, '')
  return text.split(/\n\s*\n|\n(?= *- )/).flatMap((whole) => {
    const paragraph = whole.replaceAll(marker, '').replaceAll(/\s+/g, ' ')
    return [...whole.matchAll(marker)]
      .flatMap(([, list = '']) => list.split(', '))
      .map((claim) => {
        const [, name = '', value] = /^(\S+)(?: (.+))?$/.exec(claim) ?? []
        return { page, name, value, paragraph }
      })
  })
}

const made = pages.flatMap(claimsOf)

test('every claim of a page has one check, and every check a claim', () => {
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort()
  expect(names(made)).toEqual(names(claims))
})

test.each(made.filter(({ value }) => value !== undefined))(
  '$page names the value of its claim $name: $value',
  ({ value = '', paragraph }) => expect(paragraph).toMatch(new RegExp(`(?<!\\w)${value}(?!\\w)`)),
)

/** Checks a claim and compares its value with the one in the page. */
async function check({ name, measure }: Claim, target: Target): Promise<void> {
  const { value } = made.find((claim) => claim.name === name) ?? {}
  expect(await measure(target), `what the page claims: ${value}`).toBe(value)
}

/** The claims that can be checked in one of these places, for `test.each`. */
function checkedIn(...places: readonly Place[]) {
  return claims
    .filter(({ where }) => places.includes(where))
    .map((each) => [each.name, each] as const)
}

async function startPractice(
  faults: readonly string[] = [],
): Promise<Target & { close: () => Promise<void> }> {
  const { host, container, close } = await startPracticeDaemon({ program, faults })
  return { host, container, close }
}

describe('claims that the practice daemon proves', () => {
  let healthy: Awaited<ReturnType<typeof startPractice>>
  beforeAll(async () => {
    healthy = await startPractice()
    return healthy.close
  })

  test.each(checkedIn('anywhere', 'practice'))('%s', async (_name, claim) => {
    if (!claim.faults) return check(claim, healthy)
    const faulty = await startPractice(claim.faults)
    onTestFinished(faulty.close)
    return check(claim, faulty)
  })
})

describeWithEngine('claims that an engine proves', (engine) => {
  test.each(checkedIn('anywhere', 'engine'))('%s', async (_name, claim) => {
    const box = await startContainer()
    onTestFinished(box.remove)
    await check(claim, { host: engine.host, container: box.name })
  })
})

describe('claims that the record of other daemons proves', () => {
  test.each(checkedIn('record'))('%s', (_name, claim) => check(claim, { host: '', container: '' }))
})

/**
 * Statuses and exit codes. Other numbers of three digits are sizes and
 * counts.
 */
const codes = /(?<![\d.])(101|200|201|400|404|409|500|126|127|130|137|143|255)(?!\d|\.\d)/g

describe('a page has no status and no exit code that is unchecked', () => {
  test.each(pages)('%s', (page) => {
    const drawn = blocksOf(page).flatMap(({ lines }) => lines)
    const claimed = made.filter((claim) => claim.page === page).map(({ value }) => value)
    const checked = [...drawn, ...claimed].join('\n')
    const named = [...moduleComment(page).replaceAll(marker, '').matchAll(codes)].map(
      ([code]) => code,
    )
    // A code that is missing here needs a claim in the page and a check in
    // test/prose/claims.ts.
    expect([...new Set(named)].filter((code) => !checked.includes(code))).toEqual([])
  })
})
