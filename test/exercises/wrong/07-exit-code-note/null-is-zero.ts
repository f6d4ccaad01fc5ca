/**
 * Makes 0 of null once the command is over.
 *
 * Verdict: null is not 0
 */

export function exitCodeIn(note: string): number | undefined {
  const { Running, ExitCode } = JSON.parse(note) as { Running: boolean; ExitCode: number | null }
  return Running ? undefined : (ExitCode ?? 0)
}
