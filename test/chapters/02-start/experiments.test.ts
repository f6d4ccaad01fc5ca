/**
 * What the experiments of chapter 2 claim, on a real daemon.
 *
 * @module
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  commandNotFound,
  contentType,
  detachedNotFound,
  halfAsked,
  proxyDropsUpgrade,
  startedTwice,
  withoutUpgrade,
} from '../../../chapters/02-start/experiments.ts'
import { experimentAt, type Place } from '../../experiments/lab.ts'
import { type Container, describeWithEngine, startContainer } from '../../support/engine.ts'

describeWithEngine('a start', (engine) => {
  let box: Container
  let place: Place
  beforeAll(async () => {
    box = await startContainer()
    place = { host: engine.host, container: box.name }
  })
  afterAll(() => box.remove())

  test('is answered with 101 the second time too, and then with a sentence on stdout', async () => {
    const { facts } = await experimentAt(startedTwice, place)
    expect(facts.status).toBe(101)
    expect(facts.ran).toBe(false)
    const frame = Buffer.from(facts.hex, 'hex')
    expect(frame[0]).toBe(1)
    expect(frame.subarray(8).toString()).toMatch(/has already run\r\n$/)
  })

  test('that does not ask for an upgrade gets 200, and input reaches the command', async () => {
    const { facts } = await experimentAt(withoutUpgrade, place)
    expect(facts).toEqual({ status: 200, upgrade: 'none', cameBack: true })
  })

  test('needs Upgrade for a 101 and not Connection, and reaches the command in any case', async () => {
    const { facts } = await experimentAt(halfAsked, place)
    expect(facts.upgrade).toEqual({ status: 101, upgrade: 'tcp', cameBack: true })
    expect(facts.connection).toEqual({ status: 200, upgrade: 'none', cameBack: true })
  })

  test('behind a proxy that drops Upgrade gets 200 in chunks', async () => {
    const { facts } = await experimentAt(proxyDropsUpgrade, place)
    expect(facts).toEqual({ status: 200, via: '1.1 proxy', transfer: 'chunked' })
  })

  test('of a command that there is not gets 101, and the sentence on stdout', async () => {
    const { facts } = await experimentAt(commandNotFound, place)
    expect(facts).toMatchObject({ status: 101, on: 'stdout' })
    expect(facts.text).toContain('executable file not found')
    expect([126, 127]).toContain(facts.exitCode)
  })

  test('of a command that there is not gets 400 in the background', async () => {
    const { facts } = await experimentAt(detachedNotFound, place)
    expect(facts.status).toBe(400)
    expect(facts.message).toContain('executable file not found')
    expect([126, 127]).toContain(facts.exitCode)
  })

  test('says in its content type that frames are coming from API 1.42 on, if it knows that version', async () => {
    const { facts } = await experimentAt(contentType, place)
    expect(facts.tty).toBe('application/vnd.docker.raw-stream')
    expect(facts.old).toBe('application/vnd.docker.raw-stream')
    const knowsIt = Number(engine.apiVersion.split('.')[1]) >= 42
    expect(facts.new).toContain(knowsIt ? 'multiplexed-stream' : 'too new')
  })
})
