/**
 * What the experiments of chapter 5 claim, on real daemons.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { reset } from '../../../chapters/05-copy-loops/experiments/broken.ts'
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
import { nobodyReads, slowReader } from '../../../chapters/05-copy-loops/experiments/pressure.ts'
import { utf8InTwo } from '../../../chapters/05-copy-loops/experiments/text.ts'
import {
  oneByteWrites,
  orderOfStreams,
} from '../../../chapters/05-copy-loops/experiments/writes.ts'
import { experimentAt } from '../../experiments/lab.ts'
import {
  describeEverywhere,
  experimentWithFault,
  watchBelongings,
} from '../../experiments/places.ts'

const running = { Running: true, ExitCode: null }
const ended = (ExitCode: number) => ({ Running: false, ExitCode })

test('chapter 5 has more than ten experiments', () => {
  expect(experiments.length).toBeGreaterThan(10)
})

describeEverywhere('the copy loops', (place) => {
  test('leave cat waiting until somebody half-closes', async () => {
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

  test('lose the output of a terminal whose input was half-closed, and the command runs on', async () => {
    const { facts } = await experimentAt(ttyHalfClose, place())
    expect(facts.late).toBe(false)
    expect(facts.note).toEqual(running)
    expect(facts.after).toEqual(ended(0))
  })

  test('are no leash: a command outlives its client, unless it reads', async () => {
    const { facts } = await experimentAt(clientGone, place())
    expect(facts).toEqual({ sleeping: running, reading: ended(0), killed: ended(137) })
  })

  test('carry small writes in many frames, and bring them in few reads', async () => {
    const { facts } = await experimentAt(oneByteWrites, place())
    expect(facts.payload).toBe(300)
    expect(facts.wire).toBe(300 + 8 * facts.frames)
    expect(facts.frames).toBeGreaterThan(10)
    expect(facts.reads).toBeLessThan(facts.frames)
    expect(facts.mostInOneRead).toBeGreaterThan(1)
  })

  test('promise no order between stdout and stderr: each comes first or second', async () => {
    const { facts } = await experimentAt(orderOfStreams, place())
    expect(facts.outFirst + facts.errFirst).toBe(10)
    expect(Buffer.from(facts.sample, 'hex').toString()).toMatch(/out\n/)
    expect(Buffer.from(facts.sample, 'hex').toString()).toMatch(/err\n/)
  })

  test('cut é and 日 where they like: a decoder that forgets breaks them', async () => {
    const { facts } = await experimentAt(utf8InTwo, place())
    expect(facts.payloads).toEqual(['c3', 'a9e697', 'a50a'])
    expect(facts.streaming).toBe('é日\n')
    expect(facts.apart).not.toContain('é')
    expect(facts.apart).not.toContain('日')
  })

  test('make a command wait whose output is not read, and keep nothing for it', async () => {
    const { facts } = await experimentAt(nobodyReads, place())
    expect(facts.blocked).toEqual(running)
    // A busy machine reads a few more chunks before the no has its effect.
    expect(facts.taken).toBeLessThanOrEqual(1024 * 1024)
    expect(facts.finished).toEqual(ended(0))
    expect(facts.kept).toBeGreaterThan(32 * 1024 * 1024)
  })

  test('carry Ctrl-C as a byte, which reaches nobody without -i', async () => {
    const { facts } = await experimentAt(ctrlCWithoutI, place())
    expect(facts.without).toEqual({ shown: 'ready\r\n', note: running })
    expect(facts.attached.note).toEqual(ended(130))
    expect(facts.attached.shown).toContain('^C')
  })

  test('hold a ctrl-p back, and send all three keys of ctrl-p ctrl-p ctrl-q', async () => {
    const { facts } = await experimentAt(ctrlPHeldBack, place())
    expect(facts.afterEach).toEqual(['', '1010', '101011'])
    expect(facts.exitCode).toBe(130)
  })

  test('keep the detach keys from the daemon, and the command lives on', async () => {
    const { facts } = await experimentAt(detachKeys, place())
    expect(facts).toEqual({
      sent: '61',
      message: 'read escape sequence',
      exitCode: 1,
      note: running,
    })
  })
})

describe('the copy loops, on a daemon that misbehaves', () => {
  test('put a header together that comes in two pieces; dropping 8 bytes of each read does not', async () => {
    const { facts } = await experimentWithFault(headerInTwo)
    expect(facts.reads.some((hex) => hex.length === 8)).toBe(true)
    expect(facts.whole).toBe('hello\n')
    expect(facts.naive).not.toBe('hello\n')
    expect(facts.everyCut).toEqual(Array.from({ length: 7 }, () => 'hello\n'))
  })

  test('stop at a stream that there is not', async () => {
    const { facts } = await experimentWithFault(unknownStream)
    expect(facts.start).toMatch(/^07/)
    expect(facts.error).toBe('Unrecognized input header: 7')
    expect(facts.shownByOthers).toBe('hello\n')
  })

  test('keep no more than one portion for a daemon that reads slowly', async () => {
    const { facts } = await experimentWithFault(slowReader)
    expect(facts.waiting).toBeGreaterThan(4 * 1024 * 1024)
    expect(facts.most).toBeLessThanOrEqual(64 * 1024)
    expect(facts.takenFromSecond).toBeGreaterThan(64 * 1024)
  })

  test('do not take a connection that broke for a success', async () => {
    const { facts } = await experimentWithFault(reset)
    expect(facts.shown).toBe('out\n')
    expect(facts.note).toEqual(running)
    expect(facts.exitCode).toBe(1)
    expect(facts.message).not.toBe('')
  })

  test('give everything back: no folder, no socket and no process is left', async () => {
    const { files, opened } = watchBelongings()
    await experimentWithFault(headerInTwo)
    await experimentWithFault(slowReader)
    await experimentWithFault(reset)
    expect(files()).toEqual([])
    // A socket that was destroyed is closed in the next turn of the event loop.
    await expect.poll(() => opened()).toEqual([])
  })
})
