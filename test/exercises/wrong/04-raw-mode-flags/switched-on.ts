/**
 * Forgets the minus.
 *
 * Verdict: icanon is still on ("icanon" switches it on)
 */

export function rawWords(flags: Readonly<Record<string, boolean>>): string[] {
  const names = ['icanon', 'echo', 'isig', 'iexten', 'ixon', 'icrnl', 'opost']
  return names.filter((flag) => flags[flag])
}
