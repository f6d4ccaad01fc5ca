/**
 * Collects what the site's pages about the chapters are made from.
 *
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { type ChapterData, chapterPage } from '../../src/site/annotated-chapter.ts'
import type { SitePage } from '../../src/site/page-shell.ts'
import { cameBackIn, readReproduced } from '../../src/site/reproduced.ts'
import type { LabelledTape } from '../../src/site/run-part.ts'
import type { SourceLinks } from '../../src/site/source-links.ts'
import { sourceIndexPage, sourcePage } from '../../src/site/source-page.ts'
import { wholeClientPath } from '../../src/site/whole-client.ts'
import { readTape } from '../../src/tape/read.ts'
import { chapterFolders } from './chapter-folders.ts'
import { experiments } from './experiments.ts'
import { root } from './paths.ts'

/** Returns the data of each chapter. */
export function chapterData(links: SourceLinks, terms: readonly string[]): ChapterData[] {
  return chapterFolders.map(({ folder, lesson, rows, questions, exercises }, at): ChapterData => {
    const file = `chapters/${folder}/stage.ts`
    return {
      ...{ number: at + 1, file, lesson, rows, questions, terms },
      source: readFileSync(join(root, file), 'utf8'),
      references: links.referencesIn(file),
      experiments: experiments.filter(({ chapter }) => chapter === at + 1),
      exercises: exercises.map(({ main, name, task }) => ({
        words: main ? `${at + 1}` : name.slice('01-'.length),
        task,
      })),
    }
  })
}

/** The runs of the site's own chapter pages. */
export function recordedRuns(): LabelledTape[] {
  const tapes = join(root, 'docs', 'tapes')
  const reproduced = readReproduced(join(tapes, 'reproduced.json'))
  const recorded = (label: string, name: string): LabelledTape => ({
    label,
    tape: readTape(join(tapes, `${name}.tape`)),
    cameBack: cameBackIn(reproduced, name),
  })
  return [
    recorded('with a terminal', 'dockerd-28-terminal'),
    recorded('without a terminal', 'dockerd-28-pipes'),
    recorded('whose output came with the 101', 'fault-early-output'),
  ]
}

/**
 * How many of the runs a chapter shows. Frames exist only without a terminal,
 * and early bytes are rare.
 */
const runsShown: Readonly<Record<number, number>> = { 3: 3, 5: 2 }

/**
 * Returns the pages of the chapters. The first run is on each of them, the
 * others where they add something.
 */
export function chapterPages(
  chapters: readonly ChapterData[],
  runs: readonly LabelledTape[],
): SitePage[] {
  const pages = chapters.map((chapter) =>
    chapterPage(chapter, runs.slice(0, runsShown[chapter.number] ?? 1)),
  )
  return pages.map((page, at) => ({
    ...page,
    previous: pages[at - 1]?.path ?? 'index.html',
    next: pages[at + 1]?.path ?? wholeClientPath,
  }))
}

/**
 * Returns the pages of the files in `src/`, after the page that lists them.
 */
export function sourcePages(links: SourceLinks): SitePage[] {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  const files = names
    .filter((name) => /(?<!\.d)\.ts$/.test(name))
    .map((name) => `src/${name.replaceAll(sep, '/')}`)
  const pages = files.sort().map((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    return sourcePage({ file, text, references: links.referencesIn(file) })
  })
  return [sourceIndexPage(pages, rooms()), ...pages]
}

/**
 * The folders of `src/` from the ground up, as `docs/contributing.md` has
 * them.
 */
function rooms(): [room: string, purpose: string][] {
  const text = readFileSync(join(root, 'docs', 'contributing.md'), 'utf8')
  return [...text.matchAll(/^\| `(src\/[\w-]+\/)` *\| (.*?) *\|$/gm)].map(
    ([, room = '', purpose = '']) => [
      room,
      `${purpose.charAt(0).toUpperCase()}${purpose.slice(1)}.`,
    ],
  )
}
