/**
 * Runs all checks, from the version of Node to the exit code of a session,
 * and reaches a verdict.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'
import { readProgress } from '../questions/progress.ts'
import { openRunScope } from '../run/run-scope.ts'
import type { DaemonOptions, Usable } from './check-daemons.ts'
import { examineMachine } from './check-machine.ts'
import type { Course } from './check-session.ts'
import { examineTerminal } from './check-terminal.ts'
import { type FailureName, failureNamed, type System, systemOf } from './failures.ts'
import { type Finding, within } from './finding.ts'
import { type Form, openReport, type Verdict } from './report.ts'

/** What to check, and how to show it. */
export type Examination = DaemonOptions & {
  readonly form: Form
  /** The root of the project. */
  readonly root: string
}

/** How long the release of all resources may take at the end, in seconds. */
const timeout = 30

/**
 * Checks everything that a chapter needs, and shows the findings.
 *
 * @returns 0 if a chapter can run, even if only on the practice daemon; else
 * 1
 */
export async function examine(examination: Examination): Promise<number> {
  const scope = openRunScope()
  const system = systemOf(process.platform)
  const { watcher, findings, close, finish } = openReport(examination.form, system)
  const { env: environment, platform, stdin: input, stdout: output } = process
  const nodeVersion = process.versions.node
  let usable: Usable | undefined
  try {
    watcher.part('This machine')
    const machine = examineMachine({ root: examination.root, environment, platform, nodeVersion })
    machine.forEach(watcher.report)
    watcher.part('The terminal')
    examineTerminal({ environment, platform, input, output }, scope).forEach(watcher.report)
    if (machine.every(({ status }) => status !== 'problem')) {
      // Load it only now, because it needs the packages. tsx compiles what is
      // required; an import() would go to Node's own loader, which does not
      // know TypeScript.
      const { examineDaemons } =
        require('./check-daemons.ts') as typeof import('./check-daemons.ts')
      usable = await examineDaemons(examination, environment, scope, watcher)
    }
  } finally {
    close()
    // Anything that can't be released has a finding already, and a daemon
    // that hangs must not keep us here.
    await within(timeout, scope.releaseAll()).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error
    })
  }
  const chapter = usable ? nextChapter(examination.course()) : 1
  const verdict = judge(findings(), usable, examination, system, chapter)
  finish(verdict)
  return verdict.runsOn ? 0 : 1
}

/** Returns the first chapter that is not done, or undefined if all are. */
function nextChapter({ stages }: Course): number | undefined {
  const { chapters } = readProgress(() => {})
  const next = stages.findIndex(({ name }) => chapters[name]?.doneAt === undefined)
  return next === -1 ? undefined : next + 1
}

/**
 * Decides what a chapter can run on.
 *
 * @param usable - undefined if the workbook cannot start at all
 * @param chapter - the next one to run, or undefined for the list of chapters
 */
export function judge(
  findings: readonly Finding[],
  usable: Usable | undefined,
  { host, image, practice }: Pick<DaemonOptions, 'host' | 'image' | 'practice'>,
  system: System,
  chapter: number | undefined,
): Verdict {
  if (usable?.engine) {
    const options = [
      ...(host === undefined ? [] : ['--host', host]),
      ...(image === undefined ? [] : ['--image', image]),
    ]
    return { runsOn: 'the engine', first: null, command: command(chapter, options) }
  }
  const first = practice && usable?.practice ? null : firstFix(findings, system)
  if (!usable?.practice) return { runsOn: null, first, command: 'npm run doctor' }
  const options = [
    ...(usable.practiceIsLast ? [] : ['--practice']),
    ...(usable.practiceTty ? [] : ['--no-tty']),
  ]
  return { runsOn: 'the practice daemon', first, command: command(chapter, options) }
}

function command(chapter: number | undefined, options: readonly string[]): string {
  const words = [...(chapter === undefined ? [] : [chapter]), ...options].join(' ')
  if (words === '') return 'npm start'
  return `npm run chapter ${options.length > 0 ? '-- ' : ''}${words}`
}

/** Failures that don't stop any chapter. */
const harmlessFailures: readonly (FailureName | undefined)[] = [
  ...(['mintty', 'no-stty', 'raw-mode-refused', 'terminal-not-restored'] as const),
  ...(['window-size-unknown', 'resize-refused'] as const),
]

/** Returns the fix of the first problem that stops chapters from running. */
function firstFix(findings: readonly Finding[], system: System): string | null {
  const found = findings.find(
    ({ status, failure }) => status === 'problem' && failure && !harmlessFailures.includes(failure),
  )
  return found?.failure ? failureNamed(found.failure).fix[system] : null
}
