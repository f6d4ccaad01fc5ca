/**
 * Walks a course for a learner: finds the daemon, makes a sandbox if there is no container, runs
 * the stages and shows what each of them did.
 *
 * @module
 */

import { connectEngine, type Engine } from '../engine/engine.ts'
import { Failure } from '../failure.ts'
import type { Kit } from '../kit.ts'
import { endSignals, onEndSignal } from '../process.ts'
import { createScope, type Scope } from '../scope.ts'
import { type AnyStage, isDone, type Walkable } from '../stage.ts'
import { createTape, type WireEvent } from '../tape/tape.ts'
import { rawFlags, readTerminalModes, type TerminalModes } from '../terminal/raw-mode.ts'
import { ownTerminal, type Terminal } from '../terminal/terminal.ts'
import { type Step, walk } from '../walk.ts'
import {
  daemonLog,
  heading,
  type Page,
  type StageReport,
  stageLines,
  type TerminalReport,
  terminalLines,
} from './report.ts'
import { createSandbox, type SandboxOptions } from './sandbox.ts'
import { addedNames, printState } from './show-state.ts'
import { wireJson } from './show-wire.ts'
import { styleFor, wrapText } from './style.ts'

/** What to walk, and how to show it. */
export type Run<First extends object> = {
  readonly course: Walkable<First>
  /** The number of the last stage to run. */
  readonly last: number
  /** The container that the learner named, or undefined for a sandbox. */
  readonly container: string | undefined
  /** Makes the state that the course begins with. */
  readonly begin: (container: string) => First
  /** One JSON document instead of text. */
  readonly json: boolean
  readonly sandbox: Omit<SandboxOptions, 'progress'>
}

/** What a walk has brought so far. It is filled as it goes, so that an error loses nothing. */
type Findings = {
  engine?: Engine
  readonly stages: StageReport[]
  before?: TerminalModes | undefined
  during?: TerminalModes | undefined
  exitCode: number | null
  /** What was on the wire in a stage that failed. */
  unfinished: readonly WireEvent[]
}

/** Where lines go: stdout, or nowhere while that belongs to one JSON document. */
type Screen = { readonly page: Page; readonly say: (...lines: readonly string[]) => void }

/**
 * Runs it.
 *
 * @returns the exit code of the command where the course came to its end, else 0
 */
export async function runChapter<First extends object>(run: Run<First>): Promise<number> {
  const screen: Screen = {
    page: {
      width: Math.min(process.stdout.columns || 80, 100),
      style: styleFor(process.stdout, process.env),
    },
    say: (...lines) => {
      if (!run.json) for (const line of lines) process.stdout.write(`${line}\n`)
    },
  }
  const findings: Findings = { stages: [], exitCode: null, unfinished: [] }
  const scope = createScope()
  onEndSignal(async (signal) => {
    await scope.releaseAll().catch(() => {})
    process.stderr.write(`${signal}: stopped, and everything was given back\n`)
    process.exit(128 + endSignals[signal])
  })

  let failure: Failure | undefined
  try {
    await follow(run, findings, scope, screen)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    failure = error
  } finally {
    await scope.releaseAll()
  }
  const terminal = terminalReport(findings)
  if (run.json) {
    process.stdout.write(`${JSON.stringify(asDocument(findings, terminal, failure), null, 2)}\n`)
  } else {
    if (terminal) screen.say(...terminalLines(terminal, flagMeanings(), screen.page))
    if (!failure) screen.say(...lastLines(run, findings, screen.page))
  }
  if (failure) throw failure
  return findings.exitCode ?? 0
}

/** Finds the daemon, makes the sandbox, walks. Whatever it holds is in `scope`. */
async function follow<First extends object>(
  run: Run<First>,
  findings: Findings,
  scope: Scope,
  { page, say }: Screen,
): Promise<void> {
  const target = run.course.stages[run.last - 1]
  say(page.style.bold(`Chapter ${run.last} of ${run.course.stages.length}: ${target?.name}`))

  const tape = createTape()
  const warn = (line: string): void => void process.stderr.write(`${line}\n`)
  const engine = await connectEngine({ environment: process.env, warn, record: tape.record })
  findings.engine = engine
  scope.hold('engine', engine, engine.close)
  say(`engine     ${engine.host}`, `           ${productOf(engine)}, API ${engine.apiVersion}`)

  let container = run.container
  if (container === undefined) {
    const sandbox = await createSandbox(engine, { ...run.sandbox, progress: warn })
    scope.hold('sandbox', sandbox, sandbox.remove)
    container = sandbox.name
    say(`sandbox    ${container}, from ${sandbox.image}, removed at the end`)
  }

  // The stages have a scope of their own: the sandbox outlives what runs in it.
  const stages = createScope()
  scope.hold('stages', stages, stages.releaseAll)
  const own = ownTerminal()
  const terminal: Terminal = run.json ? { ...own, output: process.stderr } : own
  const kit: Kit = { engine, terminal, scope: stages }
  if (own.inputIsTerminal) findings.before = readTerminalModes()

  // Of the wire, only what the stages do belongs to the story.
  tape.take()
  let shown = 0
  const showStages = (): void => {
    for (const report of findings.stages.slice(shown)) say(...stageLines(report, page))
    shown = findings.stages.length
  }
  let isLive = false
  const before = (stage: AnyStage, state: object): void => {
    // From the first live stage on the screen belongs to the session. What was is shown before
    // it, how to get out is said before it, and the rest is shown when the terminal is back.
    if (isLive || !stage.wayOut) return
    isLive = true
    showStages()
    say('', heading('the session', page))
    say(...wrapText(target?.wayOut?.(state, kit) ?? '', page.width), '')
  }

  try {
    for await (const step of walk(run.course, run.begin(container), kit, {
      last: run.last,
      before,
    })) {
      findings.stages.push(reportOf(step, tape.take(), stages.live()))
      if (!isLive) showStages()
      if (stages.live().includes('raw mode')) findings.during ??= readTerminalModes()
      if (step.number === run.last) await step.stage.linger?.(step.state, kit)
      findings.exitCode = (step.state as { exitCode?: number }).exitCode ?? null
    }
    // What came while the last stage lingered, the whole session perhaps, belongs to it.
    const last = findings.stages.pop()
    if (last) findings.stages.push({ ...last, wire: [...last.wire, ...tape.take()] })
  } finally {
    findings.unfinished = tape.take()
    showStages()
  }
}

function reportOf(step: Step, wire: readonly WireEvent[], held: readonly string[]): StageReport {
  const { number, stage, milliseconds } = step
  const { name, title, question } = stage
  return {
    ...{ number, name, title, question, wire, held, milliseconds },
    story: isDone(step.state) ? detachedStory : stage.tell(step.state),
    before: printState(step.before),
    state: printState(step.state),
  }
}

const detachedStory =
  'The command was started in the background: there is no session, and the course ends here.'

function productOf({ product, version }: Engine): string {
  // Podman's server calls itself by the name of its library.
  const name = product === 'Libpod' ? 'Podman' : product || 'an engine that does not say its name'
  return `${name} ${version}`.trim()
}

function terminalReport({ before, during }: Findings): TerminalReport | undefined {
  const after = before && readTerminalModes()
  return before && after && { before, after, ...(during && { during }) }
}

function flagMeanings(): ReadonlyMap<string, string> {
  return new Map(rawFlags.map(([flag, meaning]) => [flag.replace(/^-/, ''), meaning]))
}

/** What the run was to the daemon, and what to do next. */
function lastLines<First extends object>(
  { course, last }: Run<First>,
  { stages, exitCode }: Findings,
  page: Page,
): string[] {
  const log = daemonLog(stages.flatMap(({ wire }) => wire))
  const whole = stages.length === course.stages.length
  const next = last < course.stages.length ? last + 1 : undefined
  return [
    ...(whole ? ['', heading('as the daemon saw it', page), ...log] : []),
    '',
    ...(exitCode === null ? ['Everything that was held has been given back.'] : []),
    next
      ? `Next: npm run chapter ${next}`
      : 'This was the last chapter. The same without a word: npm run exec -- -it CONTAINER sh',
  ]
}

/** The one JSON document of a run. */
function asDocument(
  { engine, stages, exitCode, unfinished }: Findings,
  terminal: TerminalReport | undefined,
  failure: Failure | undefined,
): object {
  return {
    daemon: engine
      ? {
          host: engine.host,
          product: engine.product || null,
          version: engine.version || null,
          apiVersion: engine.apiVersion,
        }
      : null,
    stages: stages.map(({ number, name, title, before, state, wire, held, milliseconds }) => ({
      ...{ number, name, title },
      added: addedNames(before, state),
      state,
      wire: wireJson(wire),
      ...{ held, milliseconds },
    })),
    terminal: terminal ?? null,
    exitCode,
    ...(failure && {
      error: { message: failure.message, hint: failure.hint ?? null, wire: wireJson(unfinished) },
    }),
  }
}
