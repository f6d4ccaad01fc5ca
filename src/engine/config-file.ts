/**
 * The docker client's own configuration, `~/.docker/config.json`. What you have set up there
 * for `docker exec` holds here too.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { codeOf, systemErrorText } from '../process/failure.ts'

/** What the workbook reads of the file. */
export type DockerConfig = {
  /** The folder of the file: contexts live beside it. */
  readonly folder: string
  /** `HttpHeaders`: sent with every request, but never in place of a header of ours. */
  readonly httpHeaders: Readonly<Record<string, string>>
  /** `detachKeys`: used where the command line names none. */
  readonly detachKeys: string
  /** `currentContext`: names the daemon where neither DOCKER_HOST nor DOCKER_CONTEXT does. */
  readonly currentContext: string
}

/**
 * Reads the file from DOCKER_CONFIG or `~/.docker`. It need not exist. As with docker, a file that
 * we cannot read or understand costs a warning, and a field of the wrong type only that field.
 *
 * @param environment - the process's environment variables
 * @param warn - gets the warning, one line
 */
export function readDockerConfig(
  environment: NodeJS.ProcessEnv,
  warn: (line: string) => void,
): DockerConfig {
  const folder = environment.DOCKER_CONFIG || join(homedir(), '.docker')
  const path = join(folder, 'config.json')
  const complain = (reason: string): void =>
    warn(`WARNING: Error parsing config file (${path}): ${reason}`)
  const file = readFile(path, complain, warn)
  const textOf = (name: string): string => {
    const value = fieldOf(file, name) ?? ''
    if (typeof value === 'string') return value
    complain(`${name} must be a string`)
    return ''
  }
  return {
    folder,
    httpHeaders: headersOf(file, complain),
    detachKeys: textOf('detachKeys'),
    currentContext: textOf('currentContext'),
  }
}

function readFile(
  path: string,
  complain: (reason: string) => void,
  warn: (line: string) => void,
): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EISDIR') complain(readError(error, path))
    else if (code !== 'ENOENT')
      warn(`WARNING: Error loading config file: ${readError(error, path)}`)
    return {}
  }
  // docker takes an empty file, and one that says null, for one without settings.
  if (/^[ \t\r\n]*$/.test(text)) return {}
  try {
    const value: unknown = JSON.parse(text)
    if (value !== null && !isObject(value)) complain('it must be a JSON object')
    return value
  } catch {
    complain('it is not valid JSON')
    return {}
  }
}

function headersOf(file: unknown, complain: (reason: string) => void): Record<string, string> {
  const headers = fieldOf(file, 'HttpHeaders') ?? {}
  const isMap = isObject(headers)
  const entries = isMap ? Object.entries(headers) : []
  if (!isMap || entries.some(([, value]) => value !== null && typeof value !== 'string')) {
    complain('HttpHeaders must be an object of strings')
  }
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  )
}

/** Whether a value from a JSON file is an object, and no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The value of a field. docker matches names in any letter case, takes the last of several, and
 * ignores null.
 */
export function fieldOf(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined
  const wanted = name.toLowerCase()
  return Object.entries(value).findLast(
    ([field, content]) => field.toLowerCase() === wanted && content !== null,
  )?.[1]
}

/** Why a file could not be read, as docker words it: `open PATH: no such file or directory`. */
export function readError(error: unknown, path: string): string {
  return `${codeOf(error) === 'EISDIR' ? 'read' : 'open'} ${path}: ${systemErrorText(error)}`
}
