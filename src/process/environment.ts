/**
 * A command's environment variables, from `--env` and `--env-file`.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { codeOf, Failure, systemErrorText } from './failure.ts'

/** Returns what is wrong with a value of `--env`, or undefined. */
export function checkVariable(value: string): string | undefined {
  return value === '' || value.startsWith('=')
    ? `invalid environment variable: ${value}`
    : undefined
}

/**
 * Returns the variables, those from files first, so `--env` overrides them.
 *
 * `NAME=value` is passed unchanged. `NAME` alone takes its value from our
 * environment. If it has none there, a file's entry is dropped and `--env`
 * passes the bare name on, as docker does.
 */
export function readVariables(
  files: readonly string[],
  variables: readonly string[],
  environment: NodeJS.ProcessEnv,
): string[] {
  const fromOurEnvironment = (name: string): string | undefined =>
    // `-e toString` must not find what every object has.
    Object.hasOwn(environment, name) ? `${name}=${environment[name]}` : undefined
  return [
    ...files.flatMap((file) => readEnvFile(file, fromOurEnvironment)),
    ...variables.map((text) => (text.includes('=') ? text : (fromOurEnvironment(text) ?? text))),
  ]
}

/** The longest line that docker accepts, in bytes. */
const longestLine = 65_535

/**
 * What Go counts as white space: not the byte order mark, but Unicode's "next
 * line".
 */
const leadingSpace = /^(?:(?!\uFEFF)[\s\u0085])+/

function readEnvFile(path: string, fromHere: (name: string) => string | undefined): string[] {
  const invalid = (reason: string): Failure => new Failure(`invalid env file (${path}): ${reason}`)
  const variables: string[] = []
  let count = 0
  for (const raw of splitLines(readFile(path))) {
    count += 1
    if (raw.length > longestLine) throw invalid('bufio.Scanner: token too long')
    const bytes = raw.at(-1) === 0x0d ? raw.subarray(0, -1) : raw
    const text = bytes.toString()
    if (!Buffer.from(text).equals(bytes)) {
      throw invalid(`invalid utf8 bytes at line ${count}: [${[...bytes].join(' ')}]`)
    }
    // Some editors write a byte order mark at the start of a file. White
    // space before a name is dropped; after a value it is part of the value.
    const line = (count === 1 ? text.replace(/^\uFEFF/, '') : text).replace(leadingSpace, '')
    if (line === '' || line.startsWith('#')) continue
    const name = line.split('=', 1)[0] ?? ''
    if (name === '') throw invalid(`no variable name on line '${line}'`)
    if (/[ \t]/.test(name)) throw invalid(`variable '${name}' contains whitespaces`)
    const variable = line.includes('=') ? line : fromHere(name)
    if (variable !== undefined) variables.push(variable)
  }
  return variables
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw codeOf(error) === 'EISDIR'
      ? new Failure(`invalid env file (${path}): read ${path}: is a directory`)
      : new Failure(`open ${path}: ${systemErrorText(error)}`)
  }
}

/**
 * Splits at `\n` and keeps each `\r`. It works on bytes, because a line may
 * be invalid UTF-8.
 */
function* splitLines(bytes: Buffer): Generator<Buffer> {
  let from = 0
  while (from < bytes.length) {
    const newline = bytes.indexOf(0x0a, from)
    const end = newline === -1 ? bytes.length : newline
    yield bytes.subarray(from, end)
    from = end + 1
  }
}
