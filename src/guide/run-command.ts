/**
 * Runs another command of the workbook in the same terminal, for a menu whose choice is one.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import type { Scope } from '../course/scope.ts'

/** A command of the workbook: `npm run check 3`, and the file that it runs. */
export type WorkbookCommand = {
  /** As a person would type it. */
  readonly typed: string
  /** The path of its entry file. */
  readonly file: string
  readonly words: readonly string[]
}

/** Runs it to its end. It reads the keys and writes to the screen; nothing else does meanwhile. */
export async function runCommand({ file, words }: WorkbookCommand, scope: Scope): Promise<void> {
  const child = spawn(process.execPath, ['-r', 'tsx/cjs', '--', file, ...words], {
    stdio: 'inherit',
  })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('exit', () => resolve())
    child.once('error', reject)
  })
  const held = scope.hold('command', child, async () => {
    child.kill()
    await ended.catch(() => {})
  })
  await ended
  await held.release()
}
