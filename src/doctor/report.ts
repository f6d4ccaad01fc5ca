/**
 * Three layouts of the findings: lines on a screen as the examination goes
 * on, a Markdown page, and a JSON document. The page and the document contain
 * only what is safe to share.
 *
 * @module
 */

import { arch, release } from 'node:os'
import { warn } from '../process/failure.ts'
import { headingLines, ownPage } from '../show/stage-lines.ts'
import { printableJson } from '../text/printable.ts'
import { hangingLines, wrapText } from '../text/width.ts'
import { failureNamed, type System } from './failures.ts'
import type { DoctorObserver, Finding } from './finding.ts'

/** How the findings are shown. */
export type Form = 'lines' | 'report' | 'json'

/** The findings of one part of the examination. */
type Part = { readonly title: string; readonly findings: Finding[] }

/** The result of an examination. */
export type Verdict = {
  /** What a chapter can run on, or null if nothing works. */
  readonly runsOn: 'the engine' | 'the practice daemon' | null
  /** What to do first, before an engine, or anything, can be used. */
  readonly first: string | null
  /** The command to type next. */
  readonly command: string
}

/** Collects and shows findings. */
export type Report = {
  readonly watcher: DoctorObserver
  /** Returns all findings, in order. */
  readonly findings: () => Finding[]
  /** Stops the timer for slow checks. */
  readonly close: () => void
  /** Shows the verdict, and for a page or a document everything. */
  readonly finish: (verdict: Verdict) => void
}

/**
 * How long a check may be silent before we say what it is trying, in
 * milliseconds.
 */
const quietTime = 700

/**
 * The longest line of the page, in columns: it fits into a mail and an issue.
 */
const pageWidth = 76

/** The width of `problem` and two spaces. */
const wordWidth = 9

/** Opens a report in one of the layouts. */
export function openReport(form: Form, system: System): Report {
  const parts: Part[] = []
  const screen = openScreen(system)
  let timer: NodeJS.Timeout | undefined
  const close = (): void => clearTimeout(timer)

  const write = (lines: readonly string[]): void => {
    process.stdout.write(lines.map((line) => `${line}\n`).join(''))
  }
  // A page must be the only text on standard output, so progress goes to
  // standard error.
  const progress = (line: string): void => {
    if (form === 'lines') write(screen.beside('...', line))
    else warn(line)
  }
  return {
    watcher: {
      part(title) {
        parts.push({ title, findings: [] })
        if (form === 'lines') write(screen.part(title))
      },
      trying(what) {
        close()
        timer = setTimeout(progress, quietTime, `trying ${what}`)
      },
      progress,
      report(finding) {
        close()
        parts.at(-1)?.findings.push(finding)
        if (form === 'lines') write(screen.finding(finding))
      },
    },
    findings: () => parts.flatMap(({ findings }) => findings),
    close,
    finish(verdict) {
      if (form === 'lines') write(screen.verdict(verdict))
      else if (form === 'report') write(markdown(parts, verdict, system))
      else write([printableJson(document(parts, verdict, system))])
    },
  }
}

/**
 * Returns a function that looks up a finding's failure the first time, and
 * then returns undefined.
 */
function createFailureLookup(): (finding: Finding) => ReturnType<typeof failureNamed> | undefined {
  const explained = new Set<string>()
  return ({ failure }) => {
    if (!failure || explained.has(failure)) return undefined
    explained.add(failure)
    return failureNamed(failure)
  }
}

/**
 * Lays out findings for a terminal: the status, what we saw, and below it
 * meaning and fix.
 */
function openScreen(system: System) {
  const { width, style } = ownPage()
  const newFailure = createFailureLookup()
  // A narrow window has no room for an indent.
  const indent = width < 60 ? 0 : wordWidth

  function beside(word: string, text: string, mark = style.dim, left = 0): string[] {
    const mine = ' '.repeat(left)
    const lines = hangingLines(word.padEnd(wordWidth), text, Math.max(30, width - left))
    return lines.map((line, at) =>
      at === 0 ? mine + mark(word) + line.slice(word.length) : mine + line,
    )
  }
  return {
    beside,
    part: (title: string) => ['', ...headingLines(title, ownPage())],
    finding(finding: Finding): string[] {
      const { status, about, observed } = finding
      const mark = status === 'problem' ? style.bold : style.dim
      const failure = newFailure(finding)
      return [
        ...beside(status, `${about}: ${observed}`, mark),
        ...(failure ? beside('means', failure.meaning, (word) => word, indent) : []),
        ...(failure ? beside('fix', failure.fix[system], (word) => word, indent) : []),
      ]
    },
    verdict({ runsOn, first, command }: Verdict): string[] {
      const lines = [
        runsOn ? `A chapter can run on ${runsOn}.` : 'No chapter can run yet.',
        ...(first ? [`${runsOn ? 'To use an engine' : 'First'}: ${first}`] : []),
        `Next: ${command}`,
      ]
      return ['', ...lines.flatMap((line) => wrapText(line, width))]
    },
  }
}

function markdown(parts: readonly Part[], verdict: Verdict, system: System): string[] {
  const { runsOn, first } = verdict
  const newFailure = createFailureLookup()
  const item = (text: string, mark = '- '): string[] => hangingLines(mark, text, pageWidth)
  const findingItems = (finding: Finding): string[] => {
    const { about, status } = finding
    const failure = newFailure(finding)
    return [
      ...item(`${status}, ${about}: ${sharedText(finding)}`),
      ...(failure ? item(`${failure.name}: ${failure.meaning}`, '  - ') : []),
      ...(failure ? item(`fix: ${failure.fix[system]}`, '  - ') : []),
    ]
  }
  return [
    '## npm run doctor',
    '',
    ...item(`the docker exec workbook on ${machine()}`),
    ...item(`a chapter can run on ${runsOn ?? 'nothing yet'}`),
    ...(first ? item(`${runsOn ? 'to use an engine' : 'first'}: ${first}`) : []),
    ...item(`next: ${sharedCommand(verdict)}`),
    ...parts.flatMap(({ title, findings }) => [
      ...['', `### ${title}`, ''],
      ...mergeNeighbours(findings).flatMap(findingItems),
    ]),
  ]
}

function document(parts: readonly Part[], verdict: Verdict, system: System): object {
  const explain = (name: NonNullable<Finding['failure']>): object => {
    const { meaning: means, fix } = failureNamed(name)
    return { name, means, fix: fix[system] }
  }
  return {
    machine: machine(),
    parts: parts.map(({ title, findings }) => ({
      title,
      findings: findings.map((finding) => ({
        about: finding.about,
        status: finding.status,
        saw: sharedText(finding),
        failure: finding.failure ? explain(finding.failure) : null,
      })),
    })),
    runsOn: verdict.runsOn,
    first: verdict.first,
    next: sharedCommand(verdict),
  }
}

function sharedText({ observed, shared }: Finding): string {
  return shared ?? observed
}

/**
 * Merges neighbours that say the same, such as ten places with nothing there,
 * into one item.
 */
function mergeNeighbours(findings: readonly Finding[]): Finding[] {
  const all: Finding[] = []
  for (const finding of findings) {
    const last = all.at(-1)
    const isSame =
      last?.status === finding.status &&
      sharedText(last) === sharedText(finding) &&
      last.failure === finding.failure
    if (!last || !isSame) all.push(finding)
    else if (!last.about.split(', ').includes(finding.about)) {
      all[all.length - 1] = { ...last, about: `${last.about}, ${finding.about}` }
    }
  }
  return all
}

/** Hides the address or the image that was typed for the doctor. */
function sharedCommand({ command }: Verdict): string {
  return command.replace(/--host \S+/, '--host HOST').replace(/--image \S+/, '--image IMAGE')
}

/**
 * Returns the system, such as `linux x64`, and notes WSL, because many
 * answers differ there.
 */
function machine(): string {
  const wsl = /microsoft/i.test(release()) ? ' in WSL' : ''
  return `${process.platform} ${arch()}${wsl}`
}
