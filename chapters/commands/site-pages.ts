/**
 * The pages of the site in order.
 *
 * @module
 */

import { join } from 'node:path'
import { failures } from '../../src/doctor/failures.ts'
import { writeSite } from '../../src/site/build.ts'
import { loadHighlighter } from '../../src/site/highlight.ts'
import type { SitePage } from '../../src/site/page-shell.ts'
import { glossaryTerms, licencePage, type ProseFile, prosePage } from '../../src/site/prose-page.ts'
import { openSourceLinks } from '../../src/site/source-links.ts'
import { startPage } from '../../src/site/start-page.ts'
import { createTapeBlocks } from '../../src/site/tape-block.ts'
import { troubleshootingPage } from '../../src/site/troubleshooting.ts'
import { wholeClientPage } from '../../src/site/whole-client.ts'
import type { Tape } from '../../src/tape/event.ts'
import { readTape } from '../../src/tape/read.ts'
import { chapterFolders } from './chapter-folders.ts'
import { root } from './paths.ts'
import {
  chapterData,
  chapterPages,
  recordedRuns,
  type SiteRun,
  sourcePages,
} from './site-chapters.ts'

/**
 * The guides and the pages about the project, in the order of the contents.
 */
const guides: readonly ProseFile[] = [
  { file: 'docs/using.md', group: 'Guides', name: 'All commands' },
  { file: 'docs/glossary.md', group: 'Guides' },
  { file: 'docs/workshop.md', group: 'Guides' },
  { file: 'docs/contributing.md', group: 'The project', name: 'Architecture and contributing' },
  { file: 'docs/packages.md', group: 'The project' },
  { file: 'docs/differences.md', group: 'The project' },
  { file: 'docs/security.md', group: 'The project' },
  { file: 'docs/performance.md', group: 'The project' },
  { file: 'docs/seed.md', group: 'The project' },
]

/** The pages about the protocol and its surroundings. */
const protocol: readonly ProseFile[] = [
  { file: 'docs/protocol.md', group: 'The protocol' },
  { file: 'docs/daemons.md', group: 'The protocol' },
  { file: 'docs/family.md', group: 'The protocol' },
  { file: 'docs/behind-the-daemon.md', group: 'The protocol' },
  { file: 'docs/kubectl-exec.md', group: 'The protocol' },
  { file: 'docs/symptoms.md', group: 'The protocol', hasOwnList: true },
]

/** The groups whose pages are read one after the other. */
const readInOrder: ReadonlySet<string> = new Set(['Begin', 'The seven chapters', 'The protocol'])

/**
 * Returns all pages except those of the API reference.
 *
 * @param runs - the runs that the chapters show
 */
export function sitePages(runs: readonly SiteRun[] = recordedRuns()): SitePage[] {
  const terms = glossaryTerms(root)
  const links = openSourceLinks(root)
  const tapes = join(root, 'docs', 'tapes')
  const chapters = chapterData(links, terms)
  const prose = (file: ProseFile): SitePage =>
    prosePage(root, file, { terms, bytes: createTapeBlocks(tapes) })
  const besideChapters = (name: string, place: Omit<ProseFile, 'file'>): SitePage[] =>
    chapterFolders.map(({ folder }) => prose({ file: `chapters/${folder}/${name}`, ...place }))
  const pagesOfChapters = chapterPages(chapters, runs)
  return withTurns([
    startPage({
      tape: readTape(join(tapes, 'dockerd-28-terminal.tape')),
      frames: createTapeBlocks(tapes)('dockerd-28-pipes received 1'),
      chapters: pagesOfChapters,
    }),
    ...pagesOfChapters,
    wholeClientPage(chapters),
    ...besideChapters('lesson.md', { group: 'In depth' }),
    ...protocol.map(prose),
    ...guides.map(prose),
    troubleshootingPage(failures),
    ...sourcePages(links),
    ...besideChapters('transcript.md', {}),
    licencePage(root),
  ])
}

/** Writes the site, with one run in its chapters, into a folder. */
export async function writeOwnSite(tape: Tape, folder: string): Promise<void> {
  await loadHighlighter()
  writeSite(folder, sitePages([{ label: 'that you recorded', tape }]), root)
}

/** Links each page that is read in order to the one before and after it. */
function withTurns(pages: readonly SitePage[]): SitePage[] {
  const ordered = pages.filter(({ group = '' }) => readInOrder.has(group))
  return pages.map((page) => {
    const at = ordered.indexOf(page)
    const [before, after] = [ordered[at - 1], ordered[at + 1]]
    if (at < 0) return page
    return { ...page, ...(before && { previous: before.path }), ...(after && { next: after.path }) }
  })
}
