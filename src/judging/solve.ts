/**
 * Fills the holes of an exercise with what stands in the same place of its solution.
 *
 * @module
 */

/** What stands in a file where the learner's code is to go. */
export const holeMarker = '// YOUR CODE'

/** A function in a text: the lines of its body, and where they are. */
type Body = { readonly from: number; readonly to: number; readonly lines: readonly string[] }

/**
 * Puts the body of each function that has a hole in the place of that hole.
 *
 * @param exercise - the text of the exercise, with its holes
 * @param solution - the text of a module with functions of the same names
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

/** A hole: the line in which it begins, its function's name, and the lines of that up to its end. */
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

/** The first line of a function, or of a method of a stage, with its indentation and its name. */
const functionStart = /^( *)(?:export )?(?:async )?(?:function )?(\w+)\([^)]*(?:\).*\{|)$/

/** The formatter puts the closing brace where the first line begins: that is the whole parser. */
function bodyOf(lines: readonly string[], name: string): Body | undefined {
  const first = lines.findIndex((line) => functionStart.exec(line)?.[2] === name)
  if (first < 0) return undefined
  const indent = functionStart.exec(lines[first] ?? '')?.[1] ?? ''
  const behind = (from: number, test: (line: string) => boolean): number =>
    lines.findIndex((line, at) => at >= from && test(line))
  const from = behind(first, (line) => line.startsWith(indent) && line.endsWith('{')) + 1
  const to = behind(from, (line) => line.startsWith(`${indent}}`))
  return { from, to, lines: lines.slice(from, to) }
}
