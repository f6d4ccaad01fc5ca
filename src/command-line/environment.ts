/**
 * The variables for a command's environment, as `--env` and `--env-file` give them.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { codeOf, Failure } from '../failure.ts'

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

function readEnvFile(path: string, fromHere: (name: string) => string | undefined): string[] {
  const bytes = readFile(path)
  const invalid = (reason: string): Failure => new Failure(`invalid env file (${path}): ${reason}`)
  const variables: string[] = []
  for (const [index, raw] of splitLines(bytes).entries()) {
    const text = raw.toString()
    if (!Buffer.from(text).equals(raw)) {
      throw invalid(`invalid utf8 bytes at line ${index + 1}: [${[...raw].join(' ')}]`)
    }
    // Some editors put a byte order mark before the first line. White space before a name is
    // dropped; behind a value it is part of the value.
    const line = (index === 0 ? text.replace(/^\uFEFF/, '') : text).trimStart()
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
    switch (codeOf(error)) {
      case 'ENOENT':
        throw new Failure(`open ${path}: no such file or directory`)
      case 'EACCES':
        throw new Failure(`open ${path}: permission denied`)
      case 'EISDIR':
        throw new Failure(`invalid env file (${path}): read ${path}: is a directory`)
      default:
        throw new Failure(`open ${path}: ${(error as Error).message}`)
    }
  }
}

/** Lines end in `\n` or `\r\n`. They are divided as bytes, because not every byte is text. */
function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  let from = 0
  while (from < bytes.length) {
    const newline = bytes.indexOf(0x0a, from)
    const end = newline === -1 ? bytes.length : newline
    lines.push(bytes.subarray(from, bytes[end - 1] === 0x0d && end > from ? end - 1 : end))
    from = end + 1
  }
  return lines
}
