/**
 * The summary for somebody else: a page of Markdown, or one JSON document. Both are made only of
 * what may be shared.
 *
 * @module
 */

import { arch, release } from 'node:os'
import { hangingLines } from '../text/style.ts'
import { failureNamed, type System } from './failures.ts'
import type { Finding } from './finding.ts'
import type { Verdict } from './verdict.ts'

/** Findings with the title of their part. */
export type Part = { readonly title: string; readonly findings: readonly Finding[] }

/** A line of a report is not longer, so that it is whole in a mail and in an issue. */
const width = 76

/** The page. */
export function reportText(parts: readonly Part[], verdict: Verdict, system: System): string {
  const { runsOn, first } = verdict
  const lines = [
    '## npm run doctor',
    '',
    ...item(`the docker exec workbook on ${machine()}`),
    ...item(`a chapter can be run ${runsOn ? `on ${runsOn}` : 'on nothing yet'}`),
    ...(first ? item(`${runsOn ? 'to use an engine' : 'first'}: ${first}`) : []),
    ...item(`next: ${sharedCommand(verdict)}`),
  ]
  const explained = new Set<string>()
  for (const { title, findings } of parts) {
    lines.push('', `### ${title}`, '')
    for (const finding of together(findings)) {
      const { about, status, failure } = finding
      lines.push(...item(`${status}, ${about}: ${sharedText(finding)}`))
      if (!failure || explained.has(failure)) continue
      explained.add(failure)
      const { means, fix } = failureNamed(failure)
      lines.push(...item(`${failure}: ${means}`, 2), ...item(`fix: ${fix[system]}`, 2))
    }
  }
  return `${lines.join('\n')}\n`
}

/** The document: the same facts with names. */
export function reportJson(parts: readonly Part[], verdict: Verdict, system: System): object {
  return {
    machine: machine(),
    parts: parts.map(({ title, findings }) => ({
      title,
      findings: findings.map((finding) => ({
        about: finding.about,
        status: finding.status,
        saw: sharedText(finding),
        failure: finding.failure
          ? {
              name: finding.failure,
              means: failureNamed(finding.failure).means,
              fix: failureNamed(finding.failure).fix[system],
            }
          : null,
      })),
    })),
    runsOn: verdict.runsOn,
    first: verdict.first,
    next: sharedCommand(verdict),
  }
}

function sharedText({ saw, shared }: Finding): string {
  return shared ?? saw
}

/** Ten places where nothing is are one line here. */
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

/** An address or an image that was typed for the doctor is in the next command as well. */
function sharedCommand({ command }: Verdict): string {
  return command.replace(/--host \S+/, '--host HOST').replace(/--image \S+/, '--image IMAGE')
}

/** `linux x64`, or `linux x64 in WSL`, where half of the answers are other ones. */
function machine(): string {
  const wsl = /microsoft/i.test(release()) ? ' in WSL' : ''
  return `${process.platform} ${arch()}${wsl}`
}

function item(text: string, indent = 0): string[] {
  return hangingLines(`${' '.repeat(indent)}- `, text, width)
}
