/**
 * The experiments of chapter 4, with our own client on a real daemon, in
 * terminals of their own.
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

describeWithEngine('our terminal', (engine) => {
  let box: Container
  let place: Place
  beforeAll(async () => {
    box = await startContainer()
    place = { host: engine.host, container: box.name }
  })
  afterAll(() => box.release())

  test('adds a second echo if it is not raw', async () => {
    const { facts } = await experimentAt(doubledEcho, place)
    expect(facts).toEqual({ raw: 2, cooked: 3 })
  })

  test('interrupts the client instead of the command if it is not raw', async () => {
    const { facts } = await experimentAt(cookedInterrupt, place)
    expect(facts).toEqual({ client: 130, commandRuns: true, raw: 130 })
  })

  test('sends Ctrl-C as an ordinary byte, which cat returns without a tty', async () => {
    const { facts } = await experimentAt(interruptWithoutTty, place)
    expect(facts).toEqual({ hex: '010000000000000103', exitCode: 0 })
  })

  test('stays raw after SIGKILL unless the guard restores it', async () => {
    const { facts } = await experimentAt(withoutRestore, place)
    expect(facts.bare).toEqual({ echo: false, icanon: false })
    expect(facts.guarded).toEqual({ echo: true, icanon: true })
  })

  test('adds a carriage return in Node’s raw mode', async () => {
    const { facts } = await experimentAt(nodeRawMode, place)
    expect(facts).toEqual({ node: '0d0d0a', ours: '0d0a' })
  })

  test('delivers Enter as a carriage return if it is raw, else as a line feed', async () => {
    const { facts } = await experimentAt(enterKey, place)
    expect(facts).toEqual({ cooked: '0a', raw: '0d' })
  })
})
