import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { root } from '../../chapters/commands/paths.ts'
import { addressesIn, builtSite, idsIn, type WrittenPage, writtenPages } from '../support/site.ts'

let folder = ''
let pages: WrittenPage[] = []
beforeAll(async () => {
  folder = await builtSite()
  pages = writtenPages(folder)
}, 300_000)

/** Forms of an address that names the same thing for good. */
const permanent = [
  /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/blob\/[0-9a-f]{40}\/[^#]+(#L\d+(-L\d+)?)?$/,
  /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/(?:issues|pull|discussions)\/\d+(#[\w-]+)?$/,
  /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/commit\/[0-9a-f]{40}$/,
  /^https:\/\/www\.rfc-editor\.org\/rfc\/rfc\d+(#(?:section|appendix)-[\w.]+)?$/,
  /^https:\/\/docs\.docker\.com\/reference\/api\/engine\/version\/v1\.\d+\/(#.*)?$/,
  /^https:\/\/man7\.org\/linux\/man-pages\/man\d\/[\w.-]+\.html(#.*)?$/,
  /^https:\/\/pubs\.opengroup\.org\/onlinepubs\/\d+\/[\w./-]+(#.*)?$/,
  /^https:\/\/ecma-international\.org\/publications-and-standards\/standards\/ecma-\d+\/$/,
  /^https:\/\/invisible-island\.net\/xterm\/ctlseqs\/ctlseqs\.html(#.*)?$/,
  /^https:\/\/nodejs\.org\/(?:docs\/v\d+\.\d+\.\d+|dist\/latest-v\d+\.x\/docs)\/api\/[\w.-]+(#.*)?$/,
]

/** Where an address leads: a file below the site's folder, and an anchor. */
function goalOf(page: WrittenPage, address: string): { path: string; anchor: string } {
  const [path = '', anchor = ''] = address.split('#')
  const goal = path === '' ? page.path : posix.normalize(posix.join(posix.dirname(page.path), path))
  return { path: goal, anchor: decodeURIComponent(anchor) }
}

const isExternal = (address: string): boolean => /^[a-z]+:/.test(address)

describe('the site', () => {
  test('opens from a disk: it uses nothing that a browser refuses there', () => {
    for (const { path, text } of pages) {
      expect(text, path).not.toMatch(/type="?module|<base\b|crossorigin|<use\b|@import|<iframe/)
      expect(text.match(/<script(?![^>]* src="[^"]*script\.js" defer)/), path).toBeNull()
      expect(text, path).not.toMatch(/\sstyle="/)
    }
  })

  test('names the file in every link, and every link leads to a page and a place in it', () => {
    const ids = new Map(pages.map((page) => [page.path, new Set(idsIn(page))]))
    const wrong = pages.flatMap((page) =>
      addressesIn(page)
        .filter((address) => !isExternal(address))
        .filter((address) => {
          const { path, anchor } = goalOf(page, address)
          if (path.startsWith('reference/')) return false
          if (!existsSync(join(folder, path)) || path.endsWith('/')) return true
          return anchor !== '' && !ids.get(path)?.has(anchor)
        })
        .map((address) => `${page.path}: ${address}`),
    )
    expect([...new Set(wrong)]).toEqual([])
  })

  test('gives each id of a page once', () => {
    for (const page of pages) {
      const ids = idsIn(page)
      expect(
        ids.filter((id, at) => ids.indexOf(id) !== at),
        page.path,
      ).toEqual([])
    }
  })

  test('links outside only to addresses that stay the same', () => {
    const outside = pages.flatMap((page) =>
      addressesIn(page)
        .filter(isExternal)
        .map((address) => ({ page: page.path, address })),
    )
    const wrong = outside.filter(({ address }) => !permanent.some((form) => form.test(address)))
    expect(wrong.map(({ page, address }) => `${page}: ${address}`)).toEqual([])
  })

  test('has one title of the first level, a language and a description on each page', () => {
    for (const { path, text } of pages) {
      expect(text.match(/<h1[ >]/g), path).toHaveLength(1)
      expect(text, path).toContain('<html lang="en">')
      expect(text, path).toMatch(/<meta name="description" content="[^"]{10,}">/)
    }
  })

  test('hides the marks that only the tests read', () => {
    for (const { path, text } of pages) expect(text.match(/<!--.*/g), path).toBeNull()
  })
})

const built = join(root, 'docs', 'site')
const hasReference = existsSync(join(built, 'reference', 'modules.html'))
const reason = 'needs the API reference in docs/site. Fix: npm run docs'

describe(`the API reference in the site${hasReference ? '' : ` (${reason})`}`, () => {
  test.skipIf(!hasReference)('has the bar of the site, and every link leads to a page', () => {
    const reference = writtenPages(join(built, 'reference'))
    expect(reference.length).toBeGreaterThan(100)
    for (const { path, text } of reference) {
      expect(text, path).toContain('<header class="bar">')
      expect(text, path).not.toMatch(/<use\b|<svg\b/)
      const wrong = addressesIn({ path, text })
        .filter((address) => !isExternal(address) && !address.startsWith('#'))
        .filter((address) => {
          const [file = ''] = address.split('#')
          return !existsSync(join(built, 'reference', posix.dirname(path), file))
        })
      expect(wrong, path).toEqual([])
    }
  })
})
