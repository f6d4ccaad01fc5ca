/**
 * Which of the known names comes near one that was mistyped.
 *
 * @module
 */

/** So many letters may be wrong before a name is another one, and always fewer than half of them. */
const slipOfTheKey = 3

/** The names that come near, the nearest first and at most three. */
export function nearNames(word: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({
      name,
      far: Math.min(distance(word, name), distance(sorted(word), sorted(name))),
    }))
    .filter(({ far }) => far <= slipOfTheKey && far < word.length / 2)
    .sort((one, other) => one.far - other.far)
    .slice(0, 3)
    .map(({ name }) => name)
}

/** `c-cooked-ctrl` of `ctrl-c-cooked`: the order of the words is easily forgotten. */
function sorted(name: string): string {
  return name.split('-').sort().join('-')
}

/** How many letters have to be changed, added or left out. Part of a name, or its letters mixed, is close. */
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
