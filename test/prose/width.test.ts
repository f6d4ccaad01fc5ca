/**
 * Prose in source files fits a terminal of 80 columns.
 *
 * @module
 */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { widthOf } from '../../src/text/width.ts'
import { root } from '../support/scripts.ts'
import { readPage } from './page.ts'

const widest = 78

/** A line that has nothing but a comment. A directive cannot be broken. */
const comment = /^ *(\/\*\*|\*|\/\/) (?!biome-ignore)/

test('no comment is wider than 78 columns', () => {
  const files = ['src', 'chapters'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((name) => name.endsWith('.ts') && !name.startsWith(join('chapters', 'mine'))),
  )
  const wide = files.flatMap((file) => {
    let isDrawing = false
    return readPage(file)
      .split('\n')
      .flatMap((line, at) => {
        if (/^ *\* ```/.test(line)) isDrawing = !isDrawing
        const isProse = comment.test(line) && !isDrawing
        return isProse && widthOf(line) > widest ? [`${file}:${at + 1}`] : []
      })
  })
  expect(files.length).toBeGreaterThan(200)
  expect(wide).toEqual([])
})
