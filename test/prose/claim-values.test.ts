/**
 * A chapter names the value of each claim that it makes about a daemon, and
 * every status and exit code in it is one that a test checks.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { blocksOf, moduleComment } from './blocks.ts'
import { chapterPages, claimMarker, madeClaims } from './made-claims.ts'

test.each(madeClaims.filter(({ value }) => value !== undefined))(
  '$page names the value of its claim $name: $value',
  ({ value = '', paragraph }) => expect(paragraph).toMatch(new RegExp(`(?<!\\w)${value}(?!\\w)`)),
)

/**
 * Statuses and exit codes. Other numbers of three digits are sizes and
 * counts.
 */
const codes = /(?<![\d.])(101|200|201|400|404|409|500|126|127|130|137|143|255)(?!\d|\.\d)/g

describe('a page has no status and no exit code that is unchecked', () => {
  test.each(chapterPages)('%s', (page) => {
    const drawn = blocksOf(page).flatMap(({ lines }) => lines)
    const claimed = madeClaims.filter((claim) => claim.page === page).map(({ value }) => value)
    const checked = [...drawn, ...claimed].join('\n')
    const named = [...moduleComment(page).replaceAll(claimMarker, '').matchAll(codes)].map(
      ([code]) => code,
    )
    // A code that is missing here needs a claim in the page and a check in
    // test/prose/claims.ts.
    expect([...new Set(named)].filter((code) => !checked.includes(code))).toEqual([])
  })
})
