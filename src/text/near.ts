/**
 * Finds the known names that are close to a mistyped one.
 *
 * @module
 */

/**
 * The maximum number of wrong letters. It is also always less than half of
 * the word.
 */
const maxTypos = 3

/** Returns up to three names close to the word, the closest first. */
export function nearNames(word: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({
      name,
      edits: Math.min(distance(word, name), distance(sorted(word), sorted(name))),
    }))
    .filter(({ edits }) => edits <= maxTypos && edits < word.length / 2)
    .sort((one, other) => one.edits - other.edits)
    .slice(0, 3)
    .map(({ name }) => name)
}

/**
 * Sorts the parts of a name, because people forget their order:
 * `c-cooked-ctrl`.
 */
function sorted(name: string): string {
  return name.split('-').sort().join('-')
}

/**
 * Returns how many letters must be changed, added or removed. Part of a name
 * counts as 0, an anagram of it as 1.
 */
function distance(word: string, name: string): number {
  if (word !== '' && name.includes(word)) return 0
  if ([...word].sort().join() === [...name].sort().join()) return 1
  let row = Array.from({ length: name.length + 1 }, (_, at) => at)
  for (const [at, letter] of [...word].entries()) {
    const next = [at + 1]
    for (const [other, nameLetter] of [...name].entries()) {
      const change = (row[other] ?? 0) + (letter === nameLetter ? 0 : 1)
      next.push(Math.min(change, (row[other + 1] ?? 0) + 1, (next[other] ?? 0) + 1))
    }
    row = next
  }
  return row[name.length] ?? 0
}
