/**
 * A source file in rows: every line is in exactly one of them.
 *
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { proseOf, sourceRows } from '../../src/site/source-rows.ts'

const files = [
  ...readdirSync('src', { recursive: true, encoding: 'utf8' }).map((file) => join('src', file)),
  ...readdirSync('chapters', { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.startsWith('mine'))
    .map((file) => join('chapters', file)),
].filter((file) => file.endsWith('.ts'))

test.each(files)('every line of %s is in exactly one row', (file) => {
  const text = readFileSync(file, 'utf8')
  const lines = text.split('\n')
  const rows = sourceRows(text, file)
  const shown = lines.map(() => 0)
  for (const { from, to, code, codeAt } of rows) {
    for (let line = from; line <= to; line += 1) shown[line - 1] = (shown[line - 1] ?? 0) + 1
    expect(text.slice(codeAt, codeAt + code.length)).toBe(code)
  }
  for (const [at, line] of lines.entries()) {
    if (line.trim() !== '') expect(shown[at], `line ${at + 1}`).toBe(1)
    else expect(shown[at]).toBeLessThanOrEqual(1)
  }
})

describe('a stage', () => {
  const rows = sourceRows(readFileSync('chapters/03-hijack/stage.ts', 'utf8'), 'stage.ts')

  test('is its comment, its imports, and a row for each declaration in order', () => {
    expect(rows.map(({ kind, name }) => name || kind)).toEqual([
      ...['module', 'imports', 'Framing', 'Hijacked', 'keepAliveDelay', 'hijack'],
      ...['takeEarlyBytes', 'isTcp', 'notUpgraded'],
    ])
  })

  test('has its docstrings as prose, and the comments inside its code in the code', () => {
    const hijack = rows.find(({ name }) => name === 'hijack')
    expect(hijack?.prose).toBe('Chapter 3: sends nothing. It takes the socket and prepares it.')
    expect(hijack?.code).toMatch(/^export const hijack[\s\S]*\/\/ When the daemon ends[\s\S]*\}$/)
    expect(rows[0]?.prose).toMatch(/^# 3 Hijack/)
    expect(rows[0]?.code).toBe('')
  })
})

test('prose has no stars, no marks for our tests, and its tags in words', () => {
  const comment = `/**
 * Sends it.
 * <!-- claims: sent 200 -->
 *
 * \`\`\`text
 *   a  → b
 * \`\`\`
 *
 * @param size - the {@link Size} to send
 * @returns false if it was refused
 */`
  expect(proseOf(comment)).toBe(
    'Sends it.\n\n```text\na  → b\n```\n\n`size`: the `Size` to send\n\nReturns false if it was refused.',
  )
})
