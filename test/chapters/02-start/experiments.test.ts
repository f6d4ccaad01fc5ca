/**
 * The experiments of chapter 2 against a real daemon.
 *
 * @module
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  commandNotFound,
  contentType,
  detachedNotFound,
  halfAsked,
  namespaces,
  proxyDropsUpgrade,
  startedTwice,
  withoutUpgrade,
} from '../../../chapters/02-start/experiments.ts'
import { experimentAt, experimentOrSkip, type Place } from '../../experiments/lab.ts'
import { withPractice } from '../../practice/daemon.ts'
import { type Container, describeWithDockerd, startContainer } from '../../support/engine.ts'

describeWithDockerd('start', (engine) => {
  let box: Container
  let place: Place
  beforeAll(async () => {
    box = await startContainer()
    place = { host: engine.host, container: box.name }
  })
  afterAll(() => box.release())

  test('returns 101 the second time too, with an error on stdout', async () => {
    const { facts } = await experimentAt(startedTwice, place)
    expect(facts.status).toBe(101)
    expect(facts.ran).toBe(false)
    const frame = Buffer.from(facts.hex, 'hex')
    expect(frame[0]).toBe(1)
    expect(frame.subarray(8).toString()).toMatch(/has already run\r\n$/)
  })

  test('returns 200 without upgrade headers and still takes input', async () => {
    const { facts } = await experimentAt(withoutUpgrade, place)
    expect(facts).toEqual({ status: 200, upgrade: 'none', cameBack: true })
  })

  test('returns 101 for Upgrade but not for Connection alone, and takes input either way', async () => {
    const { facts } = await experimentAt(halfAsked, place)
    expect(facts.upgrade).toEqual({ status: 101, upgrade: 'tcp', cameBack: true })
    expect(facts.connection).toEqual({ status: 200, upgrade: 'none', cameBack: true })
  })

  test('returns 200 in chunks through a proxy that drops Upgrade', async () => {
    const { facts } = await experimentAt(proxyDropsUpgrade, place)
    expect(facts).toEqual({ status: 200, via: '1.1 proxy', transfer: 'chunked' })
  })

  test('returns 101 for a missing command, with the error on stdout', async () => {
    const { facts } = await experimentAt(commandNotFound, place)
    expect(facts).toMatchObject({ status: 101, on: 'stdout' })
    expect(facts.text).toContain('executable file not found')
    expect([126, 127]).toContain(facts.exitCode)
  })

  test('returns 400 for a missing command when detached', async () => {
    const { facts } = await experimentAt(detachedNotFound, place)
    expect(facts.status).toBe(400)
    expect(facts.message).toContain('executable file not found')
    expect([126, 127]).toContain(facts.exitCode)
  })

  test('announces frames in its content type from API 1.42 on', async () => {
    const { facts } = await experimentAt(contentType, place)
    expect(facts.tty).toBe('application/vnd.docker.raw-stream')
    expect(facts.old).toBe('application/vnd.docker.raw-stream')
    const knowsIt = Number(engine.apiVersion.split('.')[1]) >= 42
    expect(facts.new).toContain(knowsIt ? 'multiplexed-stream' : 'too new')
  })
  test('puts the command into every namespace of the container', async ({ skip }) => {
    const { facts, answer } = await experimentOrSkip(namespaces, place, skip)
    expect(answer).toBe('all of them')
    expect(facts.pid).not.toBe(facts.firstPid)
    const own = facts.rows.filter(({ machine, first }) => machine !== first)
    expect(own.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['ipc', 'mnt', 'net', 'pid', 'uts']),
    )
    for (const { command, first } of facts.rows) expect(command).toBe(first)
  })
})

test('a practice daemon has no namespaces for the command to join', async ({ skip }) => {
  await withPractice([], async (daemon) => {
    const { answer } = await experimentOrSkip(namespaces, daemon, skip)
    expect(answer).toBe('none, because the container has none')
  })
})
