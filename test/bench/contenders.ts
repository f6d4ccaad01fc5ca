/**
 * Who takes part, and the command line of each.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { findOnPath } from '../support/image.ts'
import { script } from '../support/scripts.ts'

/** What a contender does: one `docker exec`. */
export type Work = {
  readonly tty?: boolean
  readonly input?: boolean
  readonly command: readonly string[]
}

/** One of the programs that are compared. */
export type Contender = {
  readonly name: string
  /** Why it does not take part in this work, or undefined. */
  readonly cannot?: (work: Work) => string | undefined
  /** Whether it writes the command's output, or throws it away. */
  readonly writes: boolean
  readonly words: (container: string, work: Work) => readonly string[]
}

/** The names in the tables. The first one is what ratios are of. */
export const names = {
  docker: 'docker client',
  ours: 'this workbook',
  dockerode: 'dockerode',
  sdk: 'docker/node-sdk',
  bare: 'bare socket',
  limit: 'reused buffer',
  written: 'reused buffer, written',
} as const

/**
 * Lists the contenders.
 *
 * @param peers - the folder with the peers' packages, or undefined if they
 * are not installed
 */
export function contenders(peers: string | undefined): Contender[] {
  const peer = (name: string, file: string, more: Partial<Contender> = {}): Contender => ({
    name,
    writes: true,
    words: (container, { tty, input, command }) => [
      process.execPath,
      join(peers ?? peerSources, file),
      container,
      ...(tty ? ['--tty'] : []),
      ...(input ? ['--input'] : []),
      ...command,
    ],
    ...more,
  })
  const options = ({ tty, input }: Work): string[] => [
    ...(input ? ['-i'] : []),
    ...(tty ? ['-t'] : []),
  ]
  return [
    ...(findOnPath('docker')
      ? [
          {
            name: names.docker,
            writes: true,
            words: (container: string, work: Work) => [
              ...['docker', 'exec', ...options(work), container],
              ...work.command,
            ],
          },
        ]
      : []),
    {
      name: names.ours,
      writes: true,
      words: (container, work) => script('exec', ...options(work), container, ...work.command),
    },
    ...(peers
      ? [
          peer(names.dockerode, 'dockerode.cjs'),
          peer(names.sdk, 'node-sdk.cjs', {
            cannot: ({ input }) => (input ? 'has no standard input' : undefined),
          }),
        ]
      : []),
    peer(names.bare, 'bare-socket.cjs', { writes: false }),
    peer(names.limit, 'reused-buffer.cjs', { writes: false }),
    peer(names.written, 'written.cjs', {
      cannot: ({ input }) => (input ? 'there is no output to write' : undefined),
    }),
  ]
}

const peerSources = join(import.meta.dirname, 'peers')

/**
 * Installs the peers into a folder of their own.
 *
 * @returns what went wrong, or an empty string
 */
export async function installPeers(folder: string): Promise<string> {
  cpSync(peerSources, folder, { recursive: true })
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline']
  const npm = spawn('npm', ['install', '--ignore-scripts', '--omit=optional', ...quiet], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  npm.stderr.on('data', (text) => {
    errors += text
  })
  npm.on('error', () => {})
  const [code] = await once(npm, 'close')
  return code === 0 ? '' : errors.trim().split('\n')[0] || `npm exited with ${code}`
}
