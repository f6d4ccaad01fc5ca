/**
 * A kit for tests of one stage: a real connection to the daemon at an
 * address, and a terminal in memory that records what is done to it.
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

/** A kit, and what it has recorded. */
export type TestKit = Kit & {
  /** Starts before the connection opens, so it records the first request. */
  readonly recorder: Recorder
  readonly user: SimulatedUser
  readonly stdout: () => string
  readonly stderr: () => string
  /**
   * The actions on the terminal, in order: `raw`, `restore`, `stop reading`.
   */
  readonly terminalActions: readonly string[]
}

/** Connects to the daemon that `docker` would use. */
export async function connectEngine(options: EngineOptions): Promise<Engine> {
  const config = readDockerConfig(options.environment, options.warn)
  return connectTo(findAddress(options.environment, config).address, config, options)
}

/**
 * Creates a kit connected to `host`, and releases it when the test finishes.
 */
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
    user: memory.user,
    stdout: () => bytesIn(recorder.events(), 'stdout').toString(),
    stderr: () => bytesIn(recorder.events(), 'stderr').toString(),
    get terminalActions() {
      return recorder.events().flatMap(actionOf)
    },
  }
}

function actionOf(event: TapeEvent): string[] {
  if (event.kind === 'stops reading') return ['stop reading']
  if (event.kind !== 'terminal') return []
  return [event.moment === 'raw' ? 'raw' : 'restore']
}

/** The default request: run `true` in `box` with nothing attached. */
export function asked(changes: Partial<Asked> = {}): Asked {
  return askedIn('box', changes)
}

/** Creates a folder with a `config.json` for docker. */
export function dockerConfig(content: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'workbook-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'config.json'), JSON.stringify(content))
  return folder
}

/**
 * Returns the error that a promise is rejected with. Throws if it is
 * fulfilled.
 */
export async function failureOf(promise: Promise<unknown>): Promise<Error & { exitCode?: number }> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('expected an error, but the promise was fulfilled')
}
