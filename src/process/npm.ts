/**
 * Options that npm took for itself.
 *
 * `npm run chapter 4 --json` never shows `--json` to the program: npm believes that the option is
 * its own and keeps it, unless `--` stands before it. It tells in the environment what it kept.
 *
 * @module
 */

import { Failure } from './failure.ts'
import type { OptionTable } from './options.ts'

/**
 * Letters that npm knows as its own, and what they set in its configuration. They may have been
 * meant for us (`-d`) or for the command in the container (`sh -c`).
 */
const npmLetters: Readonly<Record<string, readonly [name: string, value?: string]>> = {
  a: ['all', 'true'],
  c: ['call'],
  d: ['loglevel', 'info'],
  l: ['long', 'true'],
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
  if (environment.npm_lifecycle_event !== script) return
  const ours = takenFromUs(table, environment)
  const others = ours ? undefined : takenFromCommand(environment)
  if (!ours && !others) return
  const line = [ours, ...words, others].filter((word) => word !== undefined).join(' ')
  throw new Failure(
    `npm took ${ours ?? others} for itself. Behind -- it leaves everything alone: npm run ${script} -- ${line}`,
    125,
  )
}

/** Finds an option of ours that npm took, as it was typed. */
function takenFromUs(table: OptionTable, environment: NodeJS.ProcessEnv): string | undefined {
  const kept = (name: string): string | undefined => environment[`npm_config_${name}`]
  for (const [name, { short, type }] of Object.entries(table)) {
    const value = kept(name.replaceAll('-', '_'))
    if (value === '') return `--no-${name}`
    if (value !== undefined) {
      return type === 'switch' || value === 'true' ? `--${name}` : `--${name}=${value}`
    }
    if (short === undefined) continue
    if (kept(short) !== undefined) return `-${short}`
    const [known, set] = npmLetters[short] ?? []
    if (known && kept(known) === set) return `-${short}`
  }
  // Letters in one word, `-it`: npm keeps the word as it is.
  const letters = Object.values(table).flatMap(({ short }) => short ?? [])
  const together = new RegExp(`^npm_config_([${letters.join('')}]{2,})$`)
  const word = Object.keys(environment).find((name) => together.test(name))
  return word?.replace('npm_config_', '-')
}

/** Finds an option of the command in the container that npm took. */
function takenFromCommand(environment: NodeJS.ProcessEnv): string | undefined {
  for (const [letter, [name, set]] of Object.entries(npmLetters)) {
    const value = environment[`npm_config_${name}`]
    if (value && (set === undefined || value === set))
      return set ? `-${letter}` : `-${letter} ${value}`
  }
  return undefined
}
