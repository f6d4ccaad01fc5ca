/**
 * Gives one text with spaces in it.
 *
 * Verdict: stty wants each word by itself
 */

export function rawWords(flags: Readonly<Record<string, boolean>>): string[] {
  const names = ['icanon', 'echo', 'isig', 'iexten', 'ixon', 'icrnl', 'opost']
  return [
    names
      .filter((flag) => flags[flag])
      .map((flag) => `-${flag}`)
      .join(' '),
  ]
}
