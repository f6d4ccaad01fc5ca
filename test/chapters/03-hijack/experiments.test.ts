/**
 * The experiments of chapter 3 on a real daemon.
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
import { type Container, describeWithDockerd, startContainer } from '../../support/engine.ts'

const text = (hex: string): string => Buffer.from(hex, 'hex').toString('latin1')

describeWithDockerd('a hijacked connection', (engine) => {
  let box: Container
  let place: Place
  beforeAll(async () => {
    box = await startContainer()
    place = { host: engine.host, container: box.name }
  })
  afterAll(() => box.release())

  test('loses output that arrives with the 101 if the client drops the parser’s buffer', async () => {
    const { facts, answer } = await experimentAt(earlyOutput, place)
    expect(text(facts.early)).toContain('one\n')
    expect(text(facts.later)).toBe('\x01\0\0\0\0\0\0\x04two\n')
    expect(answer).toContain('only what the command writes later')
  })

  test('loses input that was sent before the 101', async () => {
    const { facts } = await experimentAt(earlyInput, place)
    expect(text(facts.hex)).toBe('\x01\0\0\0\0\0\0\x05late\n')
  })

  test('carries a second request to the command, not to the daemon', async () => {
    const { facts } = await experimentAt(httpAgain, place)
    expect(facts.text.slice(8)).toBe('GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n')
  })

  test('carries 11 bytes for 3 bytes of output without a tty', async () => {
    const { facts } = await experimentAt(framesAsText, place)
    expect(text(facts.hex)).toBe('\x01\0\0\0\0\0\0\x03hi\n')
  })

  test('carries unframed text with a tty, which a frame parser rejects', async () => {
    const { facts } = await experimentAt(textAsFrames, place)
    expect(text(facts.hex)).toBe('hello world\r\n')
    expect(facts.complaint).toBe('Unrecognized input header: 104')
    expect(facts.announced).toBe(Buffer.from('o wo').readUInt32BE())
  })

  test('takes the framing from the start and the line ends from the create', async () => {
    const { facts } = await experimentAt(otherTty, place)
    expect(text(facts.hex)).toBe('\x01\0\0\0\0\0\0\x04hi\r\n')
  })

  test('leaves the command running after it is cut', async () => {
    const { facts } = await experimentAt(clientGone, place)
    expect(facts).toEqual({ running: true, exitCode: 6 })
  })
})
