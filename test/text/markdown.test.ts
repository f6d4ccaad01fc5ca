/**
 * The lesson pages: how they look on the screen, and their links.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lessons } from '../../chapters/commands/chapter-folders.ts'
import { anchorOf } from '../../src/site/links.ts'
import { pageLines } from '../../src/text/markdown.ts'
import { plainStyle } from '../../src/text/style.ts'
import { root } from '../support/scripts.ts'

const pages = lessons().map(({ depth }) => depth)
const glossary = readFileSync(join(root, 'docs', 'glossary.md'), 'utf8')

test('a page is shown without markup and with its lists', () => {
  const text = '# A title\n\nSome **bold** text,\nand [a link](there.md).\n\n- one\n  more\n- two'
  expect(pageLines(text, 40, plainStyle)).toEqual([
    ...['A title', '', 'Some bold text, and a link.', '', '- one more', '- two', ''],
  ])
})

test('code and bold text stay bold across a line break', () => {
  const style = { ...plainStyle, bold: (text: string) => `<${text}>` }
  const text = 'Run `npm run chapter 4` and **read all of it**, [`stty`](there.md).\n\n- a `b` c'
  expect(pageLines(text, 16, style)).toEqual([
    ...['Run <npm run>', '<chapter 4> and', '<read all of it>,', '<stty>.', '', '- a <b> c', ''],
  ])
})

test('each chapter has exactly one lesson page', () => {
  const found = readdirSync(join(root, 'chapters'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('lesson.md'))
    .map((name) => join(root, 'chapters', name))
  expect(found.sort()).toEqual([...pages].sort())
})

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8')

  test('has the five parts of a lesson', () => {
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
    expect(headings[0]).toBe('The story in five minutes')
    expect(headings[1]).toBe('In docker, 2015 and today')
    expect(headings[2]).toMatch(/^Design note: /)
    expect(headings.slice(3)).toEqual(['Open questions', 'Terms'])
  })

  test('fits into 40 columns', () => {
    const lines = pageLines(text, 40, plainStyle)
    expect(lines.filter((line) => line.length > 40)).toEqual([])
  })

  test('links only to existing files and headings', () => {
    for (const [, path = '', term] of text.matchAll(/\]\(([^)#]+)(?:#([^)]+))?\)/g)) {
      expect(existsSync(join(page, '..', path)), path).toBe(true)
      if (term === undefined) continue
      const linked = readFileSync(join(page, '..', path), 'utf8')
      const anchors = [...linked.matchAll(/^##+ (.*)$/gm)].map(([, heading = '']) =>
        anchorOf(heading),
      )
      expect(anchors).toContain(term)
    }
  })
})

test('each term of the glossary has a source', () => {
  const entries = glossary.split(/^## /m).slice(1)
  expect(entries.length).toBeGreaterThan(20)
  for (const entry of entries) expect(entry).toMatch(/\nSource: \S/)
})
