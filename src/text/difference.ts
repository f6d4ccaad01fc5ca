/**
 * Shows the difference between two texts, with git's own diff.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codeOf, Failure } from '../process/failure.ts'

/** A text and what it is called. */
export type Labelled = { readonly label: string; readonly text: string }

/**
 * The unified diff that leads from one text to another one. Empty where they are the same.
 *
 * @param context - how many lines around a change are shown
 * @throws a {@link Failure} if there is neither git nor diff
 */
export function unifiedDiff(from: Labelled, to: Labelled, context = 3): string {
  const folder = mkdtempSync(join(tmpdir(), 'wbdiff-'))
  try {
    const files = [from, to].map(({ text }, at) => {
      const file = join(folder, String(at))
      writeFileSync(file, text)
      return file
    })
    const diff = run('git', ['diff', '--no-index', '--no-color', `-U${context}`, '--', ...files])
    const text = diff ?? run('diff', [`-U${context}`, ...files])
    if (text === undefined) {
      throw new Failure(
        'a difference cannot be shown: there is neither git nor diff here',
        1,
        'Install git, or compare the two files in your editor.',
      )
    }
    const changes = text.slice(Math.max(0, text.indexOf('@@')))
    return changes === '' ? '' : `--- ${from.label}\n+++ ${to.label}\n${changes}`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Both commands end with 1 where there is a difference. Undefined where there is no such command. */
function run(command: string, args: readonly string[]): string | undefined {
  const ran = spawnSync(command, args, { encoding: 'utf8' })
  if (codeOf(ran.error) === 'ENOENT' || (ran.status ?? 2) > 1) return undefined
  return ran.stdout
}
