/**
 * Asks the TypeScript compiler about a learner's file, in a thread: while it works, a check goes on.
 *
 * @module
 */

import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Scope } from '../course/scope.ts'

/**
 * Asks about one file after the other.
 *
 * @returns the first thing that does not fit, with its line and column; undefined where everything
 * fits, or where no compiler is installed
 */
export type CheckTypes = (file: string) => Promise<string | undefined>

/**
 * Starts the compiler.
 *
 * @param root - the folder of the project
 * @param scope - holds its thread
 */
export function startCompiler(root: string, scope: Pick<Scope, 'hold'>): CheckTypes {
  const thread = new Worker(join(__dirname, 'types-thread.ts'), {
    execArgv: ['-r', 'tsx/cjs'],
    workerData: root,
  })
  scope.hold('compiler', thread, () => thread.terminate())
  const askNow = (file: string): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      thread.once('message', resolve)
      thread.once('error', reject)
      thread.postMessage(file)
    })
  let before: Promise<unknown> = Promise.resolve()
  return (file) => {
    // One answer is like another, so there is one question at a time.
    const answer = before.then(() => askNow(file))
    before = answer.catch(() => {})
    return answer
  }
}
