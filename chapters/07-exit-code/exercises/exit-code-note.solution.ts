/**
 * The solution of the small exercise of chapter 7.
 *
 * @module
 */

/** The exit code in the daemon's note, or undefined where it is not known yet. */
export function exitCodeIn(note: string): number | undefined {
  const { Running, ExitCode } = JSON.parse(note) as {
    readonly Running: boolean
    readonly ExitCode: number | null
  }
  // Running first: what stands beside it may be a number that means nothing yet.
  if (Running) return undefined
  return ExitCode ?? undefined
}
