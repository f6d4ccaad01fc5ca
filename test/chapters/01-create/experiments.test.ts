/**
 * What the experiments of chapter 1 claim, on a real daemon.
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
import { type Container, describeWithEngine, startContainer } from '../../support/engine.ts'

describeWithEngine('a create', (engine) => {
  let box: Container
  let place: Place
  beforeAll(async () => {
    box = await startContainer()
    place = { host: engine.host, container: box.name }
  })
  afterAll(() => box.remove())

  test('makes a note that stays in the container’s list, and no process', async () => {
    const { facts } = await experimentAt(neverStarted, place)
    expect(facts).toEqual({ exitCode: null, pid: 0, listed: true })
  })

  test('is refused with a 409 while the container is paused', async () => {
    const { facts } = await experimentAt(paused, place)
    expect(facts.status).toBe(409)
    expect(facts.message).toContain('paused')
    expect(facts.reallyPaused).toBe(true)
    const name = /workbook-\w+/.exec(facts.message)?.[0] ?? 'a container of its own'
    const { status } = await call(engine.host, 'GET', `/containers/${name}/json`)
    expect(status, `${name} is removed`).toBe(404)
  })

  test('is refused with a 400 without a command', async () => {
    const { facts } = await experimentAt(noCommand, place)
    expect(facts).toEqual({ status: 400, message: 'No exec command specified' })
  })

  test('takes a command line in one word, of which nothing can be run', async () => {
    const { facts } = await experimentAt(commandInOneWord, place)
    expect(facts.output).toContain('"echo hi": executable file not found')
    expect([126, 127]).toContain(facts.exitCode)
  })

  test('or the start behind it says that there is no such user, never a status of the start', async () => {
    const { facts } = await experimentAt(unknownUser, place)
    expect([201, 400]).toContain(facts.create.status)
    expect(facts.create.message || facts.output).toContain('unable to find user nosuchuser')
    expect(facts.start?.status ?? 101).toBe(101)
  })

  test('is refused with a 500 for keys that nobody can type', async () => {
    const { facts } = await experimentAt(impossibleKeys, place)
    expect(facts).toEqual({ status: 500, message: 'Invalid escape keys (ctrl-!!) provided' })
  })

  test('gives an ID of which the beginning is not enough', async () => {
    const { facts } = await experimentAt(shortId, place)
    expect(facts.container).toBe(200)
    expect(facts.exec.status).toBe(404)
  })

  test('is refused with a 400 where its body says that it is text', async () => {
    const { facts } = await experimentAt(textPlain, place)
    expect(facts.status).toBe(400)
    expect(facts.message).toContain('text/plain')
  })

  test('takes a field that it does not know, and the output is lost', async () => {
    const { facts } = await experimentAt(misspeltField, place)
    expect(facts).toEqual({ create: 201, output: '', exitCode: 0 })
  })
})
