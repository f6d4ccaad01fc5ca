/**
 * The floors of `src/`, from the ground up, as `docs/contributing.md` lists
 * them. An import stays in its room or goes down: never up, and never in a
 * circle.
 *
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** An import: the file that has it, and the file that it names. */
type Import = { readonly from: string; readonly to: string }

/** Every source file below a folder, as a path in the repository. */
function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('mine/'))
    .map((file) => join(folder, file))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/(?:from|import\(|require\()\s*'(\.[^']*)'/g)].map(([, path = '']) => ({
    from: file,
    to: relative(root, join(root, dirname(file), path)),
  }))
}

const sources = filesIn('src')
const chapters = filesIn('chapters')
const imports = [...sources, ...chapters].flatMap(importsOf)
const shown = ({ from, to }: Import): string => `${from} imports ${to}`

/** The rooms in the table of `docs/contributing.md`, from the ground up. */
const floors = [
  ...readFileSync(join(root, 'docs/contributing.md'), 'utf8').matchAll(/^\| `src\/([\w-]+)\/`/gm),
].map(([, room = '']) => room)

const roomOf = (file: string): string => file.split('/')[1] ?? ''

describe('src/', () => {
  test('has the rooms that docs/contributing.md lists', () => {
    expect([...new Set(sources.map(roomOf))].sort()).toEqual([...floors].sort())
  })

  test('imports nothing from chapters/: the core knows no state', () => {
    const wrong = imports.filter(
      ({ from, to }) => from.startsWith('src/') && !to.startsWith('src/'),
    )
    expect(wrong.map(shown)).toEqual([])
  })

  test('has no import that runs up a floor', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        from.startsWith('src/') && floors.indexOf(roomOf(to)) > floors.indexOf(roomOf(from)),
    )
    expect(wrong.map(shown)).toEqual([])
  })
})

test('no two files in src/ share a name', () => {
  const names = sources.map((file) => basename(file))
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})

describe('chapters/', () => {
  test('has a stage that imports the core and the stages before it, and nothing else', () => {
    const wrong = imports.filter(({ from, to }) => {
      if (!from.endsWith('/stage.ts') || to.startsWith('src/')) return false
      return !to.endsWith('/stage.ts') || to >= from
    })
    expect(wrong.map(shown)).toEqual([])
  })

  test('has its commands imported by no stage, and by nothing in src/', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        to.startsWith('chapters/commands/') &&
        (from.startsWith('src/') || from.endsWith('/stage.ts') || from === 'chapters/index.ts'),
    )
    expect(wrong.map(shown)).toEqual([])
  })
})

test('no import makes a circle', () => {
  const targets = new Map<string, string[]>()
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to])
  const finished = new Set<string>()
  const circles: string[] = []

  function follow(file: string, path: readonly string[]): void {
    if (finished.has(file)) return
    const start = path.indexOf(file)
    if (start >= 0) {
      circles.push([...path.slice(start), file].join(' → '))
      return
    }
    for (const target of targets.get(file) ?? []) follow(target, [...path, file])
    finished.add(file)
  }
  for (const file of targets.keys()) follow(file, [])
  expect(circles).toEqual([])
})
