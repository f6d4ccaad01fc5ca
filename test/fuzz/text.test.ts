/**
 * Text on the screen and on a tape: it fits, loses nothing, runs nothing, and
 * shows no secret.
 *
 * @module
 */

import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { maskBody, maskEvent, maskHeaders } from '../../src/tape/mask.ts'
import { printable, printableLine } from '../../src/text/printable.ts'
import { cutText, hangingLines, padText, widthOf, wrapText } from '../../src/text/width.ts'
import { fuzz, nastyText } from '../support/fuzz.ts'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

function graphemesOf(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment)
}

/** What people see: text from a daemon is made printable first. */
const shownText = nastyText.map(printable)
const words = fc.lorem({ maxCount: 12, mode: 'words' })
const anyText = fc.oneof(
  shownText,
  fc.array(fc.oneof(words, shownText), { maxLength: 5 }).map((parts) => parts.join(' ')),
)
const width = fc.integer({ min: 2, max: 90 })

/** Without the blanks, which may be lost at the end of a line. */
function bare(text: string): string {
  return text.replaceAll(/[ \n]/g, '')
}

describe('text in columns', () => {
  type Column = readonly [text: string, width: number]
  const column: fc.Arbitrary<Column> = fc.tuple(anyText, width)

  fuzz(
    'is wrapped without a line too long or a character lost or split',
    column,
    ([text, columns]) => {
      const lines = wrapText(text, columns)
      expect(lines.filter((line) => widthOf(line) > columns)).toEqual([])
      expect(bare(lines.join(''))).toBe(bare(text))
      const isBlank = (each: string): boolean => each.trim() !== ''
      expect(lines.flatMap(graphemesOf).filter(isBlank)).toEqual(
        text.split('\n').flatMap(graphemesOf).filter(isBlank),
      )
    },
    { found: [['sed \u200d', 3]] },
  )

  fuzz(
    'hangs after a mark and fits',
    fc.tuple(shownText, anyText, fc.integer({ min: 12, max: 90 })),
    ([mark, text, columns]) => {
      const one = mark.replaceAll('\n', '')
      const lines = hangingLines(one, text, columns)
      expect(lines.filter((line) => widthOf(line) > columns)).toEqual([])
      expect(bare(lines.join(''))).toBe(bare(one + text))
    },
  )

  fuzz(
    'is cut to its width, between characters',
    column,
    ([text, columns]) => {
      const line = text.replaceAll('\n', '')
      const cut = cutText(line, columns)
      expect(widthOf(cut)).toBeLessThanOrEqual(columns)
      if (cut === line) return
      expect(cut.endsWith('…')).toBe(true)
      const kept = graphemesOf(cut.slice(0, -1))
      expect(kept).toEqual(graphemesOf(line).slice(0, kept.length))
    },
    { found: [['世a', 2]] },
  )

  fuzz('is padded to its width', column, ([text, columns]) => {
    const line = text.replaceAll('\n', '')
    expect(widthOf(padText(line, columns))).toBe(Math.max(columns, widthOf(line)))
  })
})

describe('text from a daemon', () => {
  fuzz('has no control character left, and one line stays one', nastyText, (text) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters.
    expect(printable(text)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
    expect(printableLine(text)).not.toContain('\n')
    expect(printable(printable(text))).toBe(printable(text))
  })
})

describe('a secret', () => {
  const secret = fc
    .string({ unit: fc.constantFrom(...'abcdefXYZ0123456789'), minLength: 12, maxLength: 24 })
    .map((text) => `s3cr3t${text}`)
  const name = fc.constantFrom(
    ...['TOKEN', 'MY_SECRET', 'db_password', 'API_KEY', 'apikey', 'access-key', 'GITHUB_TOKEN'],
  )
  type Told = readonly [secret: string, name: string, more: string]
  const told: fc.Arbitrary<Told> = fc.tuple(secret, name, nastyText)

  fuzz(
    'in a variable is in no body, whatever stands beside it',
    told,
    ([hidden, name, more]) => {
      const body = { Env: [`${more}=${hidden}`, `A=${more}${hidden}`], Cmd: ['sh'], [more]: more }
      for (const text of [
        JSON.stringify(body),
        JSON.stringify({ Config: body }),
        `${JSON.stringify(body)}\n`,
      ]) {
        expect(maskBody(text)).not.toContain(hidden)
      }
      const tagged = JSON.stringify({
        [name]: hidden,
        Cmd: ['x', `--${name}`, hidden, `${name}=${hidden}`],
      })
      expect(maskBody(tagged)).not.toContain(hidden)
    },
    { found: [['s3cr3taaaaaaaaaaaa', 'API_KEY', '']] },
  )

  fuzz('in a header is on no tape', told, ([hidden, name, more]) => {
    const headers = [
      ['Authorization', `Bearer ${hidden}`],
      [`X-${name}`, `${more}${hidden}`],
      [more, hidden],
      ['Host', 'docker'],
    ] as const
    expect(JSON.stringify(maskHeaders(headers, 'request'))).not.toContain(hidden)
  })

  fuzz('in a state is on no tape', told, ([hidden, name, more]) => {
    const state = { container: 'box', env: [`${more}=${hidden}`, `X=${hidden}`], [name]: hidden }
    const begins = {
      kind: 'stage begins',
      number: 1,
      name: 'x',
      title: '',
      question: '',
      state,
    } as const
    expect(JSON.stringify(maskEvent(begins))).not.toContain(hidden)
  })

  fuzz(
    'is searched for in any text within a moment',
    fc.tuple(nastyText, fc.integer({ min: 1, max: 4000 })),
    ([text, times]) => {
      const began = performance.now()
      maskBody(text.repeat(times))
      maskBody(`{${text.repeat(times)}`)
      expect(performance.now() - began).toBeLessThan(2000)
    },
    { runs: 60 },
  )
})
