/**
 * The docker client's own configuration, `~/.docker/config.json`: whoever has set it up for
 * `docker exec` finds it honoured here.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { codeOf, systemWords } from '../failure.ts'

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
 * Reads the file from DOCKER_CONFIG or `~/.docker`. It need not exist, and a file that cannot
 * be read or understood is no reason to stop: docker warns and goes on, and so do we.
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
  const file = readJsonFile(path, warn)
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  const headers = Object.entries((file.HttpHeaders as object | null | undefined) ?? {})
  return {
    folder,
    httpHeaders: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    detachKeys: text(file.detachKeys),
    currentContext: text(file.currentContext),
  }
}

function readJsonFile(path: string, warn: (line: string) => void): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'EISDIR') {
      warn(`WARNING: Error parsing config file (${path}): read ${path}: is a directory`)
    } else if (codeOf(error) !== 'ENOENT') {
      warn(`WARNING: Error loading config file: open ${path}: ${systemWords(error)}`)
    }
    return {}
  }
  try {
    // An empty file is a configuration that says nothing.
    const file: unknown = text.trim() === '' ? {} : JSON.parse(text)
    if (typeof file === 'object' && !Array.isArray(file)) return { ...file }
    warn(`WARNING: Error parsing config file (${path}): it holds no object`)
  } catch (error) {
    warn(`WARNING: Error parsing config file (${path}): ${(error as Error).message}`)
  }
  return {}
}
