/**
 * The parts of a run: each event belongs to the code that causes it.
 *
 * @module
 */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chapterFolders } from '../../chapters/commands/chapter-folders.ts'
import { momentsOf } from '../../src/tape/moments.ts'
import { partsOf } from '../../src/tape/parts.ts'
import { readTape } from '../../src/tape/read.ts'
import { pipeTape, terminalTape } from '../support/tapes.ts'

const folder = 'docs/tapes'
const tapes = readdirSync(folder).filter((name) => name.endsWith('.tape'))

/** The kinds of events that are told at the beginning and end of a stage. */
const aroundStages = ['stage begins', 'stage ended', 'teardown', 'frame']

describe('every moment of a run has one part', () => {
  test.each(tapes)('%s', (name) => {
    const moments = momentsOf(readTape(join(folder, name)).events)
    const expected = moments.filter(({ event }) => !aroundStages.includes(event.kind))
    expect(partsOf(moments).map(({ moment }) => moment)).toEqual(expected)
  })
})

test('each part is shown beside exactly one declaration of one chapter', () => {
  const shown = chapterFolders.flatMap(({ rows }) =>
    Object.values(rows).flatMap(({ scenes = [] }) => scenes),
  )
  expect(new Set(shown).size).toBe(shown.length)
  const all = tapes.flatMap((name) => partsOf(momentsOf(readTape(join(folder, name)).events)))
  const parts = new Set(all.map(({ part }) => part))
  parts.delete('teardown')
  for (const part of parts) expect(shown).toContain(part)
})

test('what arrives with the 101 belongs to the code that takes early bytes', () => {
  const { events } = readTape(join(folder, 'fault-early-output.tape'))
  const early = partsOf(momentsOf(events)).filter(({ part }) => part === 'early bytes')
  expect(early.map(({ moment }) => moment.event.kind)).toEqual(['received'])
})

test('the bytes of a session belong to the copy loops while later stages run', () => {
  const partsIn = (tape = terminalTape()): string[] =>
    partsOf(momentsOf(tape.events)).map(({ part, moment }) => `${moment.event.kind}: ${part}`)
  expect(partsIn()).toEqual(expect.arrayContaining(['sent: session', 'received: session']))
  expect(partsIn(pipeTape())).toEqual(expect.arrayContaining(['sent: input', 'received: frames']))
})
