/**
 * The tools of a stage, for tests of one stage: a real connection to whatever is at an address,
 * and a terminal that remembers what was done to it.
 *
 * @module
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { asked as askedIn } from '../../chapters/01-create/asked.ts'
import type { Asked } from '../../chapters/01-create/stage.ts'
import type { Kit } from '../../src/course/kit.ts'
import { createScope } from '../../src/course/scope.ts'
import { connectEngine } from '../../src/engine/engine.ts'
import type { Take } from '../../src/stream/source.ts'
import { createRecorder, type Recorder } from '../../src/tape/recorder.ts'
import type { Terminal, WindowSize } from '../../src/terminal/terminal.ts'

/** What a person does at the terminal of a test. */
export type Person = {
  /** Types bytes. */
  readonly type: (keys: string | Uint8Array) => void
  /** Ends the input, as Ctrl-D does in a pipe's place. */
  readonly endInput: () => void
  /** Drags the window to another size. */
  readonly resizeWindow: (size: WindowSize) => void
}

/** A kit, and what has happened to it. */
export type TestKit = Kit & {
  /** Begun before the connection is opened, so the first request is on it. */
  readonly recorder: Recorder
  readonly person: Person
  readonly stdout: () => string
  readonly stderr: () => string
  /** What was done to the terminal, in order: `raw`, `restore`, `stop reading`. */
  readonly deeds: readonly string[]
}

/** How the terminal of a test is. */
export type TerminalKind = {
  readonly isTerminal?: boolean
  readonly size?: WindowSize
  /** What was typed before the session began; then the input ends, unless `open` is true. */
  readonly input?: string | Uint8Array
  readonly open?: boolean
  readonly output?: Writable
  readonly errors?: Writable
}

/** Makes a kit that talks to `host`, and lets go of all of it when the test is over. */
export async function makeKit(
  host: string,
  kind: TerminalKind = {},
  environment: NodeJS.ProcessEnv = {},
): Promise<TestKit> {
  const recorder = createRecorder()
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

  const deeds: string[] = []
  const stdout = kind.output ?? collector()
  const stderr = kind.errors ?? collector()
  let { size } = kind
  let take: Take = () => true
  let endInput: () => void = () => {}
  const resizeListeners = new Set<() => void>()

  const terminal: Terminal = {
    inputIsTerminal: kind.isTerminal ?? false,
    output: stdout,
    errors: stderr,
    openInput: () => ({
      read(next) {
        take = next
        if (kind.input !== undefined && kind.input.length > 0) take(Buffer.from(kind.input))
        return new Promise((resolve) => {
          endInput = () => resolve(undefined)
          if (!kind.open) endInput()
        })
      },
      resume: () => {},
      close: () => void deeds.push('stop reading'),
    }),
    readModes: () => 'modes before',
    setModes: (...words) => void deeds.push(words[0] === 'modes before' ? 'restore' : 'raw'),
    size: () => size,
    onResize(listener) {
      resizeListeners.add(listener)
      return () => void resizeListeners.delete(listener)
    },
  }
  return {
    engine,
    terminal,
    scope,
    recorder,
    deeds,
    stdout: () => textOf(stdout),
    stderr: () => textOf(stderr),
    person: {
      type: (keys) => void take(Buffer.from(keys)),
      endInput: () => endInput(),
      resizeWindow(next) {
        size = next
        for (const listener of resizeListeners) listener()
      },
    },
  }
}

const collected = new WeakMap<Writable, Buffer[]>()

function collector(): Writable {
  const pieces: Buffer[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      // The chunk's memory is used again by the next read, as it is for a real sink.
      pieces.push(Buffer.from(chunk))
      done()
    },
  })
  collected.set(sink, pieces)
  return sink
}

function textOf(sink: Writable): string {
  return Buffer.concat(collected.get(sink) ?? []).toString()
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
