/**
 * What stands beside the declarations of each chapter's `stage.ts`: the names
 * are those of the file, and the places in Docker's source are links that
 * last.
 *
 * WORKBOOK_SOURCES=FOLDER also reads those places. The folder has a clone of
 * each repository, `FOLDER/docker/cli`.
 *
 * @module
 */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chapterFolders } from '../../chapters/commands/chapter-folders.ts'
import { checkoutOf, permalinkOf } from '../../src/questions/docker-source.ts'
import { mainPlaces } from '../../src/questions/rows.ts'
import { root } from '../support/scripts.ts'

const chapters = chapterFolders.map(({ folder, stage, rows }) => {
  const code = readFileSync(join(root, 'chapters', folder, 'stage.ts'), 'utf8')
  const declarations = [
    ...code.matchAll(/^(?:export )?(?:async )?(type|const|function) (\w+)/gm),
  ].map(([, kind, name = '']) => ({ kind, name }))
  return { folder, stage, rows, declarations }
})

const places = chapters.flatMap(({ folder, rows }) =>
  Object.entries(rows).flatMap(([name, { docker = [] }]) =>
    docker.map((place) => ({ ...place, beside: `${name} in ${folder}` })),
  ),
)

describe.each(chapters)('the rows of $folder', ({ stage, rows, declarations }) => {
  test('are beside declarations of its stage.ts', () => {
    expect(declarations.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(rows)))
  })

  test('name the place in Docker of every function and constant, or say why there is none', () => {
    const without = declarations.filter(({ kind, name }) => {
      const { docker = [], noDocker = '' } = rows[name] ?? {}
      return kind !== 'type' && docker.length > 0 === noDocker.length > 0
    })
    expect(without).toEqual([])
  })

  test('have a main place of 2015 and one of today beside the stage itself', () => {
    expect(mainPlaces(rows[stage] ?? {}).map(({ when }) => when)).toEqual(['2015', 'today'])
  })
})

describe.each(places)('$function of $when, beside $beside', (place) => {
  const [first, last] = place.lines

  test('has a link that lasts', () => {
    expect(permalinkOf(place)).toMatch(
      /^https:\/\/github\.com\/(docker|moby)\/\w+\/blob\/[0-9a-f]{40}\/[\w/]+\.go#L[1-9]\d*-L[1-9]\d*$/,
    )
    expect(first).toBeLessThanOrEqual(last)
  })

  test('says in a few sentences what it does and what differs', () => {
    expect(place.summary).toMatch(/^[\p{Lu}`].*\.$/u)
    expect(place.summary.length).toBeLessThan(320)
  })
})

const sources = process.env.WORKBOOK_SOURCES

test('the lines are those of the function that the place names', (context) => {
  if (!sources) return context.skip('WORKBOOK_SOURCES names no folder with clones of the sources')

  const wrong = places.filter((place) => {
    const { repository, commit } = checkoutOf(place)
    const lines = execFileSync('git', ['show', `${commit}:${place.file}`], {
      cwd: join(sources, repository),
      encoding: 'utf8',
    }).split('\n')
    const [first, last] = place.lines
    const start = lines.findLastIndex(
      (line, at) => at < first && /^(func|type|const|var) /.test(line),
    )
    const next = lines.findIndex((line, at) => at > start && /^(func|type|const|var) /.test(line))
    const isInside = next < 0 || last <= next
    return !isInside || !lines[start]?.includes(place.function) || lines[last - 1] === ''
  })
  expect(wrong.map((place) => `${place.beside}: ${permalinkOf(place)}`)).toEqual([])
}, 60_000)
