/**
 * Looks at Node, at the packages and at what npm does to a command.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Finding, isOlder, note, ok, problem, skipped } from './finding.ts'

/** What is read of a package.json. */
type Manifest = {
  readonly version: string
  readonly engines?: { readonly node?: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** The machine as the doctor sees it. */
export type Machine = {
  /** The folder of the project. */
  readonly root: string
  readonly environment: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  /** The version of Node, without a `v`. */
  readonly nodeVersion: string
}

/** Examines it. The workbook cannot start at all while one of the findings is a problem. */
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
  const saw = `${nodeVersion}; the workbook needs ${oldest} or newer`
  return isOlder(nodeVersion, oldest)
    ? problem('Node.js', saw, { failure: 'node-too-old' })
    : ok('Node.js', saw)
}

function examinePackages({ root }: Machine, { dependencies = {} }: Manifest): Finding {
  const wrong = Object.entries(dependencies).flatMap(([name, wanted]) => {
    const version = installedVersion(root, name)
    if (version === wanted) return []
    return [version ? `${name} is ${version} and not ${wanted}` : `${name} is missing`]
  })
  const names = Object.keys(dependencies).join(', ')
  return wrong.length > 0
    ? problem('packages', wrong.join('; '), { failure: 'packages-missing' })
    : ok('packages', `${names}: installed, in the right versions`)
}

function installedVersion(root: string, name: string): string | undefined {
  try {
    return readManifest(join(root, 'node_modules', name)).version
  } catch {
    return undefined
  }
}

/** The binding is native code and optional: it may be installed and still not fit this system. */
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

/** Two habits of npm's that look like a defect of the workbook. */
function examineNpm(environment: NodeJS.ProcessEnv): Finding {
  const [, version] = /^npm\/(\S+)/.exec(environment.npm_config_user_agent ?? '') ?? []
  if (version === undefined) return skipped('npm', 'npm run did not start this')
  const silence =
    environment.npm_config_loglevel === 'silent'
      ? ' npm is silent here: a script that does not exist prints nothing at all.'
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
