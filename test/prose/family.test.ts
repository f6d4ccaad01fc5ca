/**
 * `docs/family.md` lists the requests that docker's client sends.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { describeWithDockerd } from '../support/engine.ts'
import { familyParts, obstacle } from './family.ts'
import { expectPart } from './page.ts'

const page = 'docs/family.md'

describeWithDockerd(page, ({ host, image, owner }) => {
  test('shows the requests of docker run, attach, exec and logs, in order', async ({ skip }) => {
    const reason = obstacle()
    if (reason !== undefined) {
      console.warn(`${page}: ${reason}`)
      skip(reason)
    }
    const name = `wb-${owner}-${randomBytes(4).toString('hex')}`
    const parts = await familyParts({ host, image, name })
    expect(Object.keys(parts)).toHaveLength(4)
    for (const [title, text] of Object.entries(parts)) expectPart(page, title, text)
  }, 60_000)
})
