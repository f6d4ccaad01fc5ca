/**
 * Compares pages with runs. With this variable set, the tests write the pages instead:
 *
 * ```sh
 * WORKBOOK_UPDATE=1 npm test -- prose
 * ```
 *
 * @module
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { root } from '../support/scripts.ts'

const writes = process.env.WORKBOOK_UPDATE === '1'

const advice = 'If the change is intended: WORKBOOK_UPDATE=1 npm test -- prose'

/** A file of the project, by its path in it. */
export function readPage(path: string): string {
  const whole = join(root, path)
  return existsSync(whole) ? readFileSync(whole, 'utf8') : ''
}

/** Expects a file of the project to have this text, or writes it. */
export function expectPage(path: string, text: string): void {
  if (writes && readPage(path) !== text) writeFileSync(join(root, path), text)
  expect(readPage(path), `${path} differs from a run. ${advice}`).toBe(text)
}

/** Expects this text between a page's markers of this name, or writes it. */
export function expectPart(path: string, name: string, text: string): void {
  const page = readPage(path)
  const begin = `<!-- generated: ${name} -->\n`
  const end = '<!-- end -->'
  const from = page.indexOf(begin)
  const to = page.indexOf(end, from)
  expect(from >= 0 && to >= 0, `${path} has no part ${name} between markers`).toBe(true)
  expectPage(path, `${page.slice(0, from)}${begin}\n${text}\n\n${page.slice(to)}`)
}
