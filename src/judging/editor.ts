/**
 * Opens a learner's file in the editor that VISUAL or EDITOR names.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Scope } from '../course/scope.ts'
import { Failure } from '../process/failure.ts'
import { readModes, setModes } from '../terminal/modes.ts'
import { holeMarker } from './solve.ts'

/** Editors that accept a line number to open at, as `+12`. */
const lineAwareEditors = /(^|\/)(vi|vim|nvim|nano|emacs|micro)( |$)/

/**
 * Returns the editor's command line. Undefined if neither variable is set, or
 * without a terminal.
 */
export function editorIn(environment: NodeJS.ProcessEnv): string | undefined {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined
  return environment.VISUAL || environment.EDITOR || undefined
}

/**
 * Runs the editor in our terminal and waits for it to exit.
 *
 * @param scope - kills the editor and restores the terminal on release
 * @throws a {@link Failure} if the editor cannot be started
 */
export async function openEditor(
  editor: string,
  file: string,
  scope: Pick<Scope, 'hold'>,
): Promise<void> {
  const modes = readModes()
  const words = lineAwareEditors.test(editor) ? [`+${lineOfHole(file)}`, file] : [file]
  // As with git, the variable may include options: `code --wait`.
  const child = spawn(`${editor} ${words.map(shellQuote).join(' ')}`, {
    shell: true,
    stdio: 'inherit',
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve)
    child.once('error', reject)
  })
  const held = scope.hold('editor', child, () => {
    child.kill()
    setModes(modes)
  })
  const code = await ended.finally(held.release)
  // The shell's exit codes for "cannot execute" and "not found".
  if (code === 126 || code === 127) {
    throw new Failure(
      `could not start the editor: ${editor}`,
      1,
      'Set VISUAL or EDITOR to the command that you type to edit a file.',
    )
  }
}

function lineOfHole(file: string): number {
  const lines = readFileSync(file, 'utf8').split('\n')
  return (
    Math.max(
      0,
      lines.findIndex((line) => line.includes(holeMarker)),
    ) + 1
  )
}

/** Quotes a word for the shell. */
function shellQuote(word: string): string {
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`
}
