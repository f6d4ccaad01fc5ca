/**
 * The pages of the chapters: the whole file, the whole run, and every id
 * once.
 *
 * @module
 */

import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { chapterData, chapterPages, recordedRuns } from '../../chapters/commands/site-chapters.ts'
import { loadHighlighter } from '../../src/site/highlight.ts'
import type { SitePage } from '../../src/site/page-shell.ts'
import type { LabelledTape } from '../../src/site/run-part.ts'
import { sourceRows } from '../../src/site/source-rows.ts'
import { wholeClientPage } from '../../src/site/whole-client.ts'
import { momentsOf } from '../../src/tape/moments.ts'
import { partsOf } from '../../src/tape/parts.ts'
import { readTape } from '../../src/tape/read.ts'

const chapters = chapterData({ referencesIn: () => [] }, [])
let pages: readonly SitePage[] = []

beforeAll(async () => {
  await loadHighlighter()
  pages = chapterPages(chapters, recordedRuns())
})

/** The text of some HTML. */
function textOf(html: string): string {
  const entities: Readonly<Record<string, string>> = {
    ...{ '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' },
  }
  return html.replace(/<[^>]*>/g, '').replace(/&[#\w]+;/g, (entity) => entities[entity] ?? entity)
}

function idsIn({ main }: SitePage): string[] {
  return [...main.html.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id)
}

function momentsShown(shown: readonly SitePage[], run: string): string[] {
  const ids = shown.flatMap(idsIn)
  return ids.filter((id) => new RegExp(`^${run}-\\d+$`).test(id)).sort()
}

describe.each(chapters.map((chapter, at) => ({ chapter, at, number: chapter.number })))(
  'the page of chapter $number',
  ({ chapter, at }) => {
    test('has the code of every row of its file', () => {
      const text = textOf(pages[at]?.main.html ?? '')
      for (const { code } of sourceRows(chapter.source, chapter.file)) expect(text).toContain(code)
    })

    test('has every id once, and a target for every link and button in it', () => {
      const page = pages[at]
      const ids = page ? idsIn(page) : []
      expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([])
      const used = [...(page?.main.html ?? '').matchAll(/(?:href="#|popovertarget=")([^"]+)"/g)]
      expect(used.length).toBeGreaterThan(5)
      for (const [, id = ''] of used) expect(ids).toContain(id)
    })

    test('has the commands that predict, break and solve it', () => {
      const text = textOf(pages[at]?.main.html ?? '')
      for (const { name } of chapter.experiments) expect(text).toContain(`--experiment ${name}`)
      for (const { words } of chapter.exercises) expect(text).toContain(`npm run check ${words}`)
      for (const { question } of chapter.questions) expect(text).toContain(question)
    })
  },
)

describe('every moment of a run is on exactly one page, in exactly one row', () => {
  test('the run with a terminal', () => {
    const [first] = recordedRuns()
    const owned = partsOf(momentsOf(first?.tape.events ?? []))
    const expected = owned.map(({ moment }) => `run-1-${moment.number}`).sort()
    expect(momentsShown(pages, 'run-1')).toEqual(expected)
  })

  test('a run without a terminal, if it is the only one', () => {
    const tape = readTape(join('docs', 'tapes', 'podman-pipes.tape'))
    const own = chapterPages(chapters, [{ label: 'of yours', tape }])
    const expected = partsOf(momentsOf(tape.events)).map(({ moment }) => `run-1-${moment.number}`)
    expect(momentsShown(own, 'run-1')).toEqual(expected.sort())
  })
})

test('a run that failed early has its pages too, and they say what is missing', () => {
  const tape = readTape(join('docs', 'tapes', 'fault-create-404.tape'))
  const own: LabelledTape[] = [{ label: 'of yours', tape }]
  const shown = chapterPages(chapters, own).map(({ main }) => textOf(main.html))
  expect(shown[0]).toContain('404')
  expect(shown[0]).toContain('did not finish')
  expect(shown[4]).toContain('never reached chapter 5')
})

test('the whole client has the code of all seven files', () => {
  const page = wholeClientPage(chapters)
  const text = textOf(page.main.html)
  for (const { source } of chapters) {
    const code = source.slice(source.indexOf('*/') + 2).trim()
    expect(text).toContain(code)
  }
})
