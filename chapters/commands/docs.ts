/**
 * `npm run docs`: writes the site into `docs/site/`, with the API reference
 * in it. The site opens from the disk.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { endWith } from '../../src/process/ending.ts'
import { Failure } from '../../src/process/failure.ts'
import type { OptionTable } from '../../src/process/options.ts'
import { readScriptLine } from '../../src/process/script-line.ts'
import { writeSite } from '../../src/site/build.ts'
import { loadHighlighter } from '../../src/site/highlight.ts'
import type { SitePage } from '../../src/site/page-shell.ts'
import { referenceFolder, referencePage } from '../../src/site/reference.ts'
import { root } from './paths.ts'
import { sitePages } from './site-pages.ts'

const folder = join(root, 'docs', 'site')

const usage = 'Usage:  npm run docs'

const help = `${usage}

Writes the site into docs/site/, which takes about 40 seconds. Open
docs/site/index.html in a browser; it needs no server.
`

const table = { help: { type: 'switch', short: 'h' } } as const satisfies OptionTable

async function main(): Promise<number> {
  const script = { name: 'docs', table, usage }
  const { options, words } = readScriptLine(script, process.argv.slice(2))
  if (options.help) {
    process.stdout.write(help)
    return 0
  }
  if (words.length > 0) throw new Failure(`docs takes no words, not ${words[0]}\n${usage}`, 125)
  const begin = performance.now()
  rmSync(folder, { recursive: true, force: true })
  process.stdout.write('TypeDoc reads the source for the API reference …\n')
  const stop = new AbortController()
  const done = writeReference(stop.signal)
  try {
    await loadHighlighter()
    const pages = sitePages()
    process.stdout.write(`${pages.length} other pages are ready.\n`)
    await done
    writeSite(folder, [...pages, ...referencePages()], root)
  } finally {
    stop.abort()
  }
  const seconds = ((performance.now() - begin) / 1000).toFixed(0)
  const first = relative(process.cwd(), join(folder, 'index.html'))
  process.stdout.write(`Wrote the site in ${seconds} s. Open ${first} in a browser.\n`)
  return 0
}

/**
 * Runs TypeDoc. Its warnings count as errors and are printed.
 *
 * @param stop - stops it
 * @throws a {@link Failure} if it fails
 */
async function writeReference(stop: AbortSignal): Promise<void> {
  const program = join(root, 'node_modules', 'typedoc', 'bin', 'typedoc')
  const output = ['--out', join(folder, referenceFolder), '--logLevel', 'Warn']
  const child = spawn(process.execPath, [program, ...output], {
    cwd: root,
    signal: stop,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  // Stopping it is an error event, too, and then nothing waits for the code.
  child.on('error', () => undefined)
  const [code] = await once(child, 'exit')
  if (code !== 0) {
    throw new Failure('TypeDoc could not make the API reference: see its messages above')
  }
}

/** Reads what TypeDoc wrote, and removes its scripts and styles. */
function referencePages(): SitePage[] {
  const written = join(folder, referenceFolder)
  for (const name of ['assets', 'media', 'index.html', 'hierarchy.html']) {
    rmSync(join(written, name), { recursive: true, force: true })
  }
  return readdirSync(written, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html'))
    .map((name) => {
      const path = `${referenceFolder}/${name.replaceAll(sep, '/')}`
      return referencePage(readFileSync(join(folder, path), 'utf8'), path)
    })
}

endWith(main())
