/**
 * docs/symptoms.md: each entry has its parts.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { readPage } from './page.ts'
import { symptomEntries, symptomsPage } from './symptom-entries.ts'

describe('an entry', () => {
  const contents = readPage(symptomsPage).split('\n## ')[0] ?? ''

  test.each(symptomEntries)('$title is in the contents', ({ title }) => {
    expect(contents).toContain(`- [${title}](#`)
  })

  test.each(symptomEntries)('$title has a cause, a test, a chapter and a report', ({ text }) => {
    expect(text).toMatch(/^\*\*What you see\.\*\* /m)
    expect(text).toMatch(/^\*\*Cause(?: and test)?\.\*\* /m)
    expect(text).toMatch(/^<!-- run (?:in: .+|codes) -->$/m)
    const readOn = text.slice(text.indexOf('**Read on.**'))
    expect(readOn).toMatch(/\(\.\.\/chapters\/0\d-[\w-]+\/lesson\.md\)/)
    expect(readOn).toMatch(/https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/(?:issues|pull)\/\d+/)
  })

  test.each(symptomEntries)('$title shows a tape, or says why there is none', ({ text }) => {
    const hasTape = /^<!-- tape: symptom-/m.test(text)
    expect(text.includes('**In a recorded run.**')).toBe(hasTape)
    expect(text.includes('**No tape.**')).toBe(!hasTape)
  })
})
