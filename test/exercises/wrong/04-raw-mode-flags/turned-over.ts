/**
 * Turns every flag over, those that are off as well.
 *
 * Verdict: you gave "ixon" for it
 */

export function rawWords(flags: Readonly<Record<string, boolean>>): string[] {
  const names = ['icanon', 'echo', 'isig', 'iexten', 'ixon', 'icrnl', 'opost']
  return names.map((flag) => (flags[flag] ? `-${flag}` : flag))
}
