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

/** A run, and the numbers of the chapters that show it. Undefined: all. */
export type SiteRun = LabelledTape & { readonly chapters?: readonly number[] }

/**
 * The runs of the site's own chapter pages. The first is on each page, the
 * others where they add something.
 */
export function recordedRuns(): SiteRun[] {
  const tapes = join(root, 'docs', 'tapes')
  const reproduced = readReproduced(join(tapes, 'reproduced.json'))
  const recorded = (label: string, name: string): LabelledTape => ({
    label,
    tape: readTape(join(tapes, `${name}.tape`)),
    cameBack: cameBackIn(reproduced, name),
  })
  return [
    recorded('with a terminal', 'dockerd-28-terminal'),
    { ...recorded('without a terminal', 'dockerd-28-pipes'), chapters: [3, 5] },
    { ...recorded('with --detach', 'dockerd-28-detached'), chapters: [2] },
    { ...recorded('whose output came with the 101', 'fault-early-output'), chapters: [3] },
  ]
}

/** Returns the pages of the chapters, each with the runs that it shows. */
export function chapterPages(
  chapters: readonly ChapterData[],
  runs: readonly SiteRun[],
): SitePage[] {
  return chapters.map((chapter) =>
    chapterPage(
      chapter,
      runs.filter((run) => run.chapters?.includes(chapter.number) ?? true),
    ),
  )
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
