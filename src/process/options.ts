/**
 * Parses a command line as docker does: options come first, and the first
 * word that is not an option ends them, because the rest is the command for
 * the container.
 *
 * Node's parser finds the words. We add docker's reading of a switch with a
 * value (`--tty=false`) and its error messages.
 *
 * @module
 */

import { type ParseArgsConfig, parseArgs } from 'node:util'
import { Failure } from './failure.ts'

/**
 * An option: a switch, or an option that takes one value or a list of values.
 */
export type Option = {
  readonly type: 'switch' | 'value' | 'list'
  /** One letter: `t` for `-t`. */
  readonly short?: string
  /**
   * True if the letter is deprecated, as docker's `-h` is. Using it prints a
   * notice.
   */
  readonly isDeprecated?: true
  /**
   * A line that shows it with a value, for our error if the value is missing.
   */
  readonly example?: string
  /** The first API version that knows it, if not every one does. */
  readonly since?: string
  /** Checks a value and returns what is wrong with it. */
  readonly check?: (value: string) => string | undefined
}

/** The options of a command, by their long names. */
export type OptionTable = Readonly<Record<string, Option>>

/** The type of an option's parsed value. */
type ValueOf<Type extends Option['type']> = Type extends 'switch'
  ? boolean
  : Type extends 'value'
    ? string
    : string[]

/** A parsed command line. */
export type CommandLine<Table extends OptionTable> = {
  /**
   * The options given, by long name. If a switch is given twice, the last one
   * counts.
   */
  readonly options: { readonly [Name in keyof Table]?: ValueOf<Table[Name]['type']> }
  /**
   * The first word that is not an option, and everything after it, unchanged.
   */
  readonly words: readonly string[]
  /** Notices to print, such as a deprecation; absent if there are none. */
  readonly notices?: readonly string[]
}

/**
 * The words that docker, like Go's `ParseBool`, accepts for true and false.
 */
const booleanWords: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, false])),
}

type Values = Record<string, boolean | string | string[]>

/**
 * Parses `args`.
 *
 * @throws a {@link Failure} with exit code 125, like docker's, about the
 * first word that is invalid
 */
export function parseCommandLine<const Table extends OptionTable>(
  table: Table,
  args: readonly string[],
): CommandLine<Table> {
  const values: Values = {}
  const notices: string[] = []
  const words = readOptions(table, args, values, notices)
  return {
    options: values as CommandLine<Table>['options'],
    words,
    ...(notices.length > 0 && { notices }),
  }
}

/** Parses options into `values` and returns the words after them. */
function readOptions(
  table: OptionTable,
  args: readonly string[],
  values: Values,
  notices: string[],
): string[] {
  const options = parserOptions(table)
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })

  for (const [at, token] of tokens.entries()) {
    const word = args[token.index] ?? ''
    if (token.kind === 'option-terminator') {
      // In `-i-t` Node's parser took the second dash for `--`.
      if (word !== '--') throw unknownLetter(word, '-')
      return args.slice(token.index + 1)
    }
    if (token.kind === 'positional') return args.slice(token.index)

    const next = tokens[at + 1]
    if (
      next?.kind === 'option' &&
      next.index === token.index &&
      next.rawName === '-=' &&
      !/^[^=]*=$/.test(word)
    ) {
      // In `-it=false` Node's parser took `=false` for five more letters. It
      // is the value of `t`, and the rest must be parsed again: it may have
      // been taken for the value of a letter.
      readOption(
        table,
        { ...token, value: word.slice(word.indexOf('=') + 1) },
        word,
        values,
        notices,
      )
      return readOptions(table, args.slice(token.index + 1), values, notices)
    }
    // `-w=/tmp` and `-w/tmp` are the same; in `-w=` the value is `=`.
    const value =
      token.rawName.startsWith('--') || !token.inlineValue
        ? token.value
        : token.value.replace(/^=(?=.)/s, '')
    readOption(table, { ...token, value }, word, values, notices)
  }
  return []
}

/**
 * Parses one option. `word` is the whole word, which may hold other letters
 * too.
 */
function readOption(
  table: OptionTable,
  token: { readonly name: string; readonly rawName: string; readonly value: string | undefined },
  word: string,
  values: Values,
  notices: string[],
): void {
  const { name, rawName, value } = token
  const option = Object.hasOwn(table, name) ? table[name] : undefined
  const letter = rawName.startsWith('--') ? undefined : rawName.slice(1)
  if (!option || (letter && option.short !== letter)) {
    if (/^--[-=]/.test(word)) throw misuse(`bad flag syntax: ${word}`)
    if (!letter) throw misuse(`unknown flag: ${rawName}`)
    throw unknownLetter(word, letter)
  }
  if (letter && option.isDeprecated) {
    notices.push(`Flag shorthand -${letter} has been deprecated, use --${name}`)
  }
  if (option.type === 'switch') {
    const parsed = booleanWords[value ?? 'true']
    if (parsed === undefined) {
      const reason = `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`
      throw misuse(invalidValue(name, option, value ?? '', reason))
    }
    values[name] = parsed
    return
  }
  if (value === undefined && option.example !== undefined) {
    throw misuse(`${rawName} needs a value: ${option.example}`)
  }
  if (value === undefined) {
    throw misuse(`flag needs an argument: ${letter ? `'${letter}' in -${letter}` : rawName}`)
  }
  const reason = option.check?.(value)
  if (reason !== undefined) throw misuse(invalidValue(name, option, value, reason))
  const earlier = values[name]
  values[name] =
    option.type === 'list' ? [...(Array.isArray(earlier) ? earlier : []), value] : value
}

/**
 * Go reads letters as bytes: for `-ü` it names the first byte, which prints
 * as `Ã`.
 */
function unknownLetter(word: string, letter: string): Failure {
  const rest = word.slice(word.indexOf(letter, 1))
  const first = String.fromCharCode(Buffer.from(rest)[0] ?? 0)
  return misuse(`unknown shorthand flag: '${first}' in -${rest}`)
}

function invalidValue(
  name: string,
  { short, isDeprecated }: Option,
  value: string,
  reason: string,
): string {
  const flag = short && !isDeprecated ? `-${short}, --${name}` : `--${name}`
  return `invalid argument ${JSON.stringify(value)} for "${flag}" flag: ${reason}`
}

function misuse(message: string): Failure {
  return new Failure(message, 125)
}

function parserOptions(table: OptionTable): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    Object.entries(table).map(([name, { type, short }]) => [
      name,
      { type: type === 'switch' ? 'boolean' : 'string', ...(short && { short }) },
    ]),
  )
}
