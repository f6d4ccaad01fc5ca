/**
 * Handles Ctrl-Z: stops the whole job, so the shell has the terminal until
 * `fg`.
 *
 * @module
 */

/**
 * Stops every process of the job: npm, the shell that runs its script, and
 * this one. Returns when the job continues, or immediately if no shell waits
 * for the terminal, because the kernel then ignores the signal. The caller
 * must restore the terminal's modes and screen first.
 */
export function suspendJob(): void {
  // readline has a SIGCONT listener that sets raw mode again. Its prompt is
  // closed by now.
  process.removeAllListeners('SIGCONT')
  if (process.platform !== 'win32') process.kill(0, 'SIGTSTP')
}

/**
 * Asks a question. Ctrl-Z closes the prompt and stops the job; `fg` asks
 * again.
 *
 * @param ask - shows the prompt, and closes it when the signal aborts
 */
export async function askOrSuspend<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  for (;;) {
    const stop = new AbortController()
    const onStop = (): void => stop.abort()
    process.on('SIGTSTP', onStop)
    const answer = await ask(stop.signal).finally(() => process.off('SIGTSTP', onStop))
    if (!stop.signal.aborted) return answer
    suspendJob()
  }
}
