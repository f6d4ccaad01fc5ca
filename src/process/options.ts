/**
 * Reads a command line in the way docker's does: options first, and the first word that is none
 * ends them, because what follows belongs to the command in the container.
 *
 * Node's own parser finds the words. What is added here is docker's reading of a switch with a
 * value (`--tty=false`), and its sentences for what it does not understand.
 *
 * @module
 */

import { type ParseArgsConfig, parseArgs } from 'node:util'
import { Failure } from './failure.ts'

/** An option: a switch, or one that takes a value, once or several times. */
export type Option = {
  readonly type: 'switch' | 'value' | 'list'
  /** One letter: `t` for `-t`. */
  readonly short?: string
  /** True of a letter that will go away, as docker's `-h`: whoever uses it is told so. */
  readonly isDeprecated?: true
  /** A line that shows it with a value. Where the value is missing, docker's sentence has none. */
  readonly example?: string
  /** Looks at a value and says what is wrong with it. */
  readonly check?: (value: string) => string | undefined
}

/** The options of a command, by their long names. */
export type OptionTable = Readonly<Record<string, Option>>

/** What an option's type makes of it. */
type ValueOf<Type extends Option['type']> = Type extends 'switch'
  ? boolean
  : Type extends 'value'
    ? string
    : string[]

/** What was read. */
export type CommandLine<Table extends OptionTable> = {
  /** Each option that was given, by its long name; of a switch given twice the last one counts. */
  readonly options: { readonly [Name in keyof Table]?: ValueOf<Table[Name]['type']> }
  /** The first word that is no option, and all behind it as they are. */
  readonly words: readonly string[]
  /** What whoever typed this line should hear about it, a sentence each; absent if nothing. */
  readonly notices?: readonly string[]
}

/** How docker, and Go, write a truth. */
const booleanWords: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, false])),
}

type Values = Record<string, boolean | string | string[]>

/**
 * Reads `args`.
 *
 * @throws a {@link Failure} with exit code 125, as docker's, about the first word that makes no sense
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

/** Reads options into `values` and returns the words behind them. */
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
      // In `-i-t` the parser took the second dash for the word that ends the options.
      if (word !== '--') throw unknownLetter(word, '-')
      return args.slice(token.index + 1)
    }
    if (token.kind === 'positional') return args.slice(token.index)

    const next = tokens[at + 1]
    if (
      next?.kind === 'option' &&
      next.rawName === '-=' &&
      !word.endsWith(`${token.rawName.slice(1)}=`)
    ) {
      // In `-it=false` the parser took `=false` for five more letters. It is the value of `t`, and
      // what follows has to be read again: the parser may have taken it for the value of a letter.
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

/** Reads one option. `word` is where it stands, alone or with other letters. */
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
    const truth = booleanWords[value ?? 'true']
    if (truth === undefined) {
      const reason = `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`
      throw misuse(invalidValue(name, option, value ?? '', reason))
    }
    values[name] = truth
    return
  }
  if (value === undefined && option.example !== undefined) {
    throw misuse(`${rawName} needs a value: ${option.example}`)
  }
  if (value === undefined) {
    throw misuse(`flag needs an argument: ${letter ? `'${letter}' in -${letter}` : rawName}`)
  }
  const wrong = option.check?.(value)
  if (wrong !== undefined) throw misuse(invalidValue(name, option, value, wrong))
  const earlier = values[name]
  values[name] =
    option.type === 'list' ? [...(Array.isArray(earlier) ? earlier : []), value] : value
}

/** Go counts letters in bytes: of `-ü` it names the first one, which is `Ã` by itself. */
function unknownLetter(word: string, letter: string): Failure {
  const rest = word.slice(word.indexOf(letter, 1))
  const first = String.fromCharCode(Buffer.from(rest)[0] ?? 0)
  return misuse(`unknown shorthand flag: '${first}' in -${rest}`)
}

function invalidValue(
  name: string,
  { short, isDeprecated: isLeaving }: Option,
  value: string,
  reason: string,
): string {
  const flag = short && !isLeaving ? `-${short}, --${name}` : `--${name}`
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
