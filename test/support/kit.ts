/**
 * The tools of a stage, for tests of one stage: a real connection to whatever is at an address,
 * and a terminal that remembers what was done to it.
 *
 * @module
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { asked as askedIn } from '../../chapters/01-create/asked.ts'
import type { Asked } from '../../chapters/01-create/stage.ts'
import type { Kit } from '../../src/course/kit.ts'
import { createScope } from '../../src/course/scope.ts'
import { findAddress } from '../../src/engine/address.ts'
import { readDockerConfig } from '../../src/engine/config-file.ts'
import { connectTo, type Engine, type EngineOptions } from '../../src/engine/engine.ts'
import {
  createMemoryTerminal,
  type SimulatedUser,
  type TerminalKind,
} from '../../src/judging/memory-terminal.ts'
import { bytesIn, type TapeEvent } from '../../src/tape/event.ts'
import { createRecorder, type Recorder } from '../../src/tape/recorder.ts'

/** A kit, and what has happened to it. */
export type TestKit = Kit & {
  /** Begun before the connection is opened, so the first request is on it. */
  readonly recorder: Recorder
  readonly person: SimulatedUser
  readonly stdout: () => string
  readonly stderr: () => string
  /** What was done to the terminal, in order: `raw`, `restore`, `stop reading`. */
  readonly deeds: readonly string[]
}

/** Connects to the daemon that `docker` would talk to. */
export async function connectEngine(options: EngineOptions): Promise<Engine> {
  const config = readDockerConfig(options.environment, options.warn)
  return connectTo(findAddress(options.environment, config).address, config, options)
}

/** Makes a kit that talks to `host`, and lets go of all of it when the test is over. */
export async function makeKit(
  host: string,
  kind: TerminalKind = {},
  environment: NodeJS.ProcessEnv = {},
): Promise<TestKit> {
  const recorder = createRecorder({ keep: Number.POSITIVE_INFINITY })
  recorder.begin()
  const scope = createScope()
  const engine = await connectEngine({
    environment: { DOCKER_CONFIG: '/nonexistent', ...environment, DOCKER_HOST: host },
    warn: () => {},
    record: recorder,
  })
  onTestFinished(async () => {
    await scope.releaseAll()
    await engine.close()
  })

  const memory = createMemoryTerminal(kind, recorder)
  return {
    ...{ engine, scope, recorder },
    terminal: memory.terminal,
    person: memory.user,
    stdout: () => bytesIn(recorder.events(), 'stdout').toString(),
    stderr: () => bytesIn(recorder.events(), 'stderr').toString(),
    get deeds() {
      return recorder.events().flatMap(deedOf)
    },
  }
}

function deedOf(event: TapeEvent): string[] {
  if (event.kind === 'stops reading') return ['stop reading']
  if (event.kind !== 'terminal') return []
  return [event.moment === 'raw' ? 'raw' : 'restore']
}

/** What is asked when nothing special is: `true` in `box`, nothing attached. */
export function asked(changes: Partial<Asked> = {}): Asked {
  return askedIn('box', changes)
}

/** A folder with docker's `config.json` in it. */
export function dockerConfig(content: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'workbook-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'config.json'), JSON.stringify(content))
  return folder
}

/** The error that a promise ends in; a promise that ends well is a failed test. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & { exitCode?: number }> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('expected a failure, but it ended well')
}
