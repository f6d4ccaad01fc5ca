/**
 * Loads a learner's file, and describes in one sentence what is wrong with
 * it.
 *
 * @module
 */

import { relative } from 'node:path'
import { inspect } from 'node:util'
import { Failure } from '../process/failure.ts'

/**
 * Loads a module and returns one of its exports.
 *
 * @param file - its absolute path
 * @throws a {@link Failure} with line and column if the file cannot be parsed
 * or run
 */
export function loadExport<Value>(file: string, name: string): Value {
  const { createRequire } = process.getBuiltinModule('node:module')
  let exports: Record<string, unknown>
  try {
    exports = createRequire(file)(file) as Record<string, unknown>
  } catch (error) {
    throw new Failure(describeLoadError(asError(error), file))
  }
  const value = exports[name]
  if (value === undefined) {
    throw new Failure(
      `${displayPath(file)} does not export ${name}`,
      1,
      'Keep the export line unchanged: the check finds your work by that name.',
    )
  }
  return value as Value
}

type SyntaxProblem = {
  readonly text: string
  readonly location?: { readonly line: number; readonly column: number }
}

function describeLoadError(error: Error, file: string): string {
  const [problem] = (error as { errors?: SyntaxProblem[] }).errors ?? []
  if (problem?.location) {
    const { line, column } = problem.location
    return `${displayPath(file)}, line ${line}, column ${column + 1}: ${problem.text}`
  }
  const at = /:(\d+):(\d+): ERROR: (.*)/.exec(error.message)
  if (at) return `${displayPath(file)}, line ${at[1]}, column ${Number(at[2]) + 1}: ${at[3]}`
  return describeThrown(error, file)
}

/**
 * Describes an error and its place: `FILE, line 42, column 7: TypeError: …`.
 */
export function describeThrown(error: Error, file: string): string {
  const first = error.message.split('\n', 1)[0] ?? ''
  const what = error.name ? `${error.name}: ${first}` : first
  const place = placeIn(error, file)
  return place ? `${displayPath(file)}, line ${place.line}, column ${place.column}: ${what}` : what
}

/** Whether this file is on the stack of an error. */
export function isFrom(error: Error, file: string): boolean {
  return placeIn(error, file) !== undefined
}

const exit = process.exit

/**
 * Intercepts process.exit in a learner's file. The callback gets an error
 * with that stack.
 */
export function watchExit(file: string, onCall: (call: Error) => void): void {
  process.exit = ((code) => {
    const call = Object.assign(new Error('process.exit was called'), { name: '' })
    return isFrom(call, file) ? onCall(call) : exit(code)
  }) as typeof process.exit
}

/** Turns a thrown value into an Error, because code can throw anything. */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  const error = new Error(`${inspect(thrown)} was thrown, which is not an Error`)
  return Object.assign(error, { name: '', stack: '' })
}

/** Returns an error followed by its causes, the root cause last. */
export function causeChain(error: Error | undefined): Error[] {
  if (!error) return []
  return [error, ...causeChain(error.cause instanceof Error ? error.cause : undefined)]
}

/**
 * Finds the line of this file that an error came from, and the function it is
 * in.
 */
export function placeIn(
  error: Error,
  file: string,
): { readonly line: number; readonly column: number; readonly name: string } | undefined {
  const frames = (error.stack ?? '').split('\n')
  const frame = frames.find((text) => text.includes(file)) ?? ''
  const [, line, column] = /:(\d+):(\d+)\)?$/.exec(frame) ?? []
  const [, name = ''] = /at (?:async )?(?:\S+\.)?(\w+) /.exec(frame) ?? []
  return line ? { line: Number(line), column: Number(column), name } : undefined
}

/**
 * Returns a path relative to the working directory, if the file is inside it.
 */
export function displayPath(file: string): string {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}
