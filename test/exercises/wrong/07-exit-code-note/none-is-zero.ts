/**
 * Makes a number of what is none.
 *
 * Verdict: null is no code
 */

export function exitCodeIn(note: string): number | undefined {
  const { ExitCode } = JSON.parse(note) as { ExitCode: number | null }
  return Number(ExitCode)
}
