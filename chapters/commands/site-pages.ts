/**
 * The pages of the site in order.
 *
 * @module
 */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { failures } from '../../src/doctor/failures.ts'
import type { SitePage } from '../../src/site/layout.ts'
import { glossaryTerms, licencePage, type ProseFile, prosePage } from '../../src/site/prose-page.ts'
import { openSourceLinks } from '../../src/site/source-links.ts'
import { createTapeBlocks } from '../../src/site/tape-block.ts'
import { troubleshootingPage } from '../../src/site/troubleshooting.ts'
import { wholeClientPage } from '../../src/site/whole-client.ts'
import { chapterFolders } from './chapter-folders.ts'
import { root } from './paths.ts'
import { chapterData, chapterPages, recordedRuns, sourcePages } from './site-chapters.ts'

/** The guides and the pages about the project, in the order of the contents. */
const guides: readonly ProseFile[] = [
  { file: 'docs/using.md', group: 'Guides', name: 'All commands' },
  { file: 'docs/glossary.md', group: 'Guides' },
  { file: 'docs/workshop.md', group: 'Guides' },
  { file: 'docs/contributing.md', group: 'The project', name: 'Architecture and contributing' },
  { file: 'docs/packages.md', group: 'The project' },
  { file: 'docs/differences.md', group: 'The project' },
  { file: 'docs/seed.md', group: 'The project' },
]

/** The pages about the protocol and its surroundings. */
const protocol: readonly ProseFile[] = [
  { file: 'docs/protocol.md', group: 'The protocol' },
  { file: 'docs/daemons.md', group: 'The protocol' },
  { file: 'docs/family.md', group: 'The protocol' },
  { file: 'docs/behind-the-daemon.md', group: 'The protocol' },
  { file: 'docs/kubectl-exec.md', group: 'The protocol' },
  { file: 'docs/symptoms.md', group: 'The protocol' },
]

/** Returns all pages that the site itself writes. */
export function sitePages(): SitePage[] {
  const terms = glossaryTerms(root)
  const tapes = join(root, 'docs', 'tapes')
  const prose = (file: ProseFile): SitePage =>
    prosePage(root, file, { terms, bytes: createTapeBlocks(tapes) })
  const depth = chapterFolders.map(({ folder }) =>
    prose({ file: `chapters/${folder}/lesson.md`, group: 'In depth' }),
  )
  const transcripts = chapterFolders.map(({ folder }) =>
    prose({ file: `chapters/${folder}/transcript.md` }),
  )
  const links = openSourceLinks(root)
  const chapters = chapterData(links, terms)
  return [
    prose({ file: 'README.md', group: 'Read', name: 'Start' }),
    ...chapterPages(chapters, recordedRuns()),
    wholeClientPage(chapters),
    ...sourcePages(links),
    ...depth,
    ...protocol.filter(({ file }) => existsSync(join(root, file))).map(prose),
    ...guides.map(prose),
    troubleshootingPage(failures),
    ...transcripts,
    licencePage(root),
  ]
}
