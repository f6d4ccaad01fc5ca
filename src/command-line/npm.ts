/**
 * Options that npm took for itself.
 *
 * `npm run chapter 4 --json` never shows `--json` to the program: npm believes that the option is
 * its own and keeps it, unless `--` stands before it. It tells in the environment what it kept.
 *
 * @module
 */

import type { OptionTable } from './parse.ts'

/** Letters that npm knows as its own, and what they set in its configuration. */
const npmLetters: Readonly<Record<string, readonly [name: string, value?: string]>> = {
  c: ['call'],
  d: ['loglevel', 'info'],
}

/**
 * Finds an option of ours that npm took.
 *
 * @returns it as it was typed, `--json`, or undefined if npm took none
 */
export function npmTook(table: OptionTable, environment: NodeJS.ProcessEnv): string | undefined {
  if (environment.npm_lifecycle_event === undefined) return undefined
  const kept = (name: string): string | undefined => environment[`npm_config_${name}`]

  for (const [name, { short, type }] of Object.entries(table)) {
    const value = kept(name.replaceAll('-', '_'))
    if (value !== undefined && isOurs(name)) {
      if (value === '') return `--no-${name}`
      return type === 'switch' || value === 'true' ? `--${name}` : `--${name}=${value}`
    }
    if (short && kept(short) !== undefined) return `-${short}`
  }
  // Letters in one word, `-it`: npm keeps the word as it is.
  const letters = Object.values(table).flatMap(({ short }) => short ?? [])
  const together = new RegExp(`^npm_config_([${letters.join('')}]{2,})$`)
  for (const name of Object.keys(environment)) {
    const word = together.exec(name)?.[1]
    if (word) return `-${word}`
  }
  for (const [letter, [name, value]] of Object.entries(npmLetters)) {
    const is = kept(name)
    if (is && (value === undefined || is === value))
      return value ? `-${letter}` : `-${letter} ${is}`
  }
  return undefined
}

/** npm has an option of this name too, and sets it without being asked. */
function isOurs(name: string): boolean {
  return name !== 'user'
}
