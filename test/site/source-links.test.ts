/**
 * Names in code lead to their definitions on the site.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { root } from '../../chapters/commands/paths.ts'
import { loadHighlighter } from '../../src/site/highlight.ts'
import { linkedCode } from '../../src/site/linked-code.ts'
import { openSourceLinks, type Reference } from '../../src/site/source-links.ts'
import { sourcePage } from '../../src/site/source-page.ts'

const file = 'chapters/03-hijack/stage.ts'
const source = readFileSync(file, 'utf8')
let references: readonly Reference[] = []
let ofFrames: readonly Reference[] = []

// TypeScript reads the whole project once.
beforeAll(async () => {
  await loadHighlighter()
  const links = openSourceLinks(root)
  references = links.referencesIn(file)
  ofFrames = links.referencesIn('src/stream/frames.ts')
}, 120_000)

/** The last use of a name in the file. */
function lastUse(name: string): Reference | undefined {
  return references.findLast(({ from, to }) => source.slice(from, to) === name)
}

describe('a name in a chapter', () => {
  test.each([
    ['a function of the same chapter', 'takeEarlyBytes', file],
    ['a type of an earlier chapter', 'Started', 'chapters/02-start/stage.ts'],
    ['a function of the core', 'messageOf', 'src/stream/http.ts'],
  ])('leads to its definition: %s', (_, name, definedIn) => {
    expect(lastUse(name)?.target).toEqual({ file: definedIn, name })
  })

  test('leads to the type that a property belongs to', () => {
    expect(lastUse('status')?.target?.name).toBe('StartReply')
  })

  test('says its type and the first paragraph of its docstring', () => {
    expect(lastUse('isTcp')?.hover()).toBe(
      'isTcp(socket: Socket): boolean\nWhether this is a TCP socket: a Unix socket has no remote address.',
    )
    expect(lastUse('remoteAddress')?.target).toBeUndefined()
  })
})

test('code links to rows of its page and of others, and keeps every character', () => {
  const piece = { file, code: source, codeAt: 0 }
  const page = 'chapters/03-hijack.html'
  const { html } = linkedCode(piece, { page, references, showsTypes: true })
  expect(html).toMatch(/href="#takeEarlyBytes"/)
  expect(html).toMatch(/href="02-start\.html#Started"/)
  expect(html).toMatch(/href="\.\.\/source\/src\/stream\/http\.html#messageOf"/)
  const text = html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&gt;', '>')
  expect(text.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&')).toBe(
    source,
  )
})

test('a file of the core has a page with its prose, its rows and its links', () => {
  const text = readFileSync('src/stream/frames.ts', 'utf8')
  const page = sourcePage({ file: 'src/stream/frames.ts', text, references: ofFrames })
  expect(page.path).toBe('source/src/stream/frames.html')
  expect(page.main.html).toContain('id="createDemultiplexer"')
  expect(page.main.html).toContain('href="../process/failure.html#Failure"')
})
