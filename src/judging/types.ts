/**
 * Type-checks a learner's file in a thread, while the trials run.
 *
 * @module
 */

import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Scope } from '../course/scope.ts'
import { nodeArguments } from '../process/node-arguments.ts'

/**
 * Type-checks a file. Calls are queued.
 *
 * @returns the first type error with its line and column; undefined if there
 * is none, or if the compiler isn't installed
 */
export type CheckTypes = (file: string) => Promise<string | undefined>

/**
 * Starts the compiler's thread.
 *
 * @param root - the project folder
 * @param scope - terminates the thread on release
 */
export function startCompiler(root: string, scope: Pick<Scope, 'hold'>): CheckTypes {
  const thread = new Worker(join(__dirname, 'types-thread.ts'), {
    execArgv: [...nodeArguments],
    workerData: root,
  })
  scope.hold('compiler', thread, () => thread.terminate())
  const checkNow = (file: string): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      thread.once('message', resolve)
      thread.once('error', reject)
      thread.postMessage(file)
    })
  let previous: Promise<unknown> = Promise.resolve()
  return (file) => {
    // The thread's answers don't name their file, so we ask for one at a
    // time.
    const result = previous.then(() => checkNow(file))
    previous = result.catch(() => {})
    return result
  }
}
