/**
 * A learner with a copy of the project and a separate state folder, so the
 * tests don't touch the exercises of the person who runs them.
 *
 * @module
 */

import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { exercises } from '../../chapters/commands/chapter-folders.ts'
import { findExercise } from '../../src/judging/exercise.ts'
import { openOwnFile } from '../../src/judging/own-file.ts'
import { temporaryFolder } from '../support/folder.ts'
import { openTerminal, type Terminal, type TerminalOptions } from '../support/pty.ts'
import { type Running, start } from '../support/run.ts'
import { root, script } from '../support/scripts.ts'

/** Creates a learner with a project and a state folder. */
export function learner(host?: string) {
  const folder = temporaryFolder('wblr')
  cpSync(join(root, 'chapters'), join(folder, 'chapters'), {
    recursive: true,
    filter: (path) => !path.endsWith('mine'),
  })
  for (const shared of ['src', 'node_modules', 'package.json', 'tsconfig.json']) {
    symlinkSync(join(root, shared), join(folder, shared))
  }
  const state = join(folder, 'state')
  const mine = join(folder, 'chapters', 'mine')
  /**
   * Returns the path of the learner's copy of a main exercise, and creates it
   * if necessary.
   */
  const copyOf = (chapter: number): string =>
    openOwnFile(findExercise(exercises, chapter), folder).file
  function begin(name: 'check' | 'chapter', ...args: string[]): Running {
    const [program, ...words] = script(name, ...args)
    const env = { XDG_STATE_HOME: state, ...(host && { DOCKER_HOST: host }) }
    return start(program, words, { cwd: folder, env })
  }
  async function command(name: 'check' | 'chapter', ...args: string[]): Promise<CommandResult> {
    const ran = await begin(name, ...args).ended
    return { code: ran.code, stdout: ran.stdout.toString(), stderr: ran.stderr.toString() }
  }
  return {
    begin,
    /** Starts a command in a terminal. */
    open(
      name: 'check' | 'chapter',
      args: readonly string[],
      env: Readonly<Record<string, string>> = {},
      options: TerminalOptions = {},
    ): Terminal {
      const [program, ...words] = script(name, ...args)
      // With CI set there would be no menu.
      const all = { CI: '', XDG_STATE_HOME: state, ...(host && { DOCKER_HOST: host }), ...env }
      return openTerminal(program, words, { ...options, cwd: folder, env: all })
    },
    folder,
    check: (...args: string[]) => command('check', ...args),
    chapter: (...args: string[]) => command('chapter', ...args),
    mine,
    read: (chapter: number) => readFileSync(copyOf(chapter), 'utf8'),
    /** Replaces text in a learner's file. */
    edit(chapter: number, from: string, to: string) {
      const file = copyOf(chapter)
      const text = readFileSync(file, 'utf8')
      expect(text).toContain(from)
      writeFileSync(file, text.replace(from, to))
    },
    /** Fills the hole of an exercise with the whole body of its `run`. */
    write(chapter: number, lines: string) {
      const file = copyOf(chapter)
      const text = readFileSync(file, 'utf8')
      writeFileSync(
        file,
        text.replace(/ *\/\/ YOUR CODE[\s\S]*?throw notWritten.*\n/, `${lines}\n`),
      )
    },
    kept: () => {
      const there = join(state, 'docker-exec-workbook', 'exercises')
      return existsSync(there) ? readdirSync(there).map((file) => join(there, file)) : []
    },
  }
}

/** Undoes the line wrapping. */
export function unbroken(text: string): string {
  return text.replace(/\n(?=\S)/g, ' ')
}

/** A command's exit code and output. */
export type CommandResult = {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}
