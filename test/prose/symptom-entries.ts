/**
 * The entries of docs/symptoms.md.
 *
 * @module
 */

import { readPage } from './page.ts'

export const symptomsPage = 'docs/symptoms.md'

/** Their titles and texts. */
export const symptomEntries = readPage(symptomsPage)
  .split(/^(?=##+ )/m)
  .filter((part) => part.startsWith('### '))
  .map((text) => ({ title: /^### (.*)$/m.exec(text)?.[1] ?? '', text }))
