/**
 * Newer daemons from Debian's suite `sid`, unpacked but not installed.
 *
 * @module
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeStateFolder } from '../../src/process/learner.ts'
import type { Obstacle } from '../support/daemon.ts'
import { findOnPath } from '../support/image.ts'
import { runChild } from './child.ts'

const sources = '/etc/apt/sources.list.d/debian.sources'

const fix = 'run the matrix as root on Debian, or name a running daemon: --daemon NAME=ADDRESS'

/**
 * Downloads packages and the libraries that they need, and unpacks them into
 * our own folder. The system stays as it is.
 *
 * @returns the folder, which has a `usr`
 */
export async function unpackFromDebian(
  name: string,
  packages: readonly string[],
  { withLibraries }: { readonly withLibraries: boolean },
): Promise<string | Obstacle> {
  if (process.getuid?.() !== 0 || !findOnPath('apt-get')) {
    return { reason: 'only root on Debian can download its packages', fix }
  }
  const suite = readSuite()
  if (suite === undefined) return { reason: `${sources} does not name Debian's packages`, fix }

  const folder = makeStateFolder('matrix', name)
  const [lists, archives, root] = ['lists', 'archives', 'root'].map((part) => join(folder, part))
  for (const part of [lists, archives]) mkdirSync(join(part ?? '', 'partial'), { recursive: true })
  const list = join(folder, 'sid.sources')
  writeFileSync(list, suite)
  const settings = [
    ...['-o', `Dir::Etc::SourceList=${list}`, '-o', 'Dir::Etc::SourceParts=/dev/null'],
    ...['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${folder}`],
    ...['-o', 'APT::Sandbox::User=root'],
  ]
  const failed = ({ output }: { output: string }): Obstacle => ({
    reason: `apt-get failed: ${output.trim().split('\n').at(-1)}`,
    fix: 'check the network',
  })

  const updated = await runChild(['apt-get', ...settings, 'update'])
  if (updated.code !== 0) return failed(updated)
  const wanted = withLibraries ? await addLibraries(settings, packages) : packages
  for (const old of readdirSync(archives ?? '').filter((file) => file.endsWith('.deb'))) {
    rmSync(join(archives ?? '', old))
  }
  const download = ['apt-get', ...settings, 'download', ...wanted] as const
  const downloaded = await runChild([...download], { cwd: archives ?? '' })
  if (downloaded.code !== 0) return failed(downloaded)

  rmSync(root ?? '', { recursive: true, force: true })
  for (const file of readdirSync(archives ?? '').filter((name) => name.endsWith('.deb'))) {
    const unpacked = await runChild(['dpkg', '-x', join(archives ?? '', file), root ?? ''])
    if (unpacked.code !== 0) return failed(unpacked)
  }
  return root ?? ''
}

/** Returns the machine's own entry for Debian, with the suite `sid`. */
function readSuite(): string | undefined {
  try {
    const [first = ''] = readFileSync(sources, 'utf8').split('\n\n')
    return first.includes('Suites:')
      ? `${first.replace(/^Suites:.*$/m, 'Suites: sid')}\n`
      : undefined
  } catch {
    return undefined
  }
}

/** Adds the libraries that packages need, and those that these need. */
async function addLibraries(
  settings: readonly string[],
  packages: readonly string[],
): Promise<string[]> {
  const all = new Set(packages)
  let added = [...packages]
  while (added.length > 0) {
    const { output } = await runChild(['apt-cache', ...settings, 'depends', ...added])
    const needed = [...output.matchAll(/^ {2}Depends: (lib\S+)$/gm)].map(([, name = '']) => name)
    added = [...new Set(needed)].filter((name) => !all.has(name))
    for (const name of added) all.add(name)
  }
  return [...all]
}
