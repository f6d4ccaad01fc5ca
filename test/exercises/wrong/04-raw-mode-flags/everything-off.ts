/**
 * Switches off all that is on.
 *
 * Verdict: has nothing to do with keys or output
 */

export function rawWords(flags: Readonly<Record<string, boolean>>): string[] {
  return Object.keys(flags)
    .filter((flag) => flags[flag])
    .map((flag) => `-${flag}`)
}
