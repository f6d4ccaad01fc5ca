/**
 * docs/symptoms.md: the tape of an entry shows the symptom, its marked bytes
 * are the guilty ones, and its lines print what the page says.
 *
 * With WORKBOOK_UPDATE=1 and an engine, the tapes are recorded again.
 *
 * @module
 */

import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { wireBytesOf } from '../../src/tape/message-bytes.ts'
import { describeWithEngine, isPodman } from '../support/engine.ts'
import { findOnPath } from '../support/image.ts'
import { root } from '../support/scripts.ts'
import { pattern } from './blocks.ts'
import { readPage } from './page.ts'
import { symptomEntries as entries, symptomsPage as page } from './symptom-entries.ts'
import { exitCodeOf, printedBy } from './symptom-lines.ts'
import { eventsOf, recordRun, symptomRuns } from './symptom-runs.ts'

const tapePath = (name: string): string => join('docs', 'tapes', `symptom-${name}.tape`)

/** The recorded bytes that the page shows. */
const shown = [
  ...readPage(page).matchAll(
    /^<!-- tape: symptom-([\w-]+) ([\w-]+) (\d+)(?: mark (\d+)-(\d+))? -->$/gm,
  ),
].map(([, name = '', kind = '', number, from = 0, to = 0]) => ({
  name,
  kind,
  number: Number(number),
  from: Number(from),
  to: Number(to),
}))

describe('the marked bytes', () => {
  test.each(shown)('of $name are the guilty ones, in $kind $number', ({ name, ...mark }) => {
    const events = eventsOf(readPage(tapePath(name))).filter(({ kind }) => kind === mark.kind)
    const event = events[mark.number - 1]
    if (!event) throw new Error(`the tape has no ${mark.kind} ${mark.number}`)
    const bytes = wireBytesOf(event)
    expect(mark.to).toBeLessThanOrEqual(bytes.length)
    const guilty = symptomRuns.find((run) => run.name === name)?.guilty
    expect(guilty).toContainEqual({
      kind: mark.kind,
      bytes: bytes.subarray(mark.from, mark.to).toString('latin1'),
    })
  })

  test('of every run are on the page', () => {
    const wanted = symptomRuns.flatMap(({ name, guilty }) => guilty.map(({ kind }) => [name, kind]))
    expect(shown.map(({ name, kind }) => [name, kind]).sort()).toEqual(wanted.sort())
  })
})

describe('a tape', () => {
  test.each(symptomRuns)('$name shows the symptom', ({ name, shows }) => {
    expect(shows(eventsOf(readPage(tapePath(name))))).toBe(true)
  })

  test.each(symptomRuns)('$name is small, and has no trace of a machine', ({ name }) => {
    const text = readPage(tapePath(name))
    expect(text.length).toBeLessThan(30_000)
    expect(text).not.toMatch(/\/tmp\//)
  })

  test('belongs to a run', () => {
    const tapes = readdirSync(join(root, 'docs', 'tapes')).filter((file) => /^symptom-/.test(file))
    expect(tapes.sort()).toEqual(symptomRuns.map(({ name }) => `symptom-${name}.tape`).sort())
  })
})

describeWithEngine('a run of today shows the symptom', (engine) => {
  test.for(symptomRuns)('$name', async (run, context) => {
    if (run.podman && isPodman(engine)) context.skip(run.podman)
    const text = await recordRun(run, engine.host)
    const isNew = process.env.WORKBOOK_UPDATE === '1' || !existsSync(join(root, tapePath(run.name)))
    expect(run.shows(eventsOf(text)), text).toBe(true)
    if (isNew) writeFileSync(join(root, tapePath(run.name)), text)
  })
})

/** The cells of a table's rows, without its two head lines. */
function rowsOf(text: string): string[][] {
  return [...text.matchAll(/^\|(.*)\|$/gm)]
    .slice(2)
    .map(([, row = '']) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()))
}

/** What a cell says is printed: its code, one line for each. */
const codeIn = (cell = ''): string =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code).join('\n')

/** The lines of an entry, with the places to run them and what they print. */
const lines = entries.flatMap(({ title, text }) =>
  [...text.matchAll(/<!-- run in: (.+) -->\n\n```sh\n(.+)\n```\n([\s\S]*)/g)].flatMap(
    ([, settings = '', line = '', rest = '']) =>
      settings.split(' | ').map((setting, row) => ({
        title,
        setting,
        line,
        prints: codeIn(rowsOf(rest)[row]?.[0]),
      })),
  ),
)

const codes = entries.flatMap(({ text }) => {
  const [, table = ''] = text.split('<!-- run codes -->')
  return rowsOf(table).map(([code, , line]) => ({ code: Number(code), line: codeIn(line) }))
})

const missing = ['docker', 'curl', 'ss'].filter((name) => !findOnPath(name))

describeWithEngine('a line', (engine) => {
  describe.skipIf(missing.length > 0)(
    missing.length > 0 ? `(${missing.join(', ')} not installed)` : 'that a reader types',
    () => {
      test.for(lines)('of "$title" prints what the page says: $setting', async (each, context) => {
        if (each.prints.includes('No such exec instance') && isPodman(engine)) {
          context.skip('Podman says it in other words')
        }
        const printed = await printedBy(each.line, each.setting, engine)
        expect(printed).toMatch(pattern(each.prints))
      })

      test.each(codes)('exits with $code: $line', async ({ code, line }) => {
        expect(await exitCodeOf(line, engine)).toBe(code)
      })
    },
  )
})
