/**
 * The command line of one of the workbook's own npm scripts.
 *
 * @module
 */

import { nearNames } from '../text/near.ts'
import { Failure } from './failure.ts'
import { refuseSlip, refuseWhatNpmTook } from './npm.ts'
import { type CommandLine, type OptionTable, parseCommandLine } from './options.ts'

/** A script, as its command line is read. */
export type Script<Table extends OptionTable> = {
  /** Its name in package.json. */
  readonly name: string
  readonly table: Table
  /** `Usage:  npm run chapter -- [OPTIONS] N` */
  readonly usage: string
}

/**
 * Reads the words behind `npm run NAME`. What is wrong with them is said together with the usage.
 *
 * @param read - reads them, where it is not enough that the options stand before everything else
 * @throws a {@link Failure} about what makes no sense, or about an option that npm took
 */
export function readScriptLine<Table extends OptionTable>(
  { name, table, usage }: Script<Table>,
  args: readonly string[],
  read: (args: readonly string[]) => CommandLine<Table> = (words) => parseCommandLine(table, words),
): CommandLine<Table> {
  refuseSlip(name, args)
  refuseWhatNpmTook(name, table, args)
  try {
    // `npm run chapter --help` is answered by npm, with a manual of its own.
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
 * Reads options that stand before the first word or behind it: the chapter's number, the tape's name.
 * What follows the next word that is no option stays as it is.
 */
export function readAroundFirstWord<Table extends OptionTable>(
  table: Table,
  args: readonly string[],
): CommandLine<Table> {
  const before = parseCommandLine(table, args)
  const [first, ...rest] = before.words
  if (first === undefined) return before
  const behind = parseCommandLine(table, rest)
  return {
    options: { ...before.options, ...behind.options },
    words: [first, ...behind.words],
  }
}
