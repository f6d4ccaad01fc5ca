/**
 * A practice daemon in this process that runs nothing: its commands do what a script says. It
 * shows on purpose, in milliseconds, what a real daemon does seldom.
 *
 * @module
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecOptions } from './body.ts'
import { parseFaults } from './faults.ts'
import { deadProcess, type PracticeProcess } from './running-process.ts'
import { servePractice } from './server.ts'

/** What the daemon and the command in it do. */
export type Script = {
  /** What the daemon does wrong, by name: `resize-refused=2`. */
  readonly faults?: readonly string[]
  /** All that the command writes to its stdout. */
  readonly output?: string | Uint8Array
  /** True for a command that ends only with its input: at its end, or at Ctrl-D in a terminal. */
  readonly waitsForInput?: boolean
  /** What the 101 calls its stream, if not what a daemon of the newest API says. */
  readonly contentType?: string
  /** Listens on TCP instead of a socket file. */
  readonly overTcp?: boolean
}

/** One that is listening. Its container is `practice`. */
export type ScriptedDaemon = {
  /** For DOCKER_HOST. */
  readonly host: string
  /** Ends every connection and stops listening. */
  readonly close: () => void
}

/** Starts one. */
export async function startScriptedDaemon(script: Script): Promise<ScriptedDaemon> {
  const folder = mkdtempSync(join(tmpdir(), 'practice-'))
  const { host, close } = await servePractice({
    listenAt: script.overTcp ? 'tcp' : join(folder, 'docker.sock'),
    home: folder,
    launch: async (options) => scriptedProcess(script, options),
    hasTerminals: true,
    faults: parseFaults(script.faults ?? []),
    contentType: script.contentType,
    log() {},
  })
  return {
    host,
    close() {
      close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function scriptedProcess(
  { output = '', waitsForInput = false }: Script,
  { Tty }: ExecOptions,
): PracticeProcess {
  const over = deadProcess(1, output)
  if (!waitsForInput) return over
  let end: (exitCode: number) => void = () => {}
  const exited = new Promise<number>((resolve) => {
    end = resolve
  })
  return {
    ...over,
    exited,
    endInput: () => end(0),
    write(chunk) {
      if (Tty && chunk.includes(0x04)) end(0)
      return true
    },
  }
}
