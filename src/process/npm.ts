/**
 * npm between the person and us: options that it took for itself, and names of scripts that were
 * mistyped.
 *
 * `npm run chapter 4 --json` never shows `--json` to the program: npm believes that the option is
 * its own and keeps it, unless `--` stands before it. It tells in the environment what it kept.
 *
 * @module
 */

import { Failure } from './failure.ts'
import type { OptionTable } from './options.ts'

/** The names under which package.json runs a script, besides its own. */
const otherNames: Readonly<Record<string, RegExp>> = {
  chapter: /^(start|help|chapters|chapter[1-7])$/,
}

/**
 * Letters that npm knows as its own, and what they set in its configuration. They may have been
 * meant for us (`-d`) or for the command in the container (`sh -c`).
 */
const npmLetters: Readonly<Record<string, readonly [name: string, value?: string]>> = {
  a: ['all', 'true'],
  c: ['call'],
  d: ['loglevel', 'info'],
  f: ['force', 'true'],
  l: ['long', 'true'],
  p: ['parseable', 'true'],
}

/** npm takes the beginning of one of its options for the whole: our option, and npm's. */
const npmAbbreviations: Readonly<Record<string, string>> = { edit: 'editor', view: 'viewer' }

/** An option that npm took. */
type TakenOption = {
  /** As it was typed: `--json`, `-it`, `--tape=x`. */
  readonly typed: string
  /** The word behind it, which npm took too. */
  readonly word?: string
  /** For an option whose value npm left among the words: says what is wrong with a value. */
  readonly valueCheck?: (value: string) => string | undefined
}

/**
 * Stops if npm took an option that was meant for the program.
 *
 * @param script - the name of the script in package.json
 * @param words - what npm left for the program
 * @throws a {@link Failure} that shows the right form
 */
export function refuseWhatNpmTook(
  script: string,
  table: OptionTable,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): void {
  const event = environment.npm_lifecycle_event ?? ''
  if (event !== script && !otherNames[script]?.test(event)) return
  const ours = takenFromUs(table, environment)
  const others = ours.length === 0 ? takenFromCommand(environment) : []
  if (ours.length + others.length === 0) return
  const line = lineWith(ours, words)
  const form = [script, '--', ...(line ?? ['…']), ...others].map(quoted).join(' ')
  const names = [...ours.map(({ typed }) => typed), ...others].join(' and ')
  // npm has --json too, and then writes a document of its own behind any exit code but 0. A program
  // can use that; a person at a terminal should see the sentence alone.
  const isRead = environment.npm_config_json === 'true' && process.stdout.isTTY
  throw new Failure(
    `npm took ${names} for itself. Put -- before all options:\nnpm run ${form}`,
    isRead ? 0 : 125,
  )
}

/**
 * Stops if the script's name was mistyped. package.json leads some slips of the key to the script that
 * was meant, because npm says nothing about a script that does not exist.
 */
export function refuseSlip(
  script: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): void {
  const event = environment.npm_lifecycle_event ?? ''
  const letters = (word: string): string => [...word].sort().join('')
  const isSwapped = letters(event) === letters(script)
  const isShort = [...script].some((_, at) => event === script.slice(0, at) + script.slice(at + 1))
  if (event === script || !(isSwapped || isShort)) return
  throw new Failure(
    `there is no script ${event}: did you mean npm run ${[script, ...words].map(quoted).join(' ')}?`,
    1,
    'npm start shows the chapters; npm start help shows all commands.',
  )
}

/** The options of ours that npm took. */
function takenFromUs(table: OptionTable, environment: NodeJS.ProcessEnv): TakenOption[] {
  const kept = (name: string): string | undefined => environment[`npm_config_${name}`]
  const taken: TakenOption[] = []
  for (const [name, { short, type, check = () => undefined }] of Object.entries(table)) {
    const value = kept(name.replaceAll('-', '_'))
    const abbreviated = kept(npmAbbreviations[name] ?? '')
    const isLeft = type === 'switch' ? {} : { valueCheck: check }
    if (value === '') taken.push({ typed: `--no-${name}` })
    else if (value !== undefined) {
      // An option that stood there twice has its values in one.
      for (const each of value.split('\n\n')) {
        if (type === 'switch' || each === 'true') taken.push({ typed: `--${name}`, ...isLeft })
        else taken.push({ typed: `--${name}=${each}` })
      }
    } else if (abbreviated !== undefined && type === 'switch') {
      // npm's option has a value, and took the next word for it: a chapter, not the name of an editor.
      if (/^\d*$/.test(abbreviated)) taken.push({ typed: `--${name}`, word: abbreviated })
    } else if (abbreviated !== undefined && check(abbreviated) === undefined) {
      taken.push({ typed: `--${name}=${abbreviated}` })
    } else if (short !== undefined) {
      const [known = '', set] = npmLetters[short] ?? []
      if (kept(short) !== undefined) taken.push({ typed: `-${short}`, ...isLeft })
      else if (set !== undefined && kept(known) === set) taken.push({ typed: `-${short}` })
    }
  }
  // Letters in one word, `-it`: npm keeps the word as it is.
  const letters = Object.values(table).flatMap(({ short }) => short ?? [])
  const together = new RegExp(`^npm_config_([${letters.join('')}]{2,})$`)
  const word = Object.keys(environment).find((name) => together.test(name))
  return word ? [...taken, { typed: word.replace('npm_config_', '-') }] : taken
}

/** The options of the command in the container that npm took. */
function takenFromCommand(environment: NodeJS.ProcessEnv): string[] {
  return Object.entries(npmLetters).flatMap(([letter, [name, set]]) => {
    const value = environment[`npm_config_${name}`]
    if (!value || (set !== undefined && value !== set)) return []
    return set === undefined ? [`-${letter}`, value] : [`-${letter}`]
  })
}

/**
 * The words in an order in which they can be read: an option before its value, which npm left among
 * the words. Undefined where there are several such options, because nothing says which value is whose.
 */
function lineWith(taken: readonly TakenOption[], words: readonly string[]): string[] | undefined {
  const whole = taken
    .filter(({ valueCheck }) => !valueCheck)
    .flatMap(({ typed, word }) => (word ? [typed, word] : [typed]))
  const [open, ...more] = taken.filter(({ valueCheck }) => valueCheck)
  if (!open) return [...whole, ...words]
  if (more.length > 0) return undefined
  // The number of a chapter is no value, where anything else is.
  const from = words.length > 1 && /^\d+$/.test(words[0] ?? '') ? 1 : 0
  const fitting = words.findIndex((word, at) => at >= from && open.valueCheck?.(word) === undefined)
  const at = fitting === -1 ? from : fitting
  return [...whole, ...words.slice(0, at), open.typed, ...words.slice(at)]
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
