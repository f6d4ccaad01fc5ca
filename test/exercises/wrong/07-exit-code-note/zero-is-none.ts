/**
 * Takes 0 for no code.
 *
 * Verdict: 0 is a code, the one of success
 */

export function exitCodeIn(note: string): number | undefined {
  const { Running, ExitCode } = JSON.parse(note) as { Running: boolean; ExitCode: number | null }
  return Running ? undefined : ExitCode || undefined
}
