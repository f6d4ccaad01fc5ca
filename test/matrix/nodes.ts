/**
 * The versions of Node that the matrix runs, from the npm package `node`.
 *
 * @module
 */

import { join } from 'node:path'
import { makeStateFolder } from '../../src/process/learner.ts'
import type { Obstacle } from '../support/daemon.ts'
import { runChild } from './child.ts'

/** The release lines that the matrix runs by default. */
export const nodeLines = ['20', '22', '24'] as const

/** The Node that runs the matrix, in place of a release line. */
export const installedNode = 'installed'

/** A Node that can be run. */
export type Node = { readonly program: string; readonly version: string }

/**
 * Installs the newest Node of a release line into our own folder, unless one
 * is there from an earlier run.
 */
export async function prepareNode(line: string): Promise<Node | Obstacle> {
  if (line === installedNode) {
    return { program: process.execPath, version: process.version.slice(1) }
  }
  const folder = makeStateFolder('matrix', `node-${line}`)
  const program = join(folder, 'node_modules', 'node', 'bin', 'node')
  const earlier = await versionOf(program)
  if (earlier !== undefined) return { program, version: earlier }
  const install = ['npm', 'install', '--prefix', folder, '--no-save', '--loglevel=error'] as const
  const { output } = await runChild([...install, `node@${line}`], { cwd: folder })
  const version = await versionOf(program)
  if (version !== undefined) return { program, version }
  const reason = output.trim().split('\n')[0] ?? ''
  return { reason: `npm could not install node@${line}: ${reason}`, fix: 'check the network' }
}

async function versionOf(program: string): Promise<string | undefined> {
  const { code, output } = await runChild([program, '--version'])
  return code === 0 ? output.trim().replace(/^v/, '') : undefined
}
