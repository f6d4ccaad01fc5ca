/**
 * Handles what npm does to our command lines: options that it took for
 * itself, and mistyped names of scripts.
 *
 * In `npm run chapter 4 --json` the program never sees `--json`: without a
 * `--` before it, npm treats the option as its own. The environment variables
 * `npm_config_*` say which ones it took.
 *
 * @module
 */

import { Failure } from './failure.ts'
import type { OptionTable } from './options.ts'

/** Names of scripts in package.json that run the same program. */
const otherNames: Readonly<Record<string, RegExp>> = {
  chapter: /^(start|help|chapters|chapter[1-7])$/,
}

/**
 * Letters that are npm's own options, and the settings that they change. They
 * may have been meant for us (`-d`) or for the command in the container
 * (`sh -c`).
 */
const npmLetters: Readonly<Record<string, readonly [name: string, value?: string]>> = {
  a: ['all', 'true'],
  c: ['call'],
  d: ['loglevel', 'info'],
  f: ['force', 'true'],
  l: ['long', 'true'],
  p: ['parseable', 'true'],
}

/** Options of ours that npm reads as abbreviations of its own options. */
const npmAbbreviations: Readonly<Record<string, string>> = { edit: 'editor', view: 'viewer' }

/** An option that npm took. */
type TakenOption = {
  /** As typed: `--json`, `-it`, `--tape=x`. */
  readonly typed: string
  /** The next word, if npm took that too. */
  readonly word?: string
  /** Checks a value, if npm left the option's value among the words. */
  readonly valueCheck?: (value: string) => string | undefined
}

/**
 * Throws if npm took an option that was meant for the program.
 *
 * @param script - the name of the script in package.json
 * @param words - the words that npm passed on
 * @throws a {@link Failure} that shows the correct command line
 */
export function rejectOptionsNpmTook(
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
  const line = restoreWordOrder(ours, words)
  const form = [script, '--', ...(line ?? ['…']), ...others].map(quoteForShell).join(' ')
  const names = [...ours.map(({ typed }) => typed), ...others].join(' and ')
  // npm also has --json, and after a non-zero exit code it prints a JSON
  // document of its own. A program can use that. At a terminal you should see
  // only our message.
  const isRead = environment.npm_config_json === 'true' && process.stdout.isTTY
  throw new Failure(
    `npm took ${names} for itself. Put -- before all options:\nnpm run ${form}`,
    isRead ? 0 : 125,
  )
}

/**
 * Throws if the script's name was mistyped. npm prints no suggestion for an
 * unknown script, so package.json maps common typos to the script that was
 * meant.
 */
export function rejectScriptTypo(
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
    `unknown script ${event}: did you mean npm run ${[script, ...words].map(quoteForShell).join(' ')}?`,
    1,
    'npm start shows the chapters; npm start help shows all commands.',
  )
}

/** Returns the options of ours that npm took. */
function takenFromUs(table: OptionTable, environment: NodeJS.ProcessEnv): TakenOption[] {
  const npmSetting = (name: string): string | undefined => environment[`npm_config_${name}`]
  const taken: TakenOption[] = []
  for (const [name, { short, type, check = () => undefined }] of Object.entries(table)) {
    const value = npmSetting(name.replaceAll('-', '_'))
    const abbreviated = npmSetting(npmAbbreviations[name] ?? '')
    const valueIsSeparate = type === 'switch' ? {} : { valueCheck: check }
    if (value === '') taken.push({ typed: `--no-${name}` })
    else if (value !== undefined) {
      // npm joins the values of a repeated option into one.
      for (const each of value.split('\n\n')) {
        if (type === 'switch' || each === 'true')
          taken.push({ typed: `--${name}`, ...valueIsSeparate })
        else taken.push({ typed: `--${name}=${each}` })
      }
    } else if (abbreviated !== undefined && type === 'switch') {
      // npm's option takes a value, so npm took the next word, which was a
      // chapter's number.
      if (/^\d*$/.test(abbreviated)) taken.push({ typed: `--${name}`, word: abbreviated })
    } else if (abbreviated !== undefined && check(abbreviated) === undefined) {
      taken.push({ typed: `--${name}=${abbreviated}` })
    } else if (short !== undefined) {
      const [known = '', set] = npmLetters[short] ?? []
      if (npmSetting(short) !== undefined) taken.push({ typed: `-${short}`, ...valueIsSeparate })
      else if (set !== undefined && npmSetting(known) === set) taken.push({ typed: `-${short}` })
    }
  }
  // npm keeps combined letters such as `-it` as one word.
  const letters = Object.values(table).flatMap(({ short }) => short ?? [])
  const together = new RegExp(`^npm_config_([${letters.join('')}]{2,})$`)
  const word = Object.keys(environment).find((name) => together.test(name))
  return word ? [...taken, { typed: word.replace('npm_config_', '-') }] : taken
}

/** Returns the options of the container's command that npm took. */
function takenFromCommand(environment: NodeJS.ProcessEnv): string[] {
  return Object.entries(npmLetters).flatMap(([letter, [name, set]]) => {
    const value = environment[`npm_config_${name}`]
    if (!value || (set !== undefined && value !== set)) return []
    return set === undefined ? [`-${letter}`, value] : [`-${letter}`]
  })
}

/**
 * Returns the words in the right order, with an option before its value,
 * which npm left among the words. Undefined if several options lack a value,
 * because we can't tell which value is whose.
 */
function restoreWordOrder(
  taken: readonly TakenOption[],
  words: readonly string[],
): string[] | undefined {
  const whole = taken
    .filter(({ valueCheck }) => !valueCheck)
    .flatMap(({ typed, word }) => (word ? [typed, word] : [typed]))
  const [open, ...more] = taken.filter(({ valueCheck }) => valueCheck)
  if (!open) return [...whole, ...words]
  if (more.length > 0) return undefined
  // If there are other words, the first number is the chapter and not the
  // value.
  const from = words.length > 1 && /^\d+$/.test(words[0] ?? '') ? 1 : 0
  const fitting = words.findIndex((word, at) => at >= from && open.valueCheck?.(word) === undefined)
  const at = fitting === -1 ? from : fitting
  return [...whole, ...words.slice(0, at), open.typed, ...words.slice(at)]
}

/** Quotes a word for a shell, if it needs it. */
function quoteForShell(word: string): string {
  return /^[\w@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
