/**
 * The views of a stage: state, wire, terminal, daemon, source, and more to read.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { View, ViewedPage } from '../menus/viewer.ts'
import type { StageSource } from '../questions/lesson.ts'
import type { TerminalReport } from '../run/walk-chapter.ts'
import { daemonLog, headingLines, type Page, verdictOn } from '../show/stage-lines.ts'
import type { StageRecord } from '../tape/moments.ts'
import { flagRows } from '../tape/narrate.ts'
import { addedNames, changedNames, valueLines } from '../tape/state.ts'
import { stageWireLines } from '../tape/wire.ts'
import { pageLines } from '../text/markdown.ts'
import type { Style } from '../text/style.ts'
import { wrapText } from '../text/width.ts'
import type { DaemonEvent, Evidence } from './run-evidence.ts'

/** The names of the views. */
export const viewNames = ['state', 'wire', 'terminal', 'daemon', 'source', 'more'] as const

/** The name of a view. */
export type ViewName = (typeof viewNames)[number]

/** Whether this is the name of a view. */
export function isView(name: string): name is ViewName {
  return viewNames.some((each) => each === name)
}

/** Whether a view can be shown without a run. */
export function needsNoRun(name: ViewName): boolean {
  return name === 'source' || name === 'more'
}

/** A view that needs no run, below its heading. */
export function sourceView(name: ViewName, source: StageSource | undefined, page: Page): string[] {
  const show = name === 'source' ? sourceLines : depthLines
  return viewLines(name, show(source, page.width, page.style), page)
}

/** The last stage's views of these names, each below its heading. */
export function lastStageViews(
  names: readonly ViewName[],
  evidence: Evidence,
  page: Page,
): string[] {
  const views = pagesOf(evidence, page.style).at(-1)?.views ?? []
  return names.flatMap((name) => {
    const view = views.find((each) => each.name === name)
    return viewLines(name, view?.lines(page.width) ?? ['No stage has run.'], page)
  })
}

function viewLines(name: ViewName, lines: readonly string[], page: Page): string[] {
  return ['', ...headingLines(name, page), ...lines]
}

/** The pages of the viewer, one for each stage. */
export function pagesOf(evidence: Evidence, style: Style): ViewedPage[] {
  return evidence.stages.map((stage, at) => ({
    title: `Chapter ${stage.number} ${stage.name}: ${stage.question}`,
    views: viewsOf(stage, evidence.sources[at], evidence, style),
  }))
}

function viewsOf(
  stage: StageRecord,
  source: StageSource | undefined,
  { stages, terminal, events, log }: Evidence,
  style: Style,
): View[] {
  const linesOf: Readonly<Record<ViewName, View['lines']>> = {
    state: (width) => stateLines(stage, width, style),
    wire: (width) => wireView(stage, stages, width, style),
    terminal: (width) => terminalLines(terminal, width),
    daemon: (width) => daemonLines(stages, events, log, width, style),
    source: (width) => sourceLines(source, width, style),
    more: (width) => depthLines(source, width, style),
  }
  return viewNames.map((name) => ({ name, lines: linesOf[name] }))
}

function stateLines({ before, state, held }: StageRecord, width: number, style: Style): string[] {
  const added = addedNames(before, state)
  const changed = changedNames(before, state)
  return [
    style.bold('in'),
    ...valueLines(before, Object.keys(before), ' ', width),
    '',
    style.bold('out: the same, and'),
    ...valueLines(state, added, '+', width).map(style.added),
    ...valueLines(state, changed, '~', width),
    ...(added.length + changed.length === 0 ? ['  nothing more'] : []),
    '',
    style.bold('held open'),
    ...wrapText(held.join(', ') || 'nothing', width - 2).map((line) => `  ${line}`),
  ]
}

/** Rows of bytes that are shown of one chunk. It can be many, because the view scrolls. */
const manyRows = 500

function wireView(
  stage: StageRecord,
  stages: readonly StageRecord[],
  width: number,
  style: Style,
): string[] {
  const earlier = stages.filter(({ number }) => number < stage.number).flatMap(({ wire }) => wire)
  const nothing = 'Nothing went over the wire in this stage: it works on our side only.'
  return [
    ...(stage.wire.length === 0 ? wrapText(nothing, width) : []),
    ...stageWireLines(stage, { width, earlier, rows: manyRows, style }),
  ]
}

/** Every flag that raw mode touches, and what it does. */
function terminalLines(terminal: TerminalReport | undefined, width: number): string[] {
  if (!terminal) {
    return wrapText(
      'There is no terminal here: input and output are pipes, and nothing needs to be switched.',
      width,
    )
  }
  const { before, during, after } = terminal
  const rows = flagRows([before.flags, during?.flags, after.flags])
  return [
    `${'before'.padEnd(10)}${'during'.padEnd(10)}after`,
    ...rows.flatMap(({ cells, meaning }) => [
      cells.map((cell = '(not raw)') => cell.padEnd(10)).join(''),
      ...wrapText(`raw: ${meaning}`, width - 4).map((line) => `    ${line}`),
    ]),
    '',
    ...wrapText(verdictOn(terminal), width),
  ]
}

function daemonLines(
  stages: readonly StageRecord[],
  events: readonly DaemonEvent[],
  log: readonly string[] | undefined,
  width: number,
  style: Style,
): string[] {
  const titled = (text: string): string[] => wrapText(text, width).map(style.bold)
  const indented = (text: string): string[] => wrapText(text, width - 2).map((line) => `  ${line}`)
  const requests = daemonLog(stages.flatMap(({ wire }) => wire))
  return [
    ...titled('the requests about the exec, as its log has them'),
    ...requests.flatMap(indented),
    ...(requests.length === 0 ? ['  none'] : []),
    '',
    ...titled('its own events'),
    ...events.flatMap(({ milliseconds, action, attributes }) => {
      const exitCode = attributes.exitCode === undefined ? '' : `, exit code ${attributes.exitCode}`
      return indented(`${milliseconds.toFixed(0).padStart(6)} ms  ${action}${exitCode}`)
    }),
    ...(events.length === 0 ? ['  none'] : []),
    ...(log ? ['', ...titled('the practice daemon’s log'), ...log.flatMap(indented)] : []),
  ]
}

/** The stage's file, and the same place in Docker. */
export function sourceLines(
  source: StageSource | undefined,
  width: number,
  style: Style,
): string[] {
  if (!source) return ['There is no source to show.']
  const inDocker = source.docker.flatMap(({ when, file, function: name, says }) => [
    ...wrapText(`${when}: ${file}, ${name}`, width),
    ...wrapText(says, width - 4).map((line) => `    ${line}`),
  ])
  const code = readFileSync(source.file, 'utf8').trimEnd().split('\n')
  return [
    ...(inDocker.length > 0 ? [style.bold('the same place in Docker'), ...inDocker, ''] : []),
    ...wrapText(`here: ${relative(process.cwd(), source.file)}`, width).map(style.bold),
    ...code.flatMap((line) => codeLines(line, width)),
  ]
}

/** Wraps a line below its own beginning; in a comment, behind the star or the slashes. */
function codeLines(line: string, width: number): string[] {
  const [indent = ''] = /^ *(\* |\/\/ )?/.exec(line) ?? []
  const [first = '', ...rest] = wrapText(line.slice(indent.length), width - indent.length)
  return [`${indent}${first}`, ...rest.map((part) => `${indent}${part}`)]
}

function depthLines(source: StageSource | undefined, width: number, style: Style): string[] {
  if (!source) return ['There is no page to show.']
  return pageLines(readFileSync(source.depth, 'utf8'), width, style)
}
