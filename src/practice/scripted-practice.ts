/**
 * A practice daemon inside this process that runs no commands: a script says
 * what they do. It shows in milliseconds what real daemons do rarely.
 *
 * @module
 */

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecOptions } from './body.ts'
import { parseFaults } from './faults.ts'
import { exitedProcess, type PracticeProcess } from './running-process.ts'
import { makePracticeFolder, servePractice } from './server.ts'

/** What the daemon and its command do. */
export type Script = {
  /** The daemon's faults, by name: `resize-refused=2`. */
  readonly faults?: readonly string[]
  /** The complete output of the command, on stdout. */
  readonly output?: string | Uint8Array
  /**
   * Whether the command runs until its input ends: at EOF, or at Ctrl-D on a
   * terminal.
   */
  readonly waitsForInput?: boolean
  /** The Content-Type of the 101, if not the usual one of the newest API. */
  readonly contentType?: string
  /** Whether to listen on TCP instead of a socket file. */
  readonly overTcp?: boolean
}

/** A running daemon. Its container is `practice`. */
export type ScriptedDaemon = {
  /** Its address, for DOCKER_HOST. */
  readonly host: string
  /** Closes every connection and stops listening. */
  readonly close: () => void
}

/** Starts a scripted daemon. */
export async function startScriptedDaemon(script: Script): Promise<ScriptedDaemon> {
  const folder = makePracticeFolder()
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
  const afterOutput = exitedProcess(1, output)
  if (!waitsForInput) return afterOutput
  let end: (exitCode: number) => void = () => {}
  const exited = new Promise<number>((resolve) => {
    end = resolve
  })
  return {
    ...afterOutput,
    exited,
    endInput: () => end(0),
    write(chunk) {
      if (Tty && chunk.includes(0x04)) end(0)
      return true
    },
  }
}
