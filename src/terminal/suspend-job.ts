/**
 * Ctrl-Z: stops the whole job, and the shell has the terminal until `fg`.
 *
 * @module
 */

/**
 * Stops every process of the job: npm, the shell in which npm runs scripts, and this one. Returns
 * when the job goes on. Where no shell waits for the terminal, the system ignores the signal, and
 * this returns at once. The terminal's modes and screen are given back before, by the caller.
 */
export function suspendJob(): void {
  // Node's readline stops its own process only, and then waits to set raw mode again. By now its
  // prompt is closed.
  process.removeAllListeners('SIGCONT')
  if (process.platform !== 'win32') process.kill(0, 'SIGTSTP')
}

/**
 * Asks, and stops the job if Ctrl-Z comes meanwhile; asks anew when it goes on.
 *
 * @param ask - shows the prompt, and closes it when the signal is aborted
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
