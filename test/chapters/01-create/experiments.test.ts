/**
 * The experiments of chapter 1 against a real daemon.
 *
 * @module
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  commandInOneWord,
  impossibleKeys,
  misspeltField,
  neverStarted,
  noCommand,
  paused,
  shortId,
  textPlain,
  unknownUser,
} from '../../../chapters/01-create/experiments.ts'
import { experimentAt, type Place } from '../../experiments/lab.ts'
import { call } from '../../support/api.ts'
import { type Container, describeWithDockerd, startContainer } from '../../support/engine.ts'

describeWithDockerd('create', (engine) => {
  let box: Container
  let place: Place
  beforeAll(async () => {
    box = await startContainer()
    place = { host: engine.host, container: box.name }
  })
  afterAll(() => box.release())

  test('lists an exec that was never started, and starts no process', async () => {
    const { facts } = await experimentAt(neverStarted, place)
    expect(facts).toEqual({ running: false, exitCode: null, pid: 0, listed: true })
  })

  test('returns 409 while the container is paused', async () => {
    const { facts } = await experimentAt(paused, place)
    expect(facts.status).toBe(409)
    expect(facts.message).toContain('paused')
    expect(facts.reallyPaused).toBe(true)
    const name = /workbook-\w+/.exec(facts.message)?.[0] ?? 'its own container'
    const { status } = await call(engine.host, 'GET', `/containers/${name}/json`)
    expect(status, `${name} is removed`).toBe(404)
  })

  test('returns 400 without a command', async () => {
    const { facts } = await experimentAt(noCommand, place)
    expect(facts).toEqual({ status: 400, message: 'No exec command specified' })
  })

  test('accepts a command line in one word, which then fails to run', async () => {
    const { facts } = await experimentAt(commandInOneWord, place)
    expect(facts.output).toContain('"echo hi": executable file not found')
    expect([126, 127]).toContain(facts.exitCode)
  })

  test('reports an unknown user itself, or in the stream after the start’s 101', async () => {
    const { facts } = await experimentAt(unknownUser, place)
    expect([201, 400]).toContain(facts.create.status)
    expect(facts.create.message || facts.output).toContain('unable to find user nosuchuser')
    expect(facts.start?.status ?? 101).toBe(101)
  })

  test('returns 500 for impossible detach keys', async () => {
    const { facts } = await experimentAt(impossibleKeys, place)
    expect(facts).toEqual({ status: 500, message: 'Invalid escape keys (ctrl-!!) provided' })
  })

  test('returns an ID that has no short form', async () => {
    const { facts } = await experimentAt(shortId, place)
    expect(facts.container).toBe(200)
    expect(facts.exec.status).toBe(404)
  })

  test('returns 400 if its body is labelled as text', async () => {
    const { facts } = await experimentAt(textPlain, place)
    expect(facts.status).toBe(400)
    expect(facts.message).toContain('text/plain')
  })

  test('ignores an unknown field, so the output is lost', async () => {
    const { facts } = await experimentAt(misspeltField, place)
    expect(facts).toEqual({ create: 201, output: '', exitCode: 0 })
  })
})
