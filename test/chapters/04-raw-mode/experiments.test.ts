/**
 * What the experiments of chapter 4 claim, with our own client on a real daemon, in terminals of
 * their own.
 *
 * @module
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  cookedInterrupt,
  doubledEcho,
  enterKey,
  interruptWithoutTty,
  nodeRawMode,
  withoutRestore,
} from '../../../chapters/04-raw-mode/experiments.ts'
import { experimentAt, type Place } from '../../experiments/lab.ts'
import { type Container, describeWithEngine, startContainer } from '../../support/engine.ts'

describeWithEngine('a terminal', (engine) => {
  let box: Container
  let place: Place
  beforeAll(async () => {
    box = await startContainer()
    place = { host: engine.host, container: box.name }
  })
  afterAll(() => box.remove())

  test('echoes once more than the container’s unless it is raw', async () => {
    const { facts } = await experimentAt(doubledEcho, place)
    expect(facts).toEqual({ raw: 2, cooked: 3 })
  })

  test('that is not raw sends Ctrl-C to the client, and the command goes on', async () => {
    const { facts } = await experimentAt(cookedInterrupt, place)
    expect(facts).toEqual({ client: 130, commandRuns: true, raw: 130 })
  })

  test('is what makes a signal of Ctrl-C: without one it is a byte like any other', async () => {
    const { facts } = await experimentAt(interruptWithoutTty, place)
    expect(facts).toEqual({ hex: '010000000000000103', exitCode: 0 })
  })

  test('stays raw behind a program that was killed, unless something beside it gives it back', async () => {
    const { facts } = await experimentAt(withoutRestore, place)
    expect(facts.bare).toEqual({ echo: false, icanon: false })
    expect(facts.belted).toEqual({ echo: true, icanon: true })
  })

  test('gets one carriage return more behind Node’s raw mode', async () => {
    const { facts } = await experimentAt(nodeRawMode, place)
    expect(facts).toEqual({ node: '0d0d0a', ours: '0d0a' })
  })

  test('gives a carriage return for Enter if it is raw, and a line feed if it is not', async () => {
    const { facts } = await experimentAt(enterKey, place)
    expect(facts).toEqual({ cooked: '0a', raw: '0d' })
  })
})
