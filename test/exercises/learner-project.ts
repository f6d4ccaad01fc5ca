/**
 * Learners, each with a copy of the project and a separate state folder, so
 * the tests don't touch the exercises of the person who runs them.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test as baseTest, expect } from 'vitest'
import { exercises } from '../../chapters/commands/chapter-folders.ts'
import { findExercise } from '../../src/judging/exercise.ts'
import { openOwnFile } from '../../src/judging/own-file.ts'
import { openTerminal, type Terminal, type TerminalOptions } from '../support/pty.ts'
import { type Running, start } from '../support/run.ts'
import { script } from '../support/scripts.ts'
import { giveBack, takeCopy } from '../support/workbook-copy.ts'

type Fixtures = {
  /** Creates a learner, who leaves no work behind in the copy. */
  learner: (host?: string) => ReturnType<typeof learnerIn>
}

/** A test with learners. */
export const test = baseTest.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names in it.
  learner: async ({}, use) => {
    const used: string[] = []
    await use((host) => {
      const folder = takeCopy()
      used.push(folder)
      return learnerIn(folder, host)
    })
    for (const folder of used) giveBack(folder)
  },
})

/** Creates a learner with this copy of the project and a state folder in it. */
function learnerIn(folder: string, host?: string) {
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
