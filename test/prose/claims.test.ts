/**
 * Every claim that a page makes about a daemon has a check, and the check
 * agrees with the page.
 *
 * @module
 */

import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startPracticeDaemon } from '../../src/practice/spawn.ts'
import type { Target } from '../conformance/raw.ts'
import { program } from '../practice/daemon.ts'
import { describeWithDockerd, noCgroups, startContainer } from '../support/engine.ts'
import { type Claim, claims, type Place } from './claims.ts'
import { madeClaims as made } from './made-claims.ts'

test('every claim of a page has one check, and every check a claim', () => {
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort()
  expect(names(made)).toEqual(names(claims))
})

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

describeWithDockerd('claims that an engine proves', (engine) => {
  test.for(checkedIn('anywhere', 'engine'))('%s', async ([name, claim], context) => {
    if (name === 'paused' && !engine.hasCgroups) context.skip(noCgroups)
    const box = await startContainer()
    onTestFinished(box.release)
    await check(claim, { host: engine.host, container: box.name })
  })
})

describe('claims that the record of other daemons proves', () => {
  test.each(checkedIn('record'))('%s', (_name, claim) => check(claim, { host: '', container: '' }))
})
