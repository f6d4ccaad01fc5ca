/**
 * The docker client's own configuration, `~/.docker/config.json`: whoever has set it up for
 * `docker exec` finds it honoured here.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { codeOf, systemWords } from '../process/failure.ts'
import { listOf, mapOf, readGoJson, struct, text } from './go-json.ts'

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

/** What docker knows of the file. We read three of these fields, and warn of every one as docker does. */
const shape = struct('configfile.ConfigFile', {
  auths: mapOf(
    struct('types.AuthConfig', {
      username: text,
      password: text,
      auth: text,
      email: text,
      serveraddress: text,
      identitytoken: text,
      registrytoken: text,
    }),
  ),
  HttpHeaders: mapOf(text),
  psFormat: text,
  imagesFormat: text,
  networksFormat: text,
  pluginsFormat: text,
  volumesFormat: text,
  statsFormat: text,
  detachKeys: text,
  credsStore: text,
  credHelpers: mapOf(text),
  serviceInspectFormat: text,
  servicesFormat: text,
  tasksFormat: text,
  secretFormat: text,
  configFormat: text,
  nodesFormat: text,
  pruneFilters: listOf(text),
  proxies: mapOf(
    struct('configfile.ProxyConfig', {
      httpProxy: text,
      httpsProxy: text,
      noProxy: text,
      ftpProxy: text,
      allProxy: text,
    }),
  ),
  currentContext: text,
  cliPluginsExtraDirs: listOf(text),
  plugins: mapOf(mapOf(text)),
  aliases: mapOf(text),
  features: mapOf(text),
  experimental: text,
})

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
  const file = readFile(join(folder, 'config.json'), warn)
  return {
    folder,
    httpHeaders: Object.fromEntries(
      Object.entries(file.HttpHeaders ?? {}).map(([name, value]) => [name, value ?? '']),
    ),
    detachKeys: file.detachKeys ?? '',
    currentContext: file.currentContext ?? '',
  }
}

/** What we read of the file, where it is there and has the right type. */
type Fields = {
  readonly HttpHeaders?: Readonly<Record<string, string | undefined>>
  readonly detachKeys?: string
  readonly currentContext?: string
}

function readFile(path: string, warn: (line: string) => void): Fields {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    if (codeOf(error) === 'EISDIR') {
      warn(`WARNING: Error parsing config file (${path}): read ${path}: is a directory`)
    } else if (codeOf(error) !== 'ENOENT') {
      warn(`WARNING: Error loading config file: open ${path}: ${systemWords(error)}`)
    }
    return {}
  }
  // Go stops behind the first value, and never sees what else is in the file.
  const { value, wrong } = readGoJson(bytes, shape, 'allowed')
  if (wrong !== undefined) warn(`WARNING: Error parsing config file (${path}): ${wrong}`)
  return value ?? {}
}
