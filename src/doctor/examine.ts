/**
 * The whole examination, from the version of Node to the exit code of a session.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'
import { openRunScope } from '../run/run-scope.ts'
import { ownPage, type Page } from '../show/stage-report.ts'
import { examineMachine } from './check-machine.ts'
import { examineTerminal } from './check-terminal.ts'
import type { DaemonOptions, Usable } from './daemons.ts'
import { systemOf } from './failures.ts'
import type { Finding, Watcher } from './finding.ts'
import { reportJson, reportText } from './report.ts'
import { findingLines, partLines, progressLines, verdictLines } from './show.ts'
import { within } from './time-limit.ts'
import { judge } from './verdict.ts'

/** What to examine, and how to show it. */
export type Examination = DaemonOptions & {
  /** Lines as it goes, a page to paste, or one JSON document. */
  readonly form: 'lines' | 'report' | 'json'
  /** The folder of the project. */
  readonly root: string
}

/** After this time without a finding it is said what is being tried, in milliseconds. */
const silence = 700

/** How long everything may take to be given back at the end, in seconds. */
const patience = 30

/**
 * Examines everything that a chapter needs, and shows it.
 *
 * @returns 0 if a chapter can be run, also if only on the practice daemon; else 1
 */
export async function examine(examination: Examination): Promise<number> {
  const scope = openRunScope()
  const system = systemOf(process.platform)
  const notebook = openNotebook(examination.form)
  const machine = {
    root: examination.root,
    environment: process.env,
    platform: process.platform,
    nodeVersion: process.versions.node,
  }
  const around = { ...machine, input: process.stdin, output: process.stdout }
  let usable: Usable | undefined
  try {
    const canStart = examineMachine(machine, notebook.watcher)
    examineTerminal(around, scope, notebook.watcher)
    if (canStart) {
      // tsx compiles what is required; an import() would be Node's own, which knows no TypeScript.
      const { examineDaemons } = require('./daemons.ts') as typeof import('./daemons.ts')
      usable = await examineDaemons(examination, process.env, scope, notebook.watcher)
    }
  } finally {
    notebook.close()
    // What could not be given back has been told as a finding, and what hangs must not keep us.
    await within(patience, scope.releaseAll()).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error
    })
  }
  const { parts, page } = notebook
  const findings = parts.flatMap((part) => part.findings)
  const verdict = judge(findings, usable, examination, system)
  const text = {
    lines: () => `${verdictLines(verdict, page).join('\n')}\n`,
    report: () => reportText(parts, verdict, system),
    json: () => `${JSON.stringify(reportJson(parts, verdict, system), null, 2)}\n`,
  }[examination.form]()
  process.stdout.write(text)
  return verdict.runsOn ? 0 : 1
}

/** A watcher that shows what it is told, and keeps it. */
function openNotebook(form: Examination['form']): {
  readonly watcher: Watcher
  readonly parts: readonly { readonly title: string; readonly findings: Finding[] }[]
  readonly page: Page
  /** Says nothing more. */
  readonly close: () => void
} {
  const page = ownPage()
  const system = systemOf(process.platform)
  const parts: { readonly title: string; readonly findings: Finding[] }[] = []
  const explained = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  const say = (lines: readonly string[]): void => {
    if (form === 'lines') process.stdout.write(lines.map((line) => `${line}\n`).join(''))
  }
  // A report is one piece on standard output. That something takes long is said beside it.
  const progress = (line: string): void => {
    if (form === 'lines') say(progressLines(line, page))
    else process.stderr.write(`${line}\n`)
  }
  const close = (): void => clearTimeout(timer)
  const watcher: Watcher = {
    part(title) {
      parts.push({ title, findings: [] })
      say(partLines(title, page))
    },
    trying(what) {
      close()
      timer = setTimeout(progress, silence, `trying ${what}`)
    },
    progress,
    tell(finding) {
      close()
      parts.at(-1)?.findings.push(finding)
      const { failure } = finding
      say(findingLines(finding, failure !== undefined && !explained.has(failure), system, page))
      if (failure) explained.add(failure)
    },
  }
  return { watcher, parts, page, close }
}
