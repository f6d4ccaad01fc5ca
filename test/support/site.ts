/**
 * The site without the API reference, built for the tests.
 *
 * @module
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join, sep } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { root } from '../../chapters/commands/paths.ts'
import { sitePages } from '../../chapters/commands/site-pages.ts'
import { writeSite } from '../../src/site/build.ts'
import { loadHighlighter } from '../../src/site/highlight.ts'
import { runFolder } from './folder.ts'

/** A page of the site as it is on the disk. */
export type WrittenPage = { readonly path: string; readonly text: string }

/** Builds the site once for each test run, and returns its folder. */
export async function builtSite(): Promise<string> {
  const folder = join(runFolder(), 'site')
  const part = `${folder}-part`
  try {
    mkdirSync(`${folder}-begun`)
  } catch {
    // Another test file has begun, or is done.
    while (!existsSync(folder)) await wait(200)
    return folder
  }
  await loadHighlighter()
  writeSite(part, sitePages(), root)
  renameSync(part, folder)
  return folder
}

/** Reads every page below a folder. */
export function writtenPages(folder: string): WrittenPage[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html'))
    .map((name) => ({
      path: name.replaceAll(sep, '/'),
      text: readFileSync(join(folder, name), 'utf8'),
    }))
}

/** An address in a page: of a link, a style, a script or a picture. */
export function addressesIn({ text }: WrittenPage): string[] {
  return [...text.matchAll(/<[a-z][^>]*?\s(?:href|src|data-index)="([^"]*)"/g)].map(
    ([, address = '']) => address.replaceAll('&amp;', '&'),
  )
}

/** The ids in a page. */
export function idsIn({ text }: WrittenPage): string[] {
  return [...text.matchAll(/<[a-z][^>]*?\sid="([^"]*)"/g)].map(([, id = '']) => id)
}
