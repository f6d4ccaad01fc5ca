/**
 * The docker client's own configuration, `~/.docker/config.json`. Your
 * settings for `docker exec` apply here too.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { codeOf, systemErrorText } from '../process/failure.ts'

/** The settings that we read from the file. */
export type DockerConfig = {
  /** The folder of the file. It also holds the contexts. */
  readonly folder: string
  /**
   * `HttpHeaders`: sent with every request, but they never replace our own
   * headers.
   */
  readonly httpHeaders: Readonly<Record<string, string>>
  /** `detachKeys`: used if the command line does not set them. */
  readonly detachKeys: string
  /**
   * `currentContext`: used if neither DOCKER_HOST nor DOCKER_CONTEXT is set.
   */
  readonly currentContext: string
}

/**
 * Reads the file from DOCKER_CONFIG or `~/.docker`. A missing file is fine.
 * As in docker, a file that can't be read or parsed causes a warning, and so
 * does a field of the wrong type, which is ignored.
 *
 * @param environment - the process's environment variables
 * @param warn - receives the warning, one line
 */
export function readDockerConfig(
  environment: NodeJS.ProcessEnv,
  warn: (line: string) => void,
): DockerConfig {
  const folder = environment.DOCKER_CONFIG || join(homedir(), '.docker')
  const path = join(folder, 'config.json')
  const warnAboutFile = (reason: string): void =>
    warn(`WARNING: Error parsing config file (${path}): ${reason}`)
  const file = readFile(path, warnAboutFile, warn)
  const textOf = (name: string): string => {
    const value = fieldOf(file, name) ?? ''
    if (typeof value === 'string') return value
    warnAboutFile(`${name} must be a string`)
    return ''
  }
  return {
    folder,
    httpHeaders: headersOf(file, warnAboutFile),
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
  // docker treats an empty file, or one that contains null, as having no
  // settings.
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

/** Whether a value from a JSON file is an object and not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Returns the value of a field. Like docker, it ignores the case of the name,
 * takes the last of several matches and skips null.
 */
export function fieldOf(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined
  const lowerCaseName = name.toLowerCase()
  return Object.entries(value).findLast(
    ([field, content]) => field.toLowerCase() === lowerCaseName && content !== null,
  )?.[1]
}

/**
 * Returns why a file could not be read, in docker's words:
 * `open PATH: no such file or directory`.
 */
export function readError(error: unknown, path: string): string {
  return `${codeOf(error) === 'EISDIR' ? 'read' : 'open'} ${path}: ${systemErrorText(error)}`
}
