/**
 * Experiments by their names, and the list of all.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'
import type { Page } from '../show/stage-lines.ts'
import { padText, widthOf, wrapText } from '../text/width.ts'
import type { AnyExperiment } from './experiment.ts'

/** The command that runs an experiment. */
export function commandFor({ name }: AnyExperiment): string {
  return `npm run chapter -- --experiment ${name}`
}

/**
 * Finds an experiment.
 *
 * @throws a {@link Failure} that names those whose names come near
 */
export function findExperiment(all: readonly AnyExperiment[], name: string): AnyExperiment {
  const found = all.find((each) => each.name === name)
  if (found) return found
  const sorted = all
    .map((each) => ({ name: each.name, far: distance(name, each.name) }))
    .sort((one, other) => one.far - other.far)
    .slice(0, 3)
  const near = sorted.filter(({ far }, at) => at === 0 || far <= slipOfTheKey)
  throw new Failure(
    `there is no experiment "${name}": did you mean ${near.map((each) => each.name).join(' or ')}?`,
    125,
    'npm run chapter -- --experiment list names them all.',
  )
}

/** So many letters may be wrong before a name is another one. */
const slipOfTheKey = 3

/** How many letters have to be changed, added or left out. Part of a name is close to it. */
function distance(word: string, name: string): number {
  if (word !== '' && name.includes(word)) return 0
  let row = Array.from({ length: name.length + 1 }, (_, at) => at)
  for (const [at, letter] of [...word].entries()) {
    const next = [at + 1]
    for (const [other, nameLetter] of [...name].entries()) {
      const change = (row[other] ?? 0) + (letter === nameLetter ? 0 : 1)
      next.push(Math.min(change, (row[other + 1] ?? 0) + 1, (next[other] ?? 0) + 1))
    }
    row = next
  }
  return row[name.length] ?? 0
}

/**
 * The list, chapter by chapter.
 *
 * @param chapters - the names of the chapters, in their order
 */
export function listLines(
  experiments: readonly AnyExperiment[],
  chapters: readonly string[],
  { width, style }: Page,
): string[] {
  const wide = Math.max(...experiments.map(({ name }) => widthOf(name)), 0) + 4
  const lines = chapters.flatMap((chapter, at) => {
    const own = experiments.filter((each) => each.chapter === at + 1)
    if (own.length === 0) return []
    const rows = own.flatMap(({ name, title }) => {
      const line = padText(`  ${name}`, wide) + title
      if (widthOf(line) <= width) return [line]
      return [`  ${name}`, ...wrapText(title, width - 6).map((part) => `      ${part}`)]
    })
    return [style.bold(`${at + 1} ${chapter}`), ...rows, '']
  })
  return [...lines, ...wrapText('One of them: npm run chapter -- --experiment NAME', width)]
}
