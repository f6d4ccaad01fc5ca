/**
 * The variables for a command's environment, as `--env` and `--env-file` give them.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { codeOf, Failure, systemErrorText } from './failure.ts'

/** Says what is wrong with a value of `--env`, if anything is. */
export function checkVariable(value: string): string | undefined {
  return value === '' || value.startsWith('=')
    ? `invalid environment variable: ${value}`
    : undefined
}

/**
 * Puts the variables together, those of the files first, so that `--env` overrides them.
 *
 * `NAME=value` is taken as it is. `NAME` alone takes the value that it has here. Where it has none,
 * a file leaves it out, and `--env` passes the bare name on, as docker does.
 */
export function readVariables(
  files: readonly string[],
  variables: readonly string[],
  environment: NodeJS.ProcessEnv,
): string[] {
  const fromHere = (name: string): string | undefined =>
    environment[name] === undefined ? undefined : `${name}=${environment[name]}`
  return [
    ...files.flatMap((file) => readEnvFile(file, fromHere)),
    ...variables.map((text) => (text.includes('=') ? text : (fromHere(text) ?? text))),
  ]
}

/** docker refuses a longer line, in bytes. */
const longestLine = 65_535

/** White space in Go's sense: a byte order mark is none, and Unicode's "next line" is. */
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
    // Some editors put a byte order mark before the first line. White space before a name is
    // dropped; behind a value it is part of the value.
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

/** Lines end in `\n`, and their `\r` is left. They are divided as bytes, because not every byte is text. */
function* splitLines(bytes: Buffer): Generator<Buffer> {
  let from = 0
  while (from < bytes.length) {
    const newline = bytes.indexOf(0x0a, from)
    const end = newline === -1 ? bytes.length : newline
    yield bytes.subarray(from, end)
    from = end + 1
  }
}
