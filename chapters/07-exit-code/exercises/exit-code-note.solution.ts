/**
 * The solution of exercise 7, small.
 *
 * @module
 */

/** The exit code in the daemon's note, or undefined if it has none yet. */
export function exitCodeIn(note: string): number | undefined {
  const { Running, ExitCode } = JSON.parse(note) as {
    readonly Running: boolean
    readonly ExitCode: number | null
  }
  // Running first: while it is true, ExitCode may be a meaningless number.
  if (Running) return undefined
  return ExitCode ?? undefined
}
