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

/** Editors that take the line to begin in as `+12`. */
const lineAwareEditors = /(^|\/)(vi|vim|nvim|nano|emacs|micro)( |$)/

/** The editor's command line. Undefined if no variable names one, or if there is no terminal. */
export function editorIn(environment: NodeJS.ProcessEnv): string | undefined {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined
  return environment.VISUAL || environment.EDITOR || undefined
}

/**
 * Gives the terminal to the editor, and takes it back when the editor has ended.
 *
 * @param scope - holds the editor
 * @throws a {@link Failure} if it cannot be started
 */
export async function openEditor(
  editor: string,
  file: string,
  scope: Pick<Scope, 'hold'>,
): Promise<void> {
  const modes = readModes()
  const words = lineAwareEditors.test(editor) ? [`+${lineOfHole(file)}`, file] : [file]
  // The variable may hold options, as it may for git: `code --wait`.
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
  // The shell's codes for a command that it cannot run, or cannot find.
  if (code === 126 || code === 127) {
    throw new Failure(
      `could not start the editor: ${editor}`,
      1,
      'VISUAL or EDITOR names it. Set it to the command that you type to edit a file.',
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

/** A word that a shell takes as it is. */
function shellQuote(word: string): string {
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`
}
