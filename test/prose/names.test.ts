/**
 * What README.md and the pages in docs/ and chapters/ name exists: files,
 * functions, tests, links, commands, options, packages.
 *
 * @module
 */

import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { chapterFolders, exercises } from '../../chapters/commands/chapter-folders.ts'
import { dockerExec } from '../../chapters/index.ts'
import { run } from '../support/run.ts'
import { root, script } from '../support/scripts.ts'
import { moduleComment, pattern } from './blocks.ts'
import { readPage } from './page.ts'

const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
const inChapters = readdirSync(join(root, 'chapters'), { recursive: true, encoding: 'utf8' })
const pages = [
  'README.md',
  ...inDocs.filter((file) => !file.startsWith('reference')).map((file) => join('docs', file)),
  ...inChapters.filter((file) => !file.startsWith('mine')).map((file) => join('chapters', file)),
].filter((file) => file.endsWith('.md'))

const project = JSON.parse(readPage('package.json')) as Record<string, Record<string, string>>

describe('docs/seed.md', () => {
  const rows = readPage('docs/seed.md')
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\| (-+|the article)/.test(line))
    .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | *\|$/g, '').trim()))

  test('has three columns in every row', () => {
    expect(rows.length).toBeGreaterThan(35)
    for (const row of rows) expect(row, row.join(' | ')).toHaveLength(3)
  })

  test('names files that exist, and functions that are in them', () => {
    const missing: string[] = []
    for (const [, here = ''] of rows) {
      let file: string | undefined
      for (const [, word = ''] of here.matchAll(/`([^`]+)`/g)) {
        if (/^(chapters|src)\//.test(word)) {
          file = word
          if (!existsSync(join(root, word))) missing.push(word)
        } else if (file && /^\w+$/.test(word)) {
          if (!new RegExp(`\\b${word}\\b`).test(readPage(file))) missing.push(`${word} in ${file}`)
        }
      }
    }
    expect(missing).toEqual([])
  })

  test('names tests that exist', () => {
    const missing: string[] = []
    let count = 0
    for (const [, , tests = ''] of rows) {
      let file: string | undefined
      for (const part of tests.matchAll(/`([\w./-]+\.test\.ts)`|"(.*?)"(?= *$|, ["`]| and )/g)) {
        if (part[1]) file = join('test', part[1])
        if (part[1] && !existsSync(join(root, file ?? ''))) missing.push(part[1])
        if (part[2] === undefined || !file) continue
        count += 1
        const title = new RegExp(pattern(part[2]).source.slice(1, -1))
        if (!title.test(readPage(file).replaceAll('\\', ''))) missing.push(`${part[2]} in ${file}`)
      }
    }
    expect(missing).toEqual([])
    expect(count).toBeGreaterThan(30)
  })
})

describe('links', () => {
  /** The anchors that a page's headings make. */
  const anchors = (page: string): string[] =>
    [...readPage(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    )

  test.each(pages)('in %s have a target', (page) => {
    const dead = [...readPage(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^\w+:/.test(target))
      .filter((target) => {
        const [path = '', anchor] = target.split('#')
        const file = path === '' ? page : join(dirname(page), path)
        if (!existsSync(join(root, file))) return true
        return anchor !== undefined && !anchors(file).includes(anchor)
      })
    expect(dead).toEqual([])
  })
})

describe('commands', () => {
  const help: Record<string, string> = {}
  beforeAll(async () => {
    for (const name of ['chapter', 'check', 'exec'] as const) {
      const [command, ...words] = script(name, '--help')
      help[name] = (await run(command, words)).stdout.toString()
    }
    const daemon = await run('node', [
      ...(project.scripts?.daemon ?? '').split(' ').slice(1),
      '--help',
    ])
    help.daemon = daemon.stdout.toString()
    // Its own help says: and those of docker exec.
    help.chapter = `${help.chapter}${help.exec}`
  })

  /** Every `npm run …` in a text, with its words. */
  function commandsIn(text: string): { name: string; words: string[]; isWarning: boolean }[] {
    // A shell comment, a pipe and the end of inline code end the command.
    const found = text.matchAll(/(not `)?npm run ([a-z-]+)([^`\n#|]*)/g)
    return [...found].map(([, warning, name = '', rest = '']) => ({
      name,
      words: rest.trim().split(/\s+/).filter(Boolean),
      isWarning: warning !== undefined,
    }))
  }

  /** What is wrong with a command, or undefined. */
  function complaint(name: string, words: readonly string[]): string | undefined {
    if (!(name in (project.scripts ?? {}))) return 'there is no such script'
    const text = help[name]
    if (text === undefined) return undefined
    const dashes = words.indexOf('--')
    if (dashes < 0 && words.some((word) => word.startsWith('-'))) return 'npm keeps these options'
    const plain: string[] = []
    for (let at = dashes + 1; at < words.length; at += 1) {
      const word = (words[at] ?? '').replace(/[.,;:)]+$/, '')
      // The words after the container are a command of their own.
      if (name === 'exec' ? plain.length === 1 : name === 'chapter' && plain.length === 2) break
      if (!/^-/.test(word)) {
        plain.push(word)
        continue
      }
      const shorts = /^-(\w+)$/.exec(word)?.[1]
      const known = shorts
        ? [...shorts].every((letter) => new RegExp(`-${letter}\\b`).test(text))
        : new RegExp(`${word}(?![\\w-])`).test(text)
      if (!known) return `there is no option ${word}`
      if (new RegExp(`${word} (?:[A-Z]+|string|list)`).test(text)) at += 1
    }
    const [number, exercise] = plain
    const isNumber = number !== undefined && /^\d+$/.test(number)
    if (isNumber && Number(number) > dockerExec.stages.length)
      return `there is no chapter ${number}`
    if (name !== 'check' || !isNumber || exercise === undefined || /^[A-Z(]/.test(exercise)) return
    const exists = exercises.some((each) => each.name === `0${number}-${exercise}`)
    return exists ? undefined : `there is no exercise ${exercise}`
  }

  const texts = [
    ...pages.map((page) => [page, readPage(page)] as const),
    ...chapterFolders.map(({ folder }) => {
      const file = join('chapters', folder, 'stage.ts')
      return [file, moduleComment(file)] as const
    }),
  ]

  test.each(texts)('in %s exist: the script, its options, chapters and exercises', (_, text) => {
    const wrong = commandsIn(text)
      .filter(({ isWarning }) => !isWarning)
      .flatMap(({ name, words }) => {
        const why = complaint(name, words)
        return why ? [`npm run ${name} ${words.join(' ')}: ${why}`] : []
      })
    expect(wrong).toEqual([])
  })

  test('are all in the table of docs/using.md, under one of their names', () => {
    const page = readPage('docs/using.md')
    const isThere = (name: string) => new RegExp(`^\\| \`npm (run )?${name}\\b`, 'm').test(page)
    // `chapter4` is `chapter` with one more word.
    const commandOf = (line: string) => line.replace(/ (\d|help)$/, '')
    const scripts = Object.entries(project.scripts ?? {})
    const missing = scripts.filter(
      ([, line]) =>
        !scripts.some(([name, other]) => commandOf(other) === commandOf(line) && isThere(name)),
    )
    expect(missing).toEqual([])
  })
})

describe('packages', () => {
  test('are the ones that docs/packages.md lists', () => {
    const named = [...readPage('docs/packages.md').matchAll(/^\| (@?[a-z][\w/-]*) +\|/gm)]
      .map(([, name]) => name)
      .filter((name) => name !== 'package')
    const { dependencies, optionalDependencies, devDependencies } = project
    const used = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies })
    // A types package belongs to the package that it describes.
    expect(named.sort()).toEqual(used.filter((name) => !name.startsWith('@types/')).sort())
  })

  test('need the version of Node that README.md names', () => {
    const [, version] = /^You need Node\.js (\S+) or newer/m.exec(readPage('README.md')) ?? []
    expect(project.engines?.node).toBe(`>=${version}`)
  })
})
