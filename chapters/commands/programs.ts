/**
 * Programs that experiments run in a terminal of their own.
 *
 * @module
 */

import { join } from 'node:path'
import type { Lab } from '../../src/experiments/experiment.ts'
import { type InTerminal, openOwnTerminal } from '../../src/experiments/own-terminal.ts'
import { root } from './paths.ts'

/**
 * Runs a script of the shell. The shell stays behind the programs that it starts, so it can look at
 * the terminal when they are gone.
 *
 * @param words - what the script knows as `$0`, `$1` and so on
 */
export function shellInTerminal(
  lab: Lab,
  script: string,
  words: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<InTerminal> {
  return openOwnTerminal(['/bin/sh', '-c', script, ...words], {
    scope: lab.scope,
    directory: root,
    // Which daemon it is has been settled: a context of the learner's must not say otherwise.
    env: { ...env, DOCKER_HOST: lab.address.host },
    limit: lab.limit,
  })
}

/** The words that run our stand-in for `docker exec`. */
export function execWords(...args: readonly string[]): string[] {
  return nodeWords('-r', 'tsx/cjs', '--', join(__dirname, 'exec.ts'), ...args)
}

/** The words that run Node. */
export function nodeWords(...args: readonly string[]): string[] {
  return [process.execPath, ...args]
}
