/**
 * Steps through a tape, forward and back, without a daemon: on its own
 * screen, with numbered choices, or as appended text.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import { askIn, cancelled } from '../menus/ask.ts'
import { type Stepping, type View, type ViewedPage, viewPages } from '../menus/viewer.ts'
import type { StageSource } from '../questions/lesson.ts'
import { openRunScope } from '../run/run-scope.ts'
import { runRow, sourceLines } from '../runner/views.ts'
import { fieldLines } from '../show/field-lines.ts'
import { eventLines, momentTitle, stateAtLines, terminalAtLines } from '../show/moment.ts'
import { headingLines, type Page } from '../show/stage-lines.ts'
import type { TapeHead } from '../tape/event.ts'
import { type Field, fieldsIn } from '../tape/fields.ts'
import { type Moment, momentsOf } from '../tape/moments.ts'
import { narrate, signOf } from '../tape/narrate.ts'
import type { ReadTape } from '../tape/read.ts'
import { everything } from '../tape/wire.ts'
import { milliseconds } from '../text/count.ts'
import { shortIds } from '../text/hex.ts'
import { printableJson, printableLine, printableValue } from '../text/printable.ts'
import type { Style } from '../text/style.ts'
import { wrapText } from '../text/width.ts'

/**
 * A stage of this workbook with its name. A tape has only the names of its
 * stages.
 */
export type NamedSource = StageSource & { readonly name: string }

/**
 * Selects events: one by its number, those of one stage, or all of them if
 * both are undefined.
 */
export type Selection = { readonly event: number | undefined; readonly stage: number | undefined }

/** Returns the lines that describe the recorded run. */
function tapeLines({ head, cut }: ReadTape, width: number): string[] {
  const typed = head.typed ? 'It includes what you typed.' : 'It does not include what you typed.'
  return [`${titleOf(head)}. ${typed}`, ...(cut === undefined ? [] : [cut])].flatMap((text) =>
    wrapText(text, width),
  )
}

/**
 * Returns `2026-03-01 09:30:00 UTC, chapter 4 raw mode, Docker 28.5.2, API
 * 1.50`.
 */
export function titleOf({ made, chapter, stages, daemon }: TapeHead): string {
  const time = `${new Date(made).toISOString().replace('T', ' ').slice(0, 19)} UTC`
  const name = `${daemon.product} ${daemon.version}`.trim() || 'an unnamed engine'
  return printableLine(
    `${time}, chapter ${chapter} ${stages.at(-1) ?? ''}, ${name}, API ${daemon.apiVersion}`,
  )
}

/**
 * Returns the tape as text: all events in short form, or one event in full.
 */
export function replayText(read: ReadTape, selection: Selection, page: Page): string[] {
  const tape = printableValue(read)
  const chosen = momentsOf(tape.events).filter(isIn(selection))
  if (selection.event !== undefined) {
    return chosen.flatMap((moment) => [
      ...momentLines(moment, page, true),
      ...bytesOfMoment(read, moment, page),
      '',
      page.style.bold('the state'),
      ...stateAtLines(moment, page.width, page.style, true),
      '',
      page.style.bold('the terminal'),
      ...terminalAtLines(moment, page.width, page.style, true),
    ])
  }
  return [
    ...tapeLines(tape, page.width),
    ...chosen.flatMap((moment) => [
      ...(moment.event.kind === 'stage begins'
        ? ['', ...headingLines(printableLine(`${moment.event.number} ${moment.event.name}`), page)]
        : []),
      ...momentLines(moment, page, false),
    ]),
    // Repeat the warning at the end, because the text can be long.
    ...(tape.cut === undefined ? [] : ['', ...wrapText(tape.cut, page.width)]),
  ]
}

/** Returns the bytes of an event field by field, if it has any. */
function bytesOfMoment({ events }: ReadTape, { number }: Moment, page: Page): string[] {
  const fields = fieldsIn(events.slice(0, number))[number - 1] ?? []
  return fields.length === 0 ? [] : ['', page.style.bold('the bytes'), ...fieldLines(fields, page)]
}

function momentLines(moment: Moment, { width, style }: Page, all: boolean): string[] {
  const lines = eventLines(moment, width - 4, { ...(all && everything), style })
  const title = wrapText(printableLine(momentTitle(moment)), width).map(style.bold)
  return [...title, ...lines.map((line) => `    ${line}`)]
}

function isIn({ event, stage }: Selection): (moment: Moment) => boolean {
  return (moment) =>
    (event === undefined || moment.number === event) &&
    (stage === undefined || moment.stage?.number === stage)
}

/**
 * Returns the tape as one JSON document. Each event has its number and the
 * number of its stage.
 */
export function replayJson({ head, events, cut }: ReadTape, selection: Selection): string {
  const chosen = momentsOf(events)
    .filter(isIn(selection))
    .map(({ number, stage, event }) => ({ number, stage: stage?.number ?? null, ...event }))
  return printableJson({ head, cut: cut ?? null, events: chosen })
}

/**
 * Lets the learner step through the tape.
 *
 * @throws a failure with exit code 130 on Ctrl-C
 */
export async function stepThrough(
  read: ReadTape,
  form: 'menus' | 'numbers',
  sources: readonly NamedSource[],
  page: Page,
): Promise<void> {
  if (read.events.length === 0) {
    process.stdout.write(
      `${[...tapeLines(printableValue(read), page.width), 'The tape is empty.'].join('\n')}\n`,
    )
    return
  }
  const scope = openRunScope()
  try {
    const endedBy = await browseEvents(read, 0, form, sources, page, scope)
    if (endedBy === 'ctrl-c') throw cancelled()
  } finally {
    await scope.releaseAll()
  }
  if (read.cut !== undefined) {
    process.stdout.write(`${wrapText(printableLine(read.cut), page.width).join('\n')}\n`)
  }
}

/**
 * Shows the events of a tape that is not empty until the learner goes back.
 *
 * @param first - the index of the first event to show
 * @returns the key that ended the viewer, or undefined with numbered choices
 */
export async function browseEvents(
  read: ReadTape,
  first: number,
  form: 'menus' | 'numbers',
  sources: readonly NamedSource[],
  page: Page,
  scope: Scope,
): Promise<string | undefined> {
  const tape = printableValue(read)
  const moments = momentsOf(tape.events)
  // The bytes as they are: what is shown of them is made printable later.
  const allFields = fieldsIn(read.events)
  const pages = moments.map((moment) =>
    pageOf(moment, moments.length, viewsOf(moment, allFields, sources, page.style)),
  )
  if (form === 'menus') return viewPages(pages, first, page.style, scope, stepping(moments))
  await stepByNumbers(tape, moments, pages, page, first)
  return undefined
}

function pageOf(moment: Moment, of: number, views: View[]): ViewedPage {
  const { number, event, stage } = moment
  const where = stage ? `${stage.number} ${stage.name}` : 'before the first stage'
  const title = `${number}/${of}  ${milliseconds(event.at)}  ${where}: ${event.kind}`
  const isBegin = event.kind === 'stage begins'
  const listed = isBegin ? `── ${where}` : `${`${number}`.padStart(3)} ${listedText(moment)}`
  return { title: printableLine(title), views, listed: printableLine(listed) }
}

/**
 * Returns an event as one line of the list: `1→ POST
 * /exec/fc9c11ae6ac4…/start`.
 */
function listedText(moment: Moment): string {
  const narration = narrate(moment)
  return `${signOf(narration) ?? '  '} ${shortIds(narration.title.replace(/\/v[\d.]+/, ''))}`
}

function viewsOf(
  moment: Moment,
  allFields: readonly (readonly Field[])[],
  sources: readonly NamedSource[],
  style: Style,
): View[] {
  const fields = allFields[moment.number - 1] ?? []
  // A tape from another version may have stages that this one lacks.
  const source = sources.find(({ name }) => name === moment.stage?.name)
  return [
    {
      name: 'event',
      lines: (width, isOpen = true) =>
        eventLines(moment, width, { ...(isOpen && everything), style }),
      opens: 'IDs and bodies',
    },
    {
      name: 'bytes',
      lines: (width, isOpen = false) =>
        fields.length === 0
          ? wrapText('This event has no bytes.', width)
          : fieldLines(fields, { width, style, isOpen }),
      opens: 'rules and sources',
    },
    {
      name: 'state',
      lines: (width, isOpen = false) => stateAtLines(moment, width, style, isOpen),
      opens: 'IDs',
    },
    {
      name: 'terminal',
      lines: (width, isOpen = false) => terminalAtLines(moment, width, style, isOpen),
      opens: 'unchanged flags',
    },
    {
      name: 'source',
      lines: (width) => sourceLines(source, width, style),
      beginsAt: (width) => runRow(source, width),
    },
  ]
}

/** Shows one event per page. */
function stepping(moments: readonly Moment[]): Stepping {
  return {
    unit: 'event',
    pageFor(key, page) {
      if (key === 'right') return page + 1
      if (key === 'left') return page - 1
      if (key === 'N') return nextStage(moments, page)
      if (key === 'P') return previousStage(moments, page)
      if (key === 'g') return 0
      return key === 'G' ? moments.length - 1 : undefined
    },
    keys: [
      { key: '→ ←', label: 'next event, previous event' },
      { key: 'N P', label: 'next stage; start of this stage, then the previous one' },
      { key: 'g G', label: 'first event, last event' },
    ],
    legend: 'N P stage',
  }
}

/**
 * Returns the index at which the next stage begins, or the last event if
 * there is no next stage.
 */
function nextStage(moments: readonly Moment[], from: number): number {
  const next = moments.findIndex(({ event }, at) => at > from && event.kind === 'stage begins')
  return next === -1 ? moments.length - 1 : next
}

/**
 * Returns the start of this stage; from there, the start of the previous
 * stage.
 */
function previousStage(moments: readonly Moment[], from: number): number {
  const before = moments.findLastIndex(
    ({ event }, at) => at < from && event.kind === 'stage begins',
  )
  return Math.max(0, before)
}

/**
 * Steps with numbered choices. Each event is appended, and nothing is
 * redrawn.
 */
async function stepByNumbers(
  tape: ReadTape,
  moments: readonly Moment[],
  pages: readonly ViewedPage[],
  page: Page,
  first: number,
): Promise<void> {
  const ask = askIn('numbers')
  const print = (lines: readonly string[]): void =>
    void process.stdout.write(`${lines.join('\n')}\n`)
  const last = moments.length - 1
  let at = first
  let view = 'event'
  print(tapeLines(tape, page.width))
  for (;;) {
    const shown = pages[at] as ViewedPage
    const lines = shown.views.find(({ name }) => name === view)?.lines(page.width) ?? []
    print(['', ...wrapText(shown.title, page.width).map(page.style.bold), ...lines])
    view = 'event'
    const to = await ask.choose<number | string>(
      'What next?',
      [
        { value: Math.min(last, at + 1), label: 'Show next event' },
        { value: Math.max(0, at - 1), label: 'Show previous event' },
        { value: nextStage(moments, at), label: 'Go to next stage' },
        { value: previousStage(moments, at), label: 'Go back one stage' },
        { value: 0, label: 'Go to first event' },
        { value: last, label: 'Go to last event' },
        { value: 'bytes', label: 'Show the bytes' },
        { value: 'state', label: 'Show the state' },
        { value: 'terminal', label: 'Show the terminal' },
        { value: 'source', label: "Show the stage's source" },
        { value: 'leave', label: 'Leave the replay' },
      ],
      at < last ? at + 1 : 'leave',
    )
    if (to === 'leave') return
    if (typeof to === 'number') at = to
    else view = to
  }
}
