/**
 * Stops at what Node calls raw: output is processed still.
 *
 * Verdict: opost is still on
 */

export function rawWords(flags: Readonly<Record<string, boolean>>): string[] {
  const names = ['icanon', 'echo', 'isig', 'iexten', 'ixon', 'icrnl']
  return names.filter((flag) => flags[flag]).map((flag) => `-${flag}`)
}
