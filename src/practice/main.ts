/**
 * The practice daemon as a process of its own. `spawn.ts` starts it, and it lives as long as the
 * pipe that is its standard input: whatever ends the workbook, a signal that nobody can catch
 * included, closes that pipe.
 *
 * What it has to tell goes to standard output, a line of JSON each: first where it listens, then
 * its log.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endProcesses } from './end-processes.ts'
import { parseFaults } from './faults.ts'
import { launcher } from './launch.ts'
import { loadPseudoTerminals } from './pseudo-terminal.ts'
import { type PracticeServer, servePractice } from './server.ts'

/** A line from the daemon: where it listens, or something for its log. */
export type Announcement =
  | {
      /** For DOCKER_HOST. */
      readonly host: string
      /** The directory that it owns. */
      readonly folder: string
      /** The container's directory, in it. */
      readonly home: string
      /** False where only commands without a terminal work. */
      readonly hasTerminals: boolean
    }
  | { readonly log: string }

/** What every system takes: Linux has room for 107 bytes, macOS for 103. */
const longestSocketPath = 103

function announce(told: Announcement): void {
  process.stdout.write(`${JSON.stringify(told)}\n`)
}

async function main(): Promise<void> {
  // Nobody else may so much as see what is made from here on.
  process.umask(0o077)
  const begun = Date.now()
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'practice-')))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const home = join(folder, 'practice')
  mkdirSync(home)
  const path =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\practice-${randomBytes(16).toString('hex')}`
      : join(folder, 'docker.sock')

  // Node would cut a longer one, and listen in the open, outside of the folder.
  if (process.platform !== 'win32' && Buffer.byteLength(path) > longestSocketPath) {
    throw new Error(
      `the path of its socket would be too long, set TMPDIR to a shorter one: ${path}`,
    )
  }

  let isOver = false
  let server: PracticeServer | undefined
  function end(): void {
    if (isOver) return
    isOver = true
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
      const seconds = Math.floor((Date.now() - begun) / 1000)
      announce({ log: `INFO[${String(seconds).padStart(4, '0')}] ${line}` })
    },
  })
  announce({ host: server.host, folder, home, hasTerminals: terminals !== undefined })
}

main().catch((error: Error) => {
  // Whoever started it puts its last line into a sentence of its own.
  process.stderr.write(`${error.message}\n`, () => process.exit(1))
})
