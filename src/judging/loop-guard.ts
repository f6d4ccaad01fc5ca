/**
 * A thread beside the learner's code. A loop without an `await` keeps the main thread busy, and with
 * it all our handlers: no signal is answered, no key is read, no timer fires. This thread still runs,
 * and ends the process.
 *
 * @module
 */

import { url as debuggerUrl } from 'node:inspector'
import { Worker } from 'node:worker_threads'

/** How often the thread looks, in milliseconds. */
const interval = 500

/** Ends this process, with the processes that it started, as soon as its parent has died. */
export function endWithParent(): void {
  if (process.platform === 'win32') return
  startThread("if (process.ppid !== data.parent) process.kill(-process.pid, 'SIGKILL')", {
    parent: process.ppid,
  })
}

/**
 * Ends this process when its main thread has not answered for so many seconds. The seat belt then
 * restores the terminal.
 *
 * @param words - what to write to standard error then
 */
export function endWhenStuck(seconds: number, words: string): void {
  // At a breakpoint the main thread stands still too.
  if (debuggerUrl()) return
  const beats = new Int32Array(new SharedArrayBuffer(4))
  setInterval(() => Atomics.add(beats, 0, 1), interval / 2).unref()
  startThread(
    `const now = Atomics.load(data.beats, 0)
     data.silent = now === data.last ? data.silent + 1 : 0
     data.last = now
     if (data.silent < data.limit) return
     require('node:fs').writeSync(2, data.text)
     process.kill(process.pid, 'SIGKILL')`,
    {
      beats,
      last: 0,
      silent: 0,
      limit: (seconds * 1000) / interval,
      // The terminal may be raw, where a line feed alone does not go back to the left edge.
      text: `\r\n${words.replaceAll('\n', '\r\n')}\r\n`,
    },
  )
}

/** Runs `look` in a thread again and again. The thread keeps no process alive. */
function startThread(look: string, workerData: object): void {
  const program = `
    const { workerData: data } = require('node:worker_threads')
    setInterval(() => { ${look} }, ${interval})`
  new Worker(program, { eval: true, execArgv: [], workerData }).unref()
}
