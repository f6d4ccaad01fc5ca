/**
 * Fills the holes of an exercise with the same functions' code from its
 * solution.
 *
 * @module
 */

/** Marks the place in a file where the learner's code goes. */
export const holeMarker = '// YOUR CODE'

/** The body of a function: its lines, and the range they occupy. */
type Body = { readonly from: number; readonly to: number; readonly lines: readonly string[] }

/**
 * Replaces each function that has a hole with the body of the solution's
 * function.
 *
 * @param exercise - the text of the exercise, with its holes
 * @param solution - the text of a module that has functions with the same
 * names
 */
export function fillHoles(exercise: string, solution: string): string {
  const lines = exercise.split('\n')
  for (;;) {
    const at = lines.findIndex((line) => line.trim() === holeMarker)
    if (at < 0) return lines.join('\n')
    const name = functionAround(lines, at)
    const mine = bodyOf(lines, name)
    const right = bodyOf(solution.split('\n'), name)
    if (!mine || !right) throw new Error(`there is no function ${name} to fill the hole with`)
    lines.splice(mine.from, mine.to - mine.from, ...right.lines)
  }
}

/**
 * Finds the holes: each one's line number, and its function's name and lines.
 */
export function findHoles(
  exercise: string,
): { readonly line: number; readonly name: string; readonly lines: readonly string[] }[] {
  const lines = exercise.split('\n')
  return lines.flatMap((text, at) => {
    if (text.trim() !== holeMarker) return []
    const name = functionAround(lines, at)
    const first = lines.findIndex((line) => functionStart.exec(line)?.[2] === name)
    const { to } = bodyOf(lines, name) ?? { to: at + 1 }
    return [{ line: at + 1, name, lines: lines.slice(first, to + 1) }]
  })
}

function functionAround(lines: readonly string[], at: number): string {
  for (let line = at; line >= 0; line -= 1) {
    const name = functionStart.exec(lines[line] ?? '')?.[2]
    if (name) return name
  }
  return ''
}

/**
 * Matches the first line of a function or method; captures its indentation
 * and its name.
 */
const functionStart = /^( *)(?:export )?(?:async )?(?:function )?(\w+)\([^)]*(?:\).*\{|)$/

/**
 * Finds a body by indentation: the formatter aligns the closing brace with
 * the first line.
 */
function bodyOf(lines: readonly string[], name: string): Body | undefined {
  const first = lines.findIndex((line) => functionStart.exec(line)?.[2] === name)
  if (first < 0) return undefined
  const indent = functionStart.exec(lines[first] ?? '')?.[1] ?? ''
  const findFrom = (start: number, test: (line: string) => boolean): number =>
    lines.findIndex((line, at) => at >= start && test(line))
  const from = findFrom(first, (line) => line.startsWith(indent) && line.endsWith('{')) + 1
  const to = findFrom(from, (line) => line.startsWith(`${indent}}`))
  return { from, to, lines: lines.slice(from, to) }
}
