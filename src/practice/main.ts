/**
 * The practice daemon's main program. `spawn.ts` starts it, and it runs until
 * its standard input closes. That pipe closes however the workbook ends, even
 * through SIGKILL.
 *
 * Standard output carries one JSON object per line: first the address, then
 * the log.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { endProcesses } from './end-processes.ts'
import { parseFaults } from './faults.ts'
import { launcher } from './launch.ts'
import { loadPseudoTerminals } from './pseudo-terminal.ts'
import { makePracticeFolder, type PracticeServer, servePractice } from './server.ts'

/** A line from the daemon: its address, or a line of its log. */
export type Announcement =
  | {
      /** The address, for DOCKER_HOST. */
      readonly host: string
      /** The directory that it owns. */
      readonly folder: string
      /** The container's directory, inside that folder. */
      readonly home: string
      /** False if only commands without a terminal work. */
      readonly hasTerminals: boolean
    }
  | { readonly log: string }

function announce(announcement: Announcement): void {
  process.stdout.write(`${JSON.stringify(announcement)}\n`)
}

async function main(): Promise<void> {
  // From here on, other users can't even see the files that we create.
  process.umask(0o077)
  const startedAt = Date.now()
  const folder = makePracticeFolder()
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const home = join(folder, 'practice')
  mkdirSync(home)
  const path =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\practice-${randomBytes(16).toString('hex')}`
      : join(folder, 'docker.sock')

  let isEnding = false
  let server: PracticeServer | undefined
  function end(): void {
    if (isEnding) return
    isEnding = true
    server?.close()
    endProcesses(home)
    process.exit(0)
  }
  process.stdin.on('end', end).on('close', end).on('error', end).resume()
  process.stdout.on('error', end)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end)

  const terminals = await loadPseudoTerminals()
  server = await servePractice({
    listenAt: path,
    home,
    launch: launcher(home, folder, terminals),
    hasTerminals: terminals !== undefined,
    faults: parseFaults(process.argv.slice(2)),
    log(line) {
      const seconds = Math.floor((Date.now() - startedAt) / 1000)
      announce({ log: `INFO[${String(seconds).padStart(4, '0')}] ${line}` })
    },
  })
  announce({ host: server.host, folder, home, hasTerminals: terminals !== undefined })
}

main().catch((error: Error) => {
  // The parent process quotes our last line in its own message.
  process.stderr.write(`${error.message}\n`, () => process.exit(1))
})
