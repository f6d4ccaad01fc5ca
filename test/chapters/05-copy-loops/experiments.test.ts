/**
 * Checks what the experiments of chapter 5 claim, on real daemons.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { reset } from '../../../chapters/05-copy-loops/experiments/broken.ts'
import { descriptors } from '../../../chapters/05-copy-loops/experiments/descriptors.ts'
import { headerInTwo, unknownStream } from '../../../chapters/05-copy-loops/experiments/frames.ts'
import {
  clientGone,
  noHalfClose,
  ttyHalfClose,
} from '../../../chapters/05-copy-loops/experiments/half-close.ts'
import { experiments } from '../../../chapters/05-copy-loops/experiments/index.ts'
import {
  ctrlCWithoutI,
  ctrlPHeldBack,
  detachKeys,
} from '../../../chapters/05-copy-loops/experiments/keys.ts'
import { slowReader, unreadOutput } from '../../../chapters/05-copy-loops/experiments/pressure.ts'
import { proxyCloses } from '../../../chapters/05-copy-loops/experiments/proxy.ts'
import { utf8InTwo } from '../../../chapters/05-copy-loops/experiments/text.ts'
import {
  oneByteWrites,
  orderOfStreams,
} from '../../../chapters/05-copy-loops/experiments/writes.ts'
import { experimentAt } from '../../experiments/lab.ts'
import { describeEverywhere, experimentWithFault, watchLeaks } from '../../experiments/places.ts'

const running = { Running: true, ExitCode: null }
const ended = (ExitCode: number) => ({ Running: false, ExitCode })

test('chapter 5 has more than ten experiments', () => {
  expect(experiments.length).toBeGreaterThan(10)
})

describeEverywhere('experiments of chapter 5', (place) => {
  test('cat waits until the client half-closes', async () => {
    const { facts, answer } = await experimentAt(noHalfClose, place())
    expect(facts).toEqual({
      shown: 'hello\n',
      endedMeanwhile: false,
      meanwhile: running,
      endedAfter: true,
      after: ended(0),
    })
    expect(answer).toContain('it waits')
  })

  test('a half-close under a tty loses the output while the command runs on', async () => {
    const { facts } = await experimentAt(ttyHalfClose, place())
    expect(facts.late).toBe(false)
    expect(facts.status).toEqual(running)
    expect(facts.after).toEqual(ended(0))
  })

  test('the command has three pipes, or three times the same terminal', async () => {
    const { facts } = await experimentAt(descriptors, place())
    expect(facts.plain.map(({ kind }) => kind)).toEqual(['pipe', 'pipe', 'pipe'])
    expect(facts.tty.map(({ kind }) => kind)).toEqual(['terminal', 'terminal', 'terminal'])
    if (process.platform !== 'linux') return
    expect(new Set(facts.plain.map(({ name }) => name)).size).toBe(3)
    expect(new Set(facts.tty.map(({ name }) => name)).size).toBe(1)
    expect(facts.tty[0]?.name).toMatch(/^\/dev\/pts\/\d+$/)
  })

  test('a command outlives its client unless it reads its input', async () => {
    const { facts } = await experimentAt(clientGone, place())
    expect(facts).toEqual({ sleeping: running, reading: ended(0), killed: ended(137) })
  })

  test('small writes arrive in many frames but few reads', async () => {
    const { facts } = await experimentAt(oneByteWrites, place())
    expect(facts.payload).toBe(300)
    expect(facts.wire).toBe(300 + 8 * facts.frames)
    expect(facts.frames).toBeGreaterThan(10)
    expect(facts.reads).toBeLessThan(facts.frames)
    expect(facts.mostInOneRead).toBeGreaterThan(1)
  })

  test('stdout and stderr arrive in either order', async () => {
    const { facts } = await experimentAt(orderOfStreams, place())
    expect(facts.outFirst + facts.errFirst).toBe(10)
    expect(Buffer.from(facts.sample, 'hex').toString()).toMatch(/out\n/)
    expect(Buffer.from(facts.sample, 'hex').toString()).toMatch(/err\n/)
  })

  test('decoding each payload separately breaks é and 日', async () => {
    const { facts } = await experimentAt(utf8InTwo, place())
    expect(facts.payloads).toEqual(['c3', 'a9e697', 'a50a'])
    expect(facts.streaming).toBe('é日\n')
    expect(facts.apart).not.toContain('é')
    expect(facts.apart).not.toContain('日')
  })

  test('a command blocks when its output is not read', async () => {
    const { facts } = await experimentAt(unreadOutput, place())
    expect(facts.blocked).toEqual(running)
    // On a busy machine a few more chunks are read before the pause takes
    // effect.
    expect(facts.taken).toBeLessThanOrEqual(1024 * 1024)
    expect(facts.finished).toEqual(ended(0))
    expect(facts.kept).toBeGreaterThan(32 * 1024 * 1024)
  })

  test('Ctrl-C does not reach the command without -i', async () => {
    const { facts } = await experimentAt(ctrlCWithoutI, place())
    expect(facts.without).toEqual({ shown: 'ready\r\n', status: running })
    expect(facts.attached.status).toEqual(ended(130))
    expect(facts.attached.shown).toContain('^C')
  })

  test('ctrl-p is held back, and ctrl-p ctrl-p ctrl-q is sent in full', async () => {
    const { facts } = await experimentAt(ctrlPHeldBack, place())
    expect(facts.afterEach).toEqual(['', '1010', '101011'])
    expect(facts.exitCode).toBe(130)
  })

  test('the daemon does not get the detach keys, and the command runs on', async () => {
    const { facts } = await experimentAt(detachKeys, place())
    expect(facts).toEqual({
      sent: '61',
      message: 'read escape sequence',
      exitCode: 1,
      status: running,
    })
  })
})

describe('experiments of chapter 5 on a faulty daemon', () => {
  test('the demultiplexer joins a split header; dropping 8 bytes per read does not', async () => {
    const { facts } = await experimentWithFault(headerInTwo)
    expect(facts.reads.some((hex) => hex.length === 8)).toBe(true)
    expect(facts.whole).toBe('hello\n')
    expect(facts.naive).not.toBe('hello\n')
    expect(facts.everyCut).toEqual(Array.from({ length: 7 }, () => 'hello\n'))
  })

  test('the demultiplexer rejects an unknown stream', async () => {
    const { facts } = await experimentWithFault(unknownStream)
    expect(facts.start).toMatch(/^07/)
    expect(facts.error).toBe('Unrecognized input header: 7')
    expect(facts.shownByOthers).toBe('hello\n')
  })

  test('writeChunks queues at most one portion for a slow daemon', async () => {
    const { facts } = await experimentWithFault(slowReader)
    expect(facts.queued).toBeGreaterThan(4 * 1024 * 1024)
    expect(facts.most).toBeLessThanOrEqual(64 * 1024)
    expect(facts.sentBySecond).toBeGreaterThan(64 * 1024)
  })

  test('a reset connection does not count as success', async () => {
    const { facts } = await experimentWithFault(reset)
    expect(facts.shown).toBe('out\n')
    expect(facts.status).toEqual(running)
    expect(facts.exitCode).toBe(1)
    expect(facts.message).not.toBe('')
  })

  test('a proxy that closes at the half-close loses what comes after it', async () => {
    const { facts, answer } = await experimentWithFault(proxyCloses)
    expect(facts.shown).toBe('hello\n')
    expect(facts.status).toEqual(running)
    expect(facts.after).toEqual(ended(0))
    expect(answer).toContain('before rest')
  })

  test('experiments leave no folder, socket or process', async () => {
    const { files, opened } = watchLeaks()
    await experimentWithFault(headerInTwo)
    await experimentWithFault(slowReader)
    await experimentWithFault(reset)
    await experimentWithFault(proxyCloses)
    expect(files()).toEqual([])
    // A destroyed socket closes in the next turn of the event loop.
    await expect.poll(() => opened()).toEqual([])
  })
})
