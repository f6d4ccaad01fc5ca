/**
 * The picture of a tape: what the session wrote, with its wire beside it.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { screenSvg } from '../../src/beside/screen-svg.ts'
import { readTape } from '../../src/tape/read.ts'
import { expectPage } from '../prose/page.ts'
import { hostileTape, hostileText, pipeTape, terminalTape } from '../support/tapes.ts'

/** The text of a picture, piece by piece. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = '']) =>
    text.replaceAll('\u00a0', ' '),
  )
}

test('shows the screen of a terminal session and the requests beside it', async () => {
  const texts = textsOf(await screenSvg(terminalTape()))
  expect(texts).toEqual(
    expect.arrayContaining([expect.stringMatching(/^# ls/), expect.stringMatching(/GET .*\/json/)]),
  )
})

test('shows the payloads of a session without a tty, not its frames', async () => {
  const svg = await screenSvg(pipeTape())
  expect(textsOf(svg).length).toBeGreaterThan(5)
  expect(svg).not.toContain('\u0001')
})

test('shows markup in a tape as text', async () => {
  const svg = await screenSvg(hostileTape())
  expect(hostileText).toContain('<')
  expect(svg).not.toContain('<script')
  expect(svg.match(/<(?!\/?(svg|title|rect|g|text)\b)/)).toBeNull()
})

test('gives each piece of text its width, whatever font the reader has', async () => {
  const svg = await screenSvg(terminalTape())
  const pieces = svg.match(/<text /g) ?? []
  expect(svg.match(/textLength="[\d.]+"/g)).toHaveLength(pieces.length)
})

test('the picture in the README is that of its tape', async () => {
  expectPage('docs/run.svg', await screenSvg(readTape('docs/run.tape')))
})
