/**
 * Looks at the code alone.
 *
 * Verdict: the number beside it means nothing
 */

export function exitCodeIn(note: string): number | undefined {
  const { ExitCode } = JSON.parse(note) as { ExitCode: number | null }
  return ExitCode ?? undefined
}
