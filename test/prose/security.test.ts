/**
 * Each promise in `docs/security.md` names a test that exists.
 *
 * @module
 */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../support/scripts.ts'

const page = readFileSync(join(root, 'docs/security.md'), 'utf8')

/** The rows of the tables: a promise, the file of its test, and the title. */
const promises = [...page.matchAll(/^\| (?!promise|---)(.+?) \| (?:`([^`]+)`: (.+?))? ?\|$/gm)]

test('every row of a table names a test', () => {
  const rows = page.split('\n').filter((line) => /^\| (?!promise|---)/.test(line))
  expect(promises.map(([row]) => row)).toEqual(rows)
  expect(rows.length).toBeGreaterThan(20)
})

test.each(promises.map(([, promise, file, title]) => ({ promise, file, title })))(
  'the test of this promise exists: $promise',
  ({ file = '', title = '' }) => {
    expect(existsSync(join(root, file)), file).toBe(true)
    const source = readFileSync(join(root, file), 'utf8')
    expect([`'${title}',`, `\`${title}\`,`].some((quoted) => source.includes(quoted))).toBe(true)
  },
)
