/**
 * Parses the command lines of the workbook's npm scripts.
 *
 * @module
 */

import { nearNames } from '../text/near.ts'
import { Failure } from './failure.ts'
import { rejectOptionsNpmTook, rejectScriptTypo } from './npm.ts'
import { type CommandLine, type OptionTable, parseCommandLine } from './options.ts'

/** A script and its options. */
export type Script<Table extends OptionTable> = {
  /** Its name in package.json. */
  readonly name: string
  readonly table: Table
  /** `Usage:  npm run chapter -- [OPTIONS] N` */
  readonly usage: string
}

/**
 * Parses the words after `npm run NAME`. An error also prints the usage.
 *
 * @param read - the parser, if options may also follow other words
 * @throws a {@link Failure} about an invalid word, or about an option that
 * npm took
 */
export function readScriptLine<Table extends OptionTable>(
  { name, table, usage }: Script<Table>,
  args: readonly string[],
  read: (args: readonly string[]) => CommandLine<Table> = (words) => parseCommandLine(table, words),
): CommandLine<Table> {
  rejectScriptTypo(name, args)
  rejectOptionsNpmTook(name, table, args)
  try {
    // npm answers `npm run chapter --help` itself, with its own manual.
    return read(args.length === 1 && args[0] === 'help' ? ['--help'] : args)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const [, unknown] = /^unknown flag: --([\w-]+)/.exec(error.message) ?? []
    const [near] = unknown === undefined ? [] : nearNames(unknown, Object.keys(table))
    const meant = near === undefined ? '' : `Did you mean --${near}? `
    const hint = `${meant}See npm run ${name} -- --help.`
    throw new Failure(`${error.message}\n${usage}`, error.exitCode, hint)
  }
}

/**
 * Parses options before or after the first word, which is a chapter's number
 * or a tape's name. Everything from the second word on is left unchanged.
 */
export function readAroundFirstWord<Table extends OptionTable>(
  table: Table,
  args: readonly string[],
): CommandLine<Table> {
  const before = parseCommandLine(table, args)
  const [first, ...rest] = before.words
  if (first === undefined) return before
  const after = parseCommandLine(table, rest)
  return {
    options: { ...before.options, ...after.options },
    words: [first, ...after.words],
  }
}
