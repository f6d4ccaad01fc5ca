/**
 * Where tapes are saved, how many are kept, and who can read them.
 *
 * @module
 */

import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Tape } from '../../src/tape/event.ts'
import {
  keepTape,
  keptTapes,
  type TapeChoice,
  tapesFolder,
  tapesKept,
} from '../../src/tape/keep.ts'
import { readTape } from '../../src/tape/read.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'

const usual: TapeChoice = { keep: true, file: undefined, typed: false }

function tapeOf(second: number): Tape {
  return {
    head: {
      kind: 'tape',
      version: 2,
      made: new Date(Date.UTC(2026, 2, 1, 9, 30, second)).toISOString(),
      chapter: 4,
      stages: ['create', 'start', 'hijack', 'raw mode'],
      daemon: { product: 'Docker', version: '28.5.2', apiVersion: '1.50' },
      typed: true,
    },
    events: [
      { at: 1, kind: 'sent', length: 6, hex: '67656865696d', typed: true },
      { at: 2, kind: 'over', exitCode: null },
    ],
  }
}

let warnings: string[] = []
const warn = (line: string): void => void warnings.push(line)
const keep = (tape: Tape, choice = usual): string | undefined =>
  keepTape(tape, choice, 'unix:///var/run/docker.sock', warn)

let folder = ''
beforeEach(() => {
  folder = temporaryFolder('wbkeep')
  warnings = []
  vi.stubEnv('XDG_STATE_HOME', folder)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    removeFolder(folder)
  })
})

test('a saved tape has the date and chapter in its name and is readable only by its owner', () => {
  const file = keep(tapeOf(0)) ?? ''
  expect(file).toBe(join(tapesFolder(), '2026-03-01T09-30-00.000Z-chapter-4-raw-mode.tape'))
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(tapesFolder()).mode & 0o777).toBe(0o700)
  expect(warnings).toEqual([])
})

test('a saved tape contains typed input only on request', () => {
  const without = readTape(keep(tapeOf(0)) ?? '')
  expect([without.head.typed, without.events[0]]).toEqual([
    false,
    { at: 1, kind: 'sent', length: 6, typed: true },
  ])
  const typed = readTape(keep(tapeOf(1), { ...usual, typed: true }) ?? '')
  expect([typed.head.typed, typed.events]).toEqual([true, tapeOf(1).events])
})

test('saving removes the oldest tapes and no other files', () => {
  mkdirSync(tapesFolder(), { recursive: true })
  writeFileSync(join(tapesFolder(), 'my-own-notes.tape'), 'mine')
  for (let second = 0; second < tapesKept + 5; second += 1) keep(tapeOf(second))
  const kept = keptTapes()
  expect(kept).toHaveLength(tapesKept)
  expect(kept[0]).toContain(`T09-30-${tapesKept + 4}`)
  expect(kept.at(-1)).toContain('T09-30-05')
  expect(readdirSync(tapesFolder())).toHaveLength(tapesKept + 1)
  expect(readFileSync(join(tapesFolder(), 'my-own-notes.tape'), 'utf8')).toBe('mine')
})

test('no tape is saved if none is wanted', () => {
  expect(keep(tapeOf(0), { ...usual, keep: false })).toBeUndefined()
  expect(readdirSync(folder)).toEqual([])
})

describe('a file that the learner names', () => {
  const named = (name = 'mine.tape'): TapeChoice => ({ ...usual, file: join(folder, name) })

  test('is written instead, and overwritten by the next run', () => {
    const file = keep(tapeOf(0), named())
    expect(keep(tapeOf(1), named())).toBe(file)
    expect(readTape(file ?? '').head.made).toBe('2026-03-01T09:30:01.000Z')
    expect(readdirSync(folder)).toEqual(['mine.tape'])
  })

  test('is not overwritten if it is not a tape', () => {
    writeFileSync(join(folder, 'thesis.txt'), 'Chapter 1')
    expect(keep(tapeOf(0), named('thesis.txt'))).toBeUndefined()
    expect(readFileSync(join(folder, 'thesis.txt'), 'utf8')).toBe('Chapter 1')
    expect(warnings).toEqual([
      `Could not save the tape of this run: ${join(folder, 'thesis.txt')} already exists and is not a tape.`,
    ])
  })

  test('replaces a link to a tape, and follows no link to another file', () => {
    const [own, other] = [join(folder, 'own.tape'), join(folder, 'other')]
    keep(tapeOf(0), named('own.tape'))
    writeFileSync(other, 'Chapter 1')
    symlinkSync(own, join(folder, 'link.tape'))
    symlinkSync(other, join(folder, 'trap.tape'))
    expect(keep(tapeOf(1), named('link.tape'))).toBeDefined()
    expect(readTape(own).head.made).toBe('2026-03-01T09:30:00.000Z')
    expect(keep(tapeOf(1), named('trap.tape'))).toBeUndefined()
    expect(readFileSync(other, 'utf8')).toBe('Chapter 1')
  })

  test('causes a warning but no error if its folder does not exist', () => {
    expect(keep(tapeOf(0), named('no/such/folder.tape'))).toBeUndefined()
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^Could not save the tape of this run: .*no\/such/)
  })
})
