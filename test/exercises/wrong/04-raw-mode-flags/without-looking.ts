/**
 * Gives every word, whatever the flags are.
 *
 * Verdict: ixon was off already
 */

export function rawWords(flags: Readonly<Record<string, boolean>>): string[] {
  const names = ['icanon', 'echo', 'isig', 'iexten', 'ixon', 'icrnl', 'opost']
  void flags
  return names.map((flag) => `-${flag}`)
}
