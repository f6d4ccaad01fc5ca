/**
 * `npm run docs`: writes the site into `docs/site/`, with the API reference
 * in it. The site opens from the disk.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { endWith } from '../../src/process/ending.ts'
import { Failure } from '../../src/process/failure.ts'
import { contentsOf, writeSite } from '../../src/site/build.ts'
import type { Contents } from '../../src/site/layout.ts'
import { findableIn, joinedReference, referenceFolder } from '../../src/site/reference.ts'
import { root } from './paths.ts'
import { sitePages } from './site-pages.ts'

const folder = join(root, 'docs', 'site')

/** The first page of the reference. */
const reference: Contents = [
  { path: 'reference/modules.html', title: 'API reference', group: 'The project' },
]

async function main(): Promise<number> {
  const begin = performance.now()
  rmSync(folder, { recursive: true, force: true })
  process.stdout.write('TypeDoc reads the source for the API reference …\n')
  const done = writeReference()
  const pages = sitePages()
  process.stdout.write(`${pages.length} pages are ready.\n`)
  await done
  const findable = joinReference(contentsOf(pages, reference))
  writeSite(folder, pages, {
    findable,
    others: reference,
    files: [join(root, 'docs', 'run.svg')],
  })
  const seconds = ((performance.now() - begin) / 1000).toFixed(0)
  const first = relative(process.cwd(), join(folder, 'index.html'))
  process.stdout.write(`Wrote the site in ${seconds} s. Open ${first} in a browser.\n`)
  return 0
}

/**
 * Runs TypeDoc. Its warnings count as errors and are printed.
 *
 * @throws a {@link Failure} if it fails
 */
function writeReference(): Promise<void> {
  const program = join(root, 'node_modules', 'typedoc', 'bin', 'typedoc')
  const output = ['--out', join(folder, referenceFolder), '--logLevel', 'Warn']
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...output], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Failure('TypeDoc could not make the API reference: see its messages above'))
    })
  })
}

/** Joins TypeDoc's pages to the site. Returns what the search finds there. */
function joinReference(contents: Contents): ReturnType<typeof findableIn> {
  const names = readdirSync(join(folder, referenceFolder), { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.html')).flatMap((name) => {
    const path = `${referenceFolder}/${name.replaceAll(sep, '/')}`
    const file = join(folder, path)
    const page = readFileSync(file, 'utf8')
    writeFileSync(file, joinedReference(page, path, contents))
    return findableIn(page, path)
  })
}

endWith(main())
