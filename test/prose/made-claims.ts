/**
 * The claims that the chapters make about a daemon.
 *
 * @module
 */

import { join } from 'node:path'
import { chapterFolders } from '../../chapters/commands/chapter-folders.ts'
import { readPage } from './page.ts'

/** The pages that make claims. */
export const chapterPages = chapterFolders.map(({ folder }) => join('chapters', folder, 'stage.ts'))

/** A claim as a page makes it. */
export type MadeClaim = {
  readonly page: string
  readonly name: string
  /** What the page asserts: `404`. Undefined for a claim without a value. */
  readonly value: string | undefined
  /** The paragraph that makes the claim, in one line. */
  readonly paragraph: string
}

/** Matches the comment that marks a claim. */
export const claimMarker = /<!-- claims: (.*?) -->/g

/**
 * The claims of a page. A paragraph ends at a line without text and where a
 * list item begins.
 */
function claimsOf(page: string): MadeClaim[] {
  const text = readPage(page).replaceAll(/^ *(?:\/\*\*|\*\/|\*) ?/gm, '')
  return text.split(/\n\s*\n|\n(?= *- )/).flatMap((whole) => {
    const paragraph = whole.replaceAll(claimMarker, '').replaceAll(/\s+/g, ' ')
    return [...whole.matchAll(claimMarker)]
      .flatMap(([, list = '']) => list.split(', '))
      .map((claim) => {
        const [, name = '', value] = /^(\S+)(?: (.+))?$/.exec(claim) ?? []
        return { page, name, value, paragraph }
      })
  })
}

/** All claims of the chapters. */
export const madeClaims = chapterPages.flatMap(claimsOf)
