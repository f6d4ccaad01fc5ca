/**
 * The solution of the small exercise of chapter 7.
 *
 * @module
 */

type Note = { readonly Running: boolean; readonly ExitCode: number | null }

/** The exit code in the daemon's note, or undefined where it is not known yet. */
export function exitCodeIn(note: string): number | undefined {
  const { Running, ExitCode } = JSON.parse(note) as Note
  // Running first: what stands beside it may be a number that means nothing yet.
  if (Running) return undefined
  return ExitCode ?? undefined
}
