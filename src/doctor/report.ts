/**
 * Three layouts of the same findings: lines on a screen as the examination goes on, a page of
 * Markdown, and one JSON document. The page and the document contain only what may be shared.
 *
 * @module
 */

import { arch, release } from 'node:os'
import { headingLines, ownPage } from '../show/stage-lines.ts'
import { hangingLines, wrapText } from '../text/width.ts'
import { failureNamed, type System } from './failures.ts'
import type { DoctorObserver, Finding } from './finding.ts'

/** How the findings are shown. */
export type Form = 'lines' | 'report' | 'json'

/** The findings of a part of the examination. */
type Part = { readonly title: string; readonly findings: Finding[] }

/** The result of an examination. */
export type Verdict = {
  /** What a chapter can run on, if it can run. */
  readonly runsOn: 'the engine' | 'the practice daemon' | null
  /** What to do before an engine, or anything, can be used. */
  readonly first: string | null
  /** The command to type now, or after that. */
  readonly command: string
}

/** Collects findings, and shows them. */
export type Report = {
  readonly watcher: DoctorObserver
  /** What was found, in the order in which it was examined. */
  readonly findings: () => Finding[]
  /** Stops saying that something takes long. */
  readonly close: () => void
  /** Shows the rest. */
  readonly finish: (verdict: Verdict) => void
}

/** After this time without a finding the report says what is being tried, in milliseconds. */
const quietObserver = 700

/** No line of the page is longer, so that it fits into a mail and an issue. */
const pageWidth = 76

/** As wide as `problem` and two spaces. */
const wordWidth = 9

/** Opens a report in one of the forms. */
export function openReport(form: Form, system: System): Report {
  const parts: Part[] = []
  const screen = openScreen(system)
  let timer: NodeJS.Timeout | undefined
  const close = (): void => clearTimeout(timer)

  const write = (lines: readonly string[]): void => {
    process.stdout.write(lines.map((line) => `${line}\n`).join(''))
  }
  // A page is one piece on standard output, so progress goes to standard error.
  const progress = (line: string): void => {
    if (form === 'lines') write(screen.beside('...', line))
    else process.stderr.write(`${line}\n`)
  }
  return {
    watcher: {
      part(title) {
        parts.push({ title, findings: [] })
        if (form === 'lines') write(screen.part(title))
      },
      trying(what) {
        close()
        timer = setTimeout(progress, quietObserver, `trying ${what}`)
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
      else write([JSON.stringify(document(parts, verdict, system), null, 2)])
    },
  }
}

/** Says which failures have not been explained yet: each one is explained once. */
function firstTime(): (finding: Finding) => ReturnType<typeof failureNamed> | undefined {
  const explained = new Set<string>()
  return ({ failure }) => {
    if (!failure || explained.has(failure)) return undefined
    explained.add(failure)
    return failureNamed(failure)
  }
}

/** Lines for a terminal: the status, what was seen, and below it what it means and how to fix it. */
function openScreen(system: System) {
  const { width, style } = ownPage()
  const newFailure = firstTime()
  // In a narrow window the explanation is not indented.
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
      const { status, about, observed: saw } = finding
      const mark = status === 'problem' ? style.bold : style.dim
      const failure = newFailure(finding)
      return [
        ...beside(status, `${about}: ${saw}`, mark),
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
  const newFailure = firstTime()
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
      ...together(findings).flatMap(findingItems),
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

function sharedText({ observed: saw, shared }: Finding): string {
  return shared ?? saw
}

/** Neighbours that say the same, such as ten places with nothing there, share one item. */
function together(findings: readonly Finding[]): Finding[] {
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

/** The next command repeats an address or an image that was typed for the doctor. */
function sharedCommand({ command }: Verdict): string {
  return command.replace(/--host \S+/, '--host HOST').replace(/--image \S+/, '--image IMAGE')
}

/** `linux x64`, or `linux x64 in WSL`, which answers half of the questions differently. */
function machine(): string {
  const wsl = /microsoft/i.test(release()) ? ' in WSL' : ''
  return `${process.platform} ${arch()}${wsl}`
}
