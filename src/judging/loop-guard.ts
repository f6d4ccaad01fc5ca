/**
 * Kills the process from a second thread when the learner's code blocks the
 * first one. A loop without an `await` blocks all our handlers too: signals,
 * keys and timers.
 *
 * @module
 */

import { url as debuggerUrl } from 'node:inspector'
import { Worker } from 'node:worker_threads'

/** How often the thread checks, in milliseconds. */
const interval = 500

/**
 * Kills this process and the processes it started as soon as its parent has
 * died.
 */
export function endWithParent(): void {
  if (process.platform === 'win32') return
  startThread("if (process.ppid !== data.parent) process.kill(-process.pid, 'SIGKILL')", {
    parent: process.ppid,
  })
}

/**
 * Kills this process when its main thread has been blocked for this many
 * seconds. The terminal guard then restores the terminal.
 *
 * @param message - written to standard error first
 */
export function endWhenStuck(seconds: number, message: string): void {
  // A breakpoint blocks the main thread too.
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
      // In a raw terminal, a line feed alone doesn't return to the left edge.
      text: `\r\n${message.replaceAll('\n', '\r\n')}\r\n`,
    },
  )
}

/**
 * Runs some code at an interval in a thread that doesn't keep the process
 * alive.
 */
function startThread(code: string, workerData: object): void {
  const program = `
    const { workerData: data } = require('node:worker_threads')
    setInterval(() => { ${code} }, ${interval})`
  new Worker(program, { eval: true, execArgv: [], workerData }).unref()
}
