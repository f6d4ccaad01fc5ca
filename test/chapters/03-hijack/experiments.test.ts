/**
 * What the experiments of chapter 3 claim, on a real daemon.
 *
 * @module
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  clientGone,
  earlyInput,
  earlyOutput,
  framesAsText,
  httpAgain,
  otherTty,
  textAsFrames,
} from '../../../chapters/03-hijack/experiments.ts'
import { experimentAt, type Place } from '../../experiments/lab.ts'
import { type Container, describeWithEngine, startContainer } from '../../support/engine.ts'

const text = (hex: string): string => Buffer.from(hex, 'hex').toString('latin1')

describeWithEngine('a hijacked connection', (engine) => {
  let box: Container
  let place: Place
  beforeAll(async () => {
    box = await startContainer()
    place = { host: engine.host, container: box.name }
  })
  afterAll(() => box.remove())

  test('may bring output in the packet of the 101, which a careless client never shows', async () => {
    const { facts, answer } = await experimentAt(earlyOutput, place)
    expect(text(facts.early)).toContain('one\n')
    expect(text(facts.later)).toBe('\x01\0\0\0\0\0\0\x04two\n')
    expect(answer).toContain('only what the command writes later')
  })

  test('loses input that was sent before the 101', async () => {
    const { facts } = await experimentAt(earlyInput, place)
    expect(text(facts.hex)).toBe('\x01\0\0\0\0\0\0\x05late\n')
  })

  test('carries a second request to the command and not to the daemon', async () => {
    const { facts } = await experimentAt(httpAgain, place)
    expect(facts.text.slice(8)).toBe('GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n')
  })

  test('carries 11 bytes for 3 bytes of output without a terminal', async () => {
    const { facts } = await experimentAt(framesAsText, place)
    expect(text(facts.hex)).toBe('\x01\0\0\0\0\0\0\x03hi\n')
  })

  test('carries letters under a terminal, which are no header of a frame', async () => {
    const { facts } = await experimentAt(textAsFrames, place)
    expect(text(facts.hex)).toBe('hello world\r\n')
    expect(facts.complaint).toBe('Unrecognized input header: 104')
    expect(facts.announced).toBe(Buffer.from('o wo').readUInt32BE())
  })

  test('comes in frames if the start says so, with a terminal’s line ends if the create does', async () => {
    const { facts } = await experimentAt(otherTty, place)
    expect(text(facts.hex)).toBe('\x01\0\0\0\0\0\0\x04hi\r\n')
  })

  test('that is cut leaves the command running to its own end', async () => {
    const { facts } = await experimentAt(clientGone, place)
    expect(facts).toEqual({ running: true, exitCode: 6 })
  })
})
