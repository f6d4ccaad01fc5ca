/**
 * Looks at Node, at the packages and at what npm does to a command.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Watcher } from './finding.ts'

/** What is read of a package.json. */
type Manifest = {
  readonly version: string
  readonly engines?: { readonly node?: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** What decides about the machine. */
export type Machine = {
  /** The folder of the project. */
  readonly root: string
  readonly environment: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  /** The version of Node, without a `v`. */
  readonly nodeVersion: string
}

/**
 * Examines it.
 *
 * @returns whether the workbook can start at all
 */
export function examineMachine(machine: Machine, watcher: Watcher): boolean {
  watcher.part('This machine')
  const manifest = readManifest(machine.root)
  const isNewEnough = examineNode(machine, manifest, watcher)
  const hasPackages = examinePackages(machine, manifest, watcher)
  examineBinding(machine, manifest, watcher)
  examineNpm(machine.environment, watcher)
  if (machine.platform === 'win32') examinePathConversion(machine.environment, watcher)
  return isNewEnough && hasPackages
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

function examineNode({ nodeVersion }: Machine, { engines }: Manifest, { tell }: Watcher): boolean {
  const oldest = engines?.node?.replace(/^>=/, '') ?? '0'
  const isNewEnough = isAtLeast(nodeVersion, oldest)
  tell({
    about: 'Node.js',
    status: isNewEnough ? 'ok' : 'problem',
    saw: `${nodeVersion}; it takes ${oldest} or newer`,
    ...(!isNewEnough && { failure: 'node-too-old' }),
  })
  return isNewEnough
}

/** `20.9.0` is older than `20.18.1`: the parts are numbers. */
function isAtLeast(version: string, oldest: string): boolean {
  const [parts, least] = [version, oldest].map((text) => text.split('.').map(Number))
  for (const [at, wanted] of (least ?? []).entries()) {
    const part = parts?.[at] ?? 0
    if (part !== wanted) return part > wanted
  }
  return true
}

function examinePackages(
  { root }: Machine,
  { dependencies = {} }: Manifest,
  { tell }: Watcher,
): boolean {
  const wrong = Object.entries(dependencies).flatMap(([name, wanted]) => {
    const there = installedVersion(root, name)
    if (there === wanted) return []
    return [there ? `${name} is ${there} and not ${wanted}` : `${name} is missing`]
  })
  const names = Object.keys(dependencies).join(', ')
  tell({
    about: 'packages',
    status: wrong.length > 0 ? 'problem' : 'ok',
    saw: wrong.length > 0 ? wrong.join('; ') : `${names}: installed, as the workbook wants them`,
    ...(wrong.length > 0 && { failure: 'packages-missing' }),
  })
  return wrong.length === 0
}

function installedVersion(root: string, name: string): string | undefined {
  try {
    return readManifest(join(root, 'node_modules', name)).version
  } catch {
    return undefined
  }
}

/** The binding is native code and optional: it may be installed and not fit this system. */
function examineBinding(
  { root }: Machine,
  { optionalDependencies = {} }: Manifest,
  { tell }: Watcher,
): void {
  for (const name of Object.keys(optionalDependencies)) {
    const there = installedVersion(root, name)
    const loads = there !== undefined && canLoad(root, name)
    const missing = there ? `${name} ${there} does not load here` : `${name} is not installed`
    tell({
      about: 'pty binding',
      status: loads ? 'ok' : 'note',
      saw: loads ? `${name} ${there} loads: the practice daemon has pseudo-terminals` : missing,
      ...(!loads && { failure: 'pty-binding-missing' }),
    })
  }
}

function canLoad(root: string, name: string): boolean {
  try {
    createRequire(join(root, 'package.json'))(name)
    return true
  } catch {
    return false
  }
}

/** Two things of npm's that people take for a defect of the workbook. */
function examineNpm(environment: NodeJS.ProcessEnv, { tell }: Watcher): void {
  const [, version] = /^npm\/(\S+)/.exec(environment.npm_config_user_agent ?? '') ?? []
  if (version === undefined) {
    tell({ about: 'npm', status: 'skipped', saw: 'this was not started by npm run' })
    return
  }
  const isSilent = environment.npm_config_loglevel === 'silent'
  const silence = isSilent
    ? 'It says nothing by itself here: a script that does not exist does nothing at all.'
    : ''
  tell({
    about: 'npm',
    status: 'note',
    saw: `${version}. Options go behind --, or npm keeps them: npm run chapter -- 4 --json. ${silence}`.trim(),
  })
}

function examinePathConversion(environment: NodeJS.ProcessEnv, { tell }: Watcher): void {
  if (environment.MSYSTEM === undefined || environment.MSYS_NO_PATHCONV !== undefined) return
  tell({
    about: 'Git Bash',
    status: 'note',
    saw: 'it rewrites arguments that begin with /',
    failure: 'path-conversion',
  })
}
