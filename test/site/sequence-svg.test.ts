/**
 * The sequence diagram as SVG: real text, words for screen readers, narrow.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { sequenceSvg } from '../../src/site/sequence-svg.ts'
import { momentsOf } from '../../src/tape/moments.ts'
import { pipeTape, terminalTape } from '../support/tapes.ts'

test.each([
  ['in a terminal', terminalTape()],
  ['in a pipe', pipeTape()],
])('says everything twice, in the picture and in its description: %s', (_, tape) => {
  const { html } = sequenceSvg(momentsOf(tape.events), 'd', 'A run')
  expect(html).toContain('aria-labelledby="d-title d-words"')
  const description = /<desc[^>]*>([^<]*)/.exec(html)?.[1] ?? ''
  const texts = [...html.matchAll(/<text x[^>]*>([^<]*)/g)].map(([, text = '']) => text)
  expect(texts.length).toBeGreaterThan(5)
  for (const text of texts) expect(description).toContain(text)
})

test('fits a phone: no text begins outside, and no line has more than 45 characters', () => {
  const { html } = sequenceSvg(momentsOf(terminalTape().events), 'd', 'A run')
  const [, width = 0] = /viewBox="0 0 (\d+)/.exec(html) ?? []
  expect(Number(width)).toBeLessThan(350)
  for (const [, x, text = ''] of html.matchAll(/<text x="([^"]+)"[^>]*>([^<]*)/g)) {
    expect(Number(x)).toBeGreaterThan(0)
    expect(text.replace(/&#?\w+;/g, 'x').length).toBeLessThanOrEqual(45)
  }
})

test('draws nothing for a part in which nothing happened', () => {
  expect(sequenceSvg([], 'd', 'A run').html).toBe('')
})
