/**
 * What it all comes to: whether a chapter can be run, and the command to type next.
 *
 * @module
 */

import type { Usable } from './daemons.ts'
import { failureNamed, type System } from './failures.ts'
import type { Finding } from './finding.ts'

/** The end of an examination. */
export type Verdict = {
  /** On what a chapter can be run, if it can. */
  readonly runsOn: 'the engine' | 'the practice daemon' | null
  /** What to do before an engine, or anything, can be used. */
  readonly first: string | null
  /** The command to type, now or behind that. */
  readonly command: string
}

/** What the person has typed that belongs to the next command as well. */
export type Asked = {
  readonly host: string | undefined
  readonly practice: boolean
  readonly image: string | undefined
}

/** Comes to it. `usable` is undefined where the workbook cannot start at all. */
export function judge(
  findings: readonly Finding[],
  usable: Usable | undefined,
  asked: Asked,
  system: System,
): Verdict {
  if (usable?.engine) {
    return { runsOn: 'the engine', first: null, command: command(sameOptions(asked)) }
  }
  const fix = asked.practice && usable?.practice ? null : firstFix(findings, system)
  if (!usable?.practice) return { runsOn: null, first: fix, command: 'npm run doctor' }
  const options = [
    ...(usable.practiceIsLast ? [] : ['--practice']),
    ...(usable.practiceTty ? [] : ['--no-tty']),
  ]
  return { runsOn: 'the practice daemon', first: fix, command: command(options) }
}

function sameOptions({ host, image }: Asked): string[] {
  return [
    ...(host === undefined ? [] : ['--host', host]),
    ...(image === undefined ? [] : ['--image', image]),
  ]
}

function command(options: readonly string[]): string {
  return options.length > 0 ? `npm run chapter -- 1 ${options.join(' ')}` : 'npm run chapter 1'
}

/** The first problem that has to do with running a chapter; one of the terminal has not. */
function firstFix(findings: readonly Finding[], system: System): string | null {
  const problems = findings.filter(({ status, failure }) => status === 'problem' && failure)
  const terminal = ['mintty', 'no-stty', 'raw-mode-refused', 'terminal-not-restored']
  const others = ['window-size-unknown', 'resize-refused', ...terminal]
  const failure = problems.find(({ failure }) => failure && !others.includes(failure))?.failure
  return failure ? failureNamed(failure).fix[system] : null
}
