/**
 * The practice daemon in the tests.
 *
 * @module
 */

import { join } from 'node:path'
import { type PracticeDaemon, startPracticeDaemon } from '../../src/practice/spawn.ts'
import { type RunOptions, type RunResult, run } from '../support/run.ts'
import { root, script } from '../support/scripts.ts'

/** Its main file. */
export const program = join(root, 'src', 'practice', 'main.ts')

/** Starts a practice daemon for a test, and stops it afterwards. */
export async function withPractice<T>(
  faults: readonly string[],
  body: (daemon: PracticeDaemon) => Promise<T>,
  log: (line: string) => void = () => {},
): Promise<T> {
  const daemon = await startPracticeDaemon({ program, faults, log })
  try {
    return await body(daemon)
  } finally {
    await daemon.close()
  }
}

/** Runs our replacement for `docker exec` on a practice daemon. */
export function execOn(
  daemon: PracticeDaemon,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const [command, ...words] = script('exec', ...args)
  return run(command, words, { ...options, env: { ...options.env, DOCKER_HOST: daemon.host } })
}
