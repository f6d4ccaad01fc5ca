/**
 * The views of a stage: state, wire, bytes, terminal, daemon, source and more
 * to read.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { View, ViewedPage } from '../menus/viewer.ts'
import type { StageSource } from '../questions/lesson.ts'
import type { TerminalReport } from '../run/walk-chapter.ts'
import { codeRows, sideBySideRows } from '../show/code-lines.ts'
import { type FieldsView, fieldLines } from '../show/field-lines.ts'
import { flagLines } from '../show/flag-lines.ts'
import { daemonLog, headingLines, type Page, verdictOn } from '../show/stage-lines.ts'
import type { TapeEvent } from '../tape/event.ts'
import { fieldsIn } from '../tape/fields.ts'
import { type Moment, momentsOf, type StageRecord } from '../tape/moments.ts'
import { narrate, signOf } from '../tape/narrate.ts'
import { addedNames, changedNames, valueLines } from '../tape/state.ts'
import { everything, stageWireLines } from '../tape/wire.ts'
import { shortIds } from '../text/hex.ts'
import { pageLines } from '../text/markdown.ts'
import { printable, printableLine } from '../text/printable.ts'
import { plainStyle, type Style } from '../text/style.ts'
import { cutText, wrapText } from '../text/width.ts'
import type { Evidence } from './run-evidence.ts'

/** The names of the views. */
export const viewNames = ['state', 'wire', 'bytes', 'terminal', 'daemon', 'source', 'more'] as const

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

/** Returns a view that needs no run, below its heading. */
export function sourceView(name: ViewName, source: StageSource | undefined, page: Page): string[] {
  const show = name === 'source' ? sourceLines : depthLines
  return viewLines(name, show(source, page.width, page.style), page)
}

/**
 * Returns these views of the last stage, each below its heading.
 *
 * @param isOpen - shows IDs, bodies and flags in full
 */
export function lastStageViews(
  names: readonly ViewName[],
  evidence: Evidence,
  page: Page,
  isOpen: boolean,
): string[] {
  const views = pagesOf(evidence, page.style).at(-1)?.views ?? []
  return names.flatMap((name) => {
    const view = views.find((each) => each.name === name)
    return viewLines(name, view?.lines(page.width, isOpen) ?? ['No stage has run.'], page)
  })
}

function viewLines(name: ViewName, lines: readonly string[], page: Page): string[] {
  return ['', ...headingLines(name, page), ...lines]
}

/** Returns the pages of the viewer, one for each stage. */
export function pagesOf(evidence: Evidence, style: Style): ViewedPage[] {
  return evidence.stages.map((stage, at) => ({
    title: `Chapter ${stage.number} ${stage.name}: ${stage.question}`,
    views: viewsOf(stage, evidence.sources[at], evidence, style),
  }))
}

function viewsOf(
  stage: StageRecord,
  source: StageSource | undefined,
  evidence: Evidence,
  style: Style,
): View[] {
  const { terminal, stages } = evidence
  const views: Readonly<Record<ViewName, Omit<View, 'name'>>> = {
    state: {
      lines: (width, isOpen = false) => stateLines(stage, width, style, isOpen),
      opens: 'IDs',
    },
    wire: {
      lines: (width, isOpen = false) => wireView(stage, stages, width, style, isOpen),
      opens: 'IDs and bodies',
    },
    bytes: {
      lines: (width, isOpen = false) => bytesLines(stage, stages, { width, style, isOpen }),
      opens: 'rules and sources',
    },
    terminal: {
      lines: (width, isOpen = false) =>
        terminalLines(terminal, stage, stages, { width, style, isOpen }),
      opens: 'unchanged flags',
    },
    daemon: {
      lines: (width, isOpen = false) => daemonLines(evidence, width, style, isOpen),
      opens: 'IDs',
    },
    source: {
      lines: (width) => sourceBesideWire(source, stage, width, style),
      beginsAt: (width) => runRow(source, codeWidth(width)),
    },
    more: { lines: (width) => depthLines(source, width, style) },
  }
  return viewNames.map((name) => ({ name, ...views[name] }))
}

function stateLines(
  { before, state, held }: StageRecord,
  width: number,
  style: Style,
  isWhole: boolean,
): string[] {
  const added = addedNames(before, state)
  const changed = changedNames(before, state)
  return [
    style.bold('in'),
    ...valueLines(before, Object.keys(before), ' ', width, { fullIds: isWhole }),
    '',
    style.bold('out: the same, plus'),
    ...valueLines(state, added, '+', width, { fullIds: isWhole }).map(style.added),
    ...valueLines(state, changed, '~', width, { fullIds: isWhole }),
    ...(added.length + changed.length === 0 ? ['  nothing'] : []),
    '',
    style.bold('held open'),
    ...wrapText(held.join(', ') || 'nothing', width - 2).map((line) => `  ${line}`),
  ]
}

/** The most rows of bytes per chunk. The view scrolls, so it can be many. */
const maxRowsPerChunk = 500

function wireView(
  stage: StageRecord,
  stages: readonly StageRecord[],
  width: number,
  style: Style,
  isOpen: boolean,
): string[] {
  const earlier = stages.filter(({ number }) => number < stage.number).flatMap(({ wire }) => wire)
  const nothing = 'This stage sends and receives nothing: it works on our side only.'
  const portion = { rows: maxRowsPerChunk, ...(isOpen && everything) }
  return [
    ...(stage.wire.length === 0 ? wrapText(nothing, width) : []),
    ...stageWireLines(stage, { width, earlier, ...portion, style, times: true }),
  ]
}

/** Returns every byte of the stage's wire, field by field. */
function bytesLines(
  stage: StageRecord,
  stages: readonly StageRecord[],
  view: FieldsView,
): string[] {
  const events = [...stage.wire, ...stage.teardown]
  if (events.length === 0) {
    return wrapText('This stage sends and receives nothing, so it has no bytes.', view.width)
  }
  // What a field means depends on the events before it.
  const all = stages.flatMap(eventsOf)
  const moments = momentsOf(all)
  return fieldsIn(all).flatMap((fields, at) => {
    const moment = moments[at]
    if (fields.length === 0 || !moment || !events.includes(moment.event)) return []
    return [...eventTitle(moment, view), ...fieldLines(fields, view), '']
  })
}

/** Puts a stage's traffic back between its beginning and its end. */
function eventsOf(stage: StageRecord): TapeEvent[] {
  const { number, name, title, question, before, state, story, held, milliseconds } = stage
  const at = stage.wire[0]?.at ?? 0
  return [
    { at, kind: 'stage begins', number, name, title, question, state: before },
    ...stage.wire,
    { at, kind: 'stage ended', number, story, state, held, milliseconds },
    ...stage.teardown,
  ]
}

function eventTitle(moment: Moment, { width, style, isOpen = false }: FieldsView): string[] {
  const narration = narrate(moment)
  const sign = signOf(narration) ?? '  '
  const title = isOpen ? narration.title : shortIds(narration.title)
  return wrapText(`${sign} ${printable(title)}`, width).map(style.bold)
}

/**
 * Returns the flags that raw mode changed in this run, or a sentence for a
 * stage that changes none.
 */
function terminalLines(
  terminal: TerminalReport | undefined,
  stage: StageRecord,
  stages: readonly StageRecord[],
  { width, style, isOpen }: { width: number; style: Style; isOpen: boolean },
): string[] {
  const wrap = (text: string): string[] => wrapText(text, width)
  if (!terminal) {
    return wrap(
      'There is no terminal here: input and output are pipes, so there is no mode to switch.',
    )
  }
  const { before, during, after } = terminal
  const setter = stages.find(({ held }) => held.includes('raw mode'))
  const readings = [
    ['before', before.flags],
    ...(during ? [['raw', during.flags] as const] : []),
    ['after', after.flags],
  ] as const
  const isUntouched = setter === undefined || stage.number < setter.number
  const flags = isUntouched && !isOpen ? [] : flagLines(readings, width, style, isOpen)
  return [
    ...(isUntouched ? [...wrap(untouchedText(stage, setter)), ''] : []),
    ...flags,
    ...(flags.length > 0 ? [''] : []),
    ...wrap(verdictOn(terminal)),
  ]
}

function untouchedText({ name }: StageRecord, setter: StageRecord | undefined): string {
  const later = setter
    ? ` Chapter ${setter.number}, ${setter.name}, is the first to change it.`
    : ''
  return `Stage ${name} does not change our terminal.${later}`
}

function daemonLines(
  { stages, events, log }: Evidence,
  width: number,
  style: Style,
  isWhole: boolean,
): string[] {
  const titled = (text: string): string[] => wrapText(text, width).map(style.bold)
  const indented = (text: string): string[] =>
    wrapText(printableLine(isWhole ? text : shortIds(text)), width - 2).map((line) => `  ${line}`)
  const requests = daemonLog(stages.flatMap(({ wire }) => wire))
  return [
    ...titled('requests about the exec, as the daemon logs them'),
    ...requests.flatMap(indented),
    ...(requests.length === 0 ? ['  none'] : []),
    '',
    ...titled('the daemon’s events'),
    ...events.flatMap(({ milliseconds, action, attributes }) => {
      const exitCode = attributes.exitCode === undefined ? '' : `, exit code ${attributes.exitCode}`
      return indented(`${milliseconds.toFixed(0).padStart(6)} ms  ${action}${exitCode}`)
    }),
    ...(events.length === 0 ? ['  none'] : []),
    ...(log ? ['', ...titled('the practice daemon’s log'), ...log.flatMap(indented)] : []),
  ]
}

/** Returns the stage's file and the corresponding place in Docker. */
export function sourceLines(
  source: StageSource | undefined,
  width: number,
  style: Style,
): string[] {
  if (!source) return ['This stage has no source to show.']
  return [...fileLines(source, width, style), ...dockerLines(source, width, style)]
}

/** Returns the file itself, below its name. */
function fileLines({ file }: StageSource, width: number, style: Style): string[] {
  const code = readFileSync(file, 'utf8').trimEnd()
  return [
    style.bold(cutText(`here: ${relative(process.cwd(), file)}`, width)),
    ...codeRows(code, width, style).map(({ text }) => text),
  ]
}

function dockerLines({ docker }: StageSource, width: number, style: Style): string[] {
  const places = docker.flatMap(({ when, file, function: name, summary }) => [
    ...wrapText(`${when}: ${file}, ${name}`, width),
    ...wrapText(summary, width - 4).map((line) => `    ${line}`),
  ])
  return places.length > 0 ? ['', style.bold('the same place in Docker'), ...places] : []
}

/**
 * Returns the row of {@link sourceLines} in which the stage's `run` begins,
 * after its module comment.
 */
export function runRow(source: StageSource | undefined, width: number): number {
  if (!source) return 0
  const code = readFileSync(source.file, 'utf8').trimEnd()
  const run = code.split('\n').findIndex((line) => /^ +(async )?run\(/.test(line))
  return 1 + codeRows(code, width, plainStyle).findIndex(({ number }) => number === run + 1)
}

/**
 * In a window at least this wide, the source and the wire are shown side by
 * side.
 */
const minWidthBeside = 120

/**
 * The width of the wire beside the source: eight bytes in a row, and their
 * times.
 */
const besideWidth = 48

/** Returns the width of the source in a window of this width. */
function codeWidth(width: number): number {
  return width < minWidthBeside ? width : width - besideWidth - 3
}

/**
 * Returns the source and the bytes it produced: beside its `run` if there is
 * room, otherwise below.
 */
function sourceBesideWire(
  source: StageSource | undefined,
  stage: StageRecord,
  width: number,
  style: Style,
): string[] {
  if (!source) return sourceLines(source, width, style)
  const isBeside = width >= minWidthBeside
  const wireWidth = isBeside ? besideWidth : width
  const wire = [
    style.bold('bytes on the wire'),
    ...(stage.wire.length > 0
      ? stageWireLines(stage, { width: wireWidth, rows: maxRowsPerChunk, style, times: true })
      : ['nothing']),
  ]
  const file = fileLines(source, codeWidth(width), style)
  const from = runRow(source, codeWidth(width))
  return [
    ...(isBeside
      ? sideBySideRows(file, wire, { from, width: codeWidth(width) })
      : [...file, '', ...wire]),
    ...dockerLines(source, width, style),
  ]
}

function depthLines(source: StageSource | undefined, width: number, style: Style): string[] {
  if (!source) return ['This stage has no page to show.']
  return pageLines(readFileSync(source.depth, 'utf8'), width, style)
}
