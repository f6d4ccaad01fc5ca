/**
 * Code on the site: coloured by classes, with every character kept.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { highlighted, loadHighlighter, paletteCss, tokensIn } from '../../src/site/highlight.ts'

const source = readFileSync('chapters/03-hijack/stage.ts', 'utf8')

beforeAll(loadHighlighter)

describe('coloured code', () => {
  test.each(['ts', 'text'])('keeps every character and its offset: %s', (language) => {
    const lines = tokensIn(source, language)
    expect(lines.map((line) => line.map(({ text }) => text).join('')).join('\n')).toBe(source)
    for (const { text, offset } of lines.flat()) {
      expect(source.slice(offset, offset + text.length)).toBe(text)
    }
  })

  test('has a rule for each of its classes, and no inline style', () => {
    const shown = ['ts', 'json', 'sh']
      .map((language) => highlighted(source, language).html)
      .join('')
    const classes = new Set([...shown.matchAll(/class="(\w+)"/g)].map(([, name = '']) => name))
    expect(classes.size).toBeGreaterThan(4)
    for (const name of classes) expect(paletteCss()).toContain(`.${name} {`)
    expect(shown).not.toContain('style=')
  })

  test('shows markup in the code as text', () => {
    expect(highlighted('const a = "<b>&"', 'ts').html).not.toContain('<b>')
  })
})
