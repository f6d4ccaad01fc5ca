/**
 * A program that shows two pages in the viewer and prints the key that closed
 * it, for tests of the keys.
 *
 * @module
 */

import { createScope } from '../../src/course/scope.ts'
import { type ViewedPage, viewPages } from '../../src/menus/viewer.ts'
import { plainStyle } from '../../src/text/style.ts'

const numbered = (word: string, count: number, end = ''): string[] =>
  Array.from({ length: count }, (_, at) => `${word} ${at + 1}${end}`)

const views: ViewedPage['views'] = [
  {
    name: 'wire',
    lines: (_, isOpen) => numbered('line', 60, isOpen ? ', open' : ''),
    opens: 'bodies',
  },
  { name: 'source', lines: () => numbered('code', 40), beginsAt: () => 9 },
]

const pages = [
  { title: 'stage one', views },
  { title: 'stage two', views },
]

viewPages(pages, 0, plainStyle, createScope()).then((key) => {
  process.stdout.write(`ended by ${key}\n`)
})
