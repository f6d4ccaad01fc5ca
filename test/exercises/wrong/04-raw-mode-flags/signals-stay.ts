/**
 * Takes raw mode for "no line, no echo".
 *
 * Verdict: isig is still on: Ctrl-C ends this program
 */

export function rawWords(flags: Readonly<Record<string, boolean>>): string[] {
  const names = ['icanon', 'echo']
  return names.filter((flag) => flags[flag]).map((flag) => `-${flag}`)
}
