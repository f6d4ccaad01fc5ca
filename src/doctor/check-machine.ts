/**
 * Checks Node, the installed packages and how npm passes options on.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { isOlder } from '../engine/api-version.ts'
import { type Finding, note, ok, problem, skipped } from './finding.ts'

/** The fields that we read from a package.json. */
type Manifest = {
  readonly version: string
  readonly engines?: { readonly node?: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** The machine to check. */
export type Machine = {
  /** The root of the project. */
  readonly root: string
  readonly environment: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  /** The version of Node, without a `v`. */
  readonly nodeVersion: string
}

/**
 * Checks the machine. If a finding is a problem, the workbook cannot start at
 * all.
 */
export function examineMachine(machine: Machine): Finding[] {
  const manifest = readManifest(machine.root)
  return [
    examineNode(machine, manifest),
    examinePackages(machine, manifest),
    ...Object.keys(manifest.optionalDependencies ?? {}).map((name) =>
      examineBinding(machine.root, name),
    ),
    examineNpm(machine.environment),
    ...examinePathConversion(machine),
  ]
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

function examineNode({ nodeVersion }: Machine, { engines }: Manifest): Finding {
  const oldest = engines?.node?.replace(/^>=/, '') ?? '0'
  const observed = `${nodeVersion}; the workbook needs ${oldest} or newer`
  return isOlder(nodeVersion, oldest)
    ? problem('Node.js', observed, { failure: 'node-too-old' })
    : ok('Node.js', observed)
}

function examinePackages({ root }: Machine, { dependencies = {} }: Manifest): Finding {
  const problems = Object.entries(dependencies).flatMap(([name, required]) => {
    const version = installedVersion(root, name)
    if (version === required) return []
    return [version ? `${name} is ${version} instead of ${required}` : `${name} is missing`]
  })
  const names = Object.keys(dependencies).join(', ')
  return problems.length > 0
    ? problem('packages', problems.join('; '), { failure: 'packages-missing' })
    : ok('packages', `${names}: all installed in the required versions`)
}

function installedVersion(root: string, name: string): string | undefined {
  try {
    return readManifest(join(root, 'node_modules', name)).version
  } catch {
    return undefined
  }
}

/**
 * Checks the pty binding. It is optional native code, so it may be installed
 * and not load.
 */
function examineBinding(root: string, name: string): Finding {
  const about = 'pty binding'
  const failure = 'pty-binding-missing'
  const version = installedVersion(root, name)
  if (!version) return note(about, `${name} is not installed`, { failure })
  try {
    createRequire(join(root, 'package.json'))(name)
    return ok(about, `${name} ${version} loads: the practice daemon has pseudo-terminals`)
  } catch {
    return note(about, `${name} ${version} does not load here`, { failure })
  }
}

/** Reports two habits of npm that look like bugs of the workbook. */
function examineNpm(environment: NodeJS.ProcessEnv): Finding {
  const [, version] = /^npm\/(\S+)/.exec(environment.npm_config_user_agent ?? '') ?? []
  if (version === undefined) return skipped('npm', 'this was not started by npm run')
  const silence =
    environment.npm_config_loglevel === 'silent'
      ? ' npm is silent here: an unknown script prints nothing at all.'
      : ''
  return note(
    'npm',
    `${version}. Options go after --, or npm keeps them: npm run chapter -- 4 --json.${silence}`,
  )
}

function examinePathConversion({ platform, environment }: Machine): Finding[] {
  const { MSYSTEM, MSYS_NO_PATHCONV } = environment
  if (platform !== 'win32' || MSYSTEM === undefined || MSYS_NO_PATHCONV !== undefined) return []
  return [
    note('Git Bash', 'it rewrites arguments that begin with /', { failure: 'path-conversion' }),
  ]
}
