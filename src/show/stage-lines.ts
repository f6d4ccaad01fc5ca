/**
 * Prints a walk as plain text: lines are only appended, for a terminal of any
 * size or a pipe.
 *
 * @module
 */

import type { TerminalReport } from '../run/walk-chapter.ts'
import type { TapeEvent } from '../tape/event.ts'
import type { StageRecord } from '../tape/moments.ts'
import { changedFlags, flagRows, terminalVerdict } from '../tape/narrate.ts'
import { addedNames, changedNames, valueLines, widestOf } from '../tape/state.ts'
import { stageWireLines } from '../tape/wire.ts'
import { countOf } from '../text/count.ts'
import { type Style, styleFor } from '../text/style.ts'
import { cutText, hangingLines, padText, widthOf, wrapText } from '../text/width.ts'

/** The width and style of the output. */
export type Page = { readonly width: number; readonly style: Style }

/** The widest text: longer lines are hard to read. */
const widest = 100

/**
 * Returns the page for standard output: 80 columns if its width is unknown.
 */
export function ownPage(): Page {
  return {
    width: Math.min(process.stdout.columns || 80, widest),
    style: styleFor(process.stdout, process.env),
  }
}

/**
 * Returns a page that follows the width of the window, for output over a long
 * time.
 */
export function livePage(): Page {
  const { style } = ownPage()
  return {
    get width() {
      return ownPage().width
    },
    style,
  }
}

/**
 * `── 3 hijack ─────────────`, or only the text if there is no room for a
 * rule.
 */
export function headingLines(text: string, { width, style }: Page): string[] {
  const room = width - widthOf(text) - 4
  if (room < 2) return wrapText(text, width).map(style.bold)
  return [style.bold(`── ${text} ${'─'.repeat(room)}`)]
}

/**
 * Returns the lines for one stage.
 *
 * @param earlier - the wire traffic of earlier stages
 */
export function stageLines(
  stage: StageRecord,
  page: Page,
  earlier: readonly TapeEvent[],
): string[] {
  const { style } = page
  const inner = page.width - 10
  const wire = stageWireLines(stage, { width: inner, earlier, style, notes: true })
  return [
    '',
    ...headingLines(`${stage.number} ${stage.name}`, page),
    ...wrapText(stage.question, page.width).map(style.bold),
    ...section('did', wrapText(stage.story, inner), style),
    ...section('wire', wire.length > 0 ? wire : ['nothing'], style),
    ...section('state', stateLines(stage, inner, style), style),
    ...section('held', wrapText(stage.held.join(', ') || 'nothing', inner), style),
    ...section('took', [`${stage.milliseconds.toFixed(1)} ms`], style),
  ]
}

/**
 * Returns a stage on one line, cut at a word:
 * `  3 hijack      The socket is ours. No …`
 */
export function summaryLine({ number, name, story }: StageRecord, page: Page): string {
  const line = `  ${number} ${padText(name, 12)} ${story}`
  const cut = cutText(line, page.width)
  return cut === line ? line : cut.replace(/…? \S*$/, ' …')
}

function section(name: string, lines: readonly string[], style: Style): string[] {
  return lines.map((line, index) => `${index === 0 ? style.dim(name.padEnd(6)) : '      '} ${line}`)
}

/**
 * Lists new values with `+` and changed ones with `~`. The rest is only
 * counted: it was shown when it was new.
 */
function stateLines({ before, state, number }: StageRecord, width: number, style: Style): string[] {
  const added = addedNames(before, state)
  const changed = changedNames(before, state)
  const same = Object.keys(state).filter((name) => !added.includes(name) && !changed.includes(name))
  const shown = number === 1 ? same : []
  const nameWidth = widestOf([...shown, ...added, ...changed])
  return [
    ...valueLines(state, shown, ' ', width, { nameWidth }),
    ...valueLines(state, changed, '~', width, { nameWidth }),
    ...valueLines(state, added, '+', width, { nameWidth }).map(style.added),
    ...(number === 1 ? [] : [`  plus ${countOf(same.length, 'unchanged value')}`]),
  ]
}

/**
 * Returns the flags that raw mode changed: before, during and after the walk.
 */
export function terminalLines(terminal: TerminalReport, page: Page): string[] {
  const { before, during, after } = terminal
  const changed = during ? changedFlags(before.flags, during.flags) : []
  const rows = flagRows([before.flags, (during ?? before).flags, after.flags])
    .filter(({ flag }) => changed.includes(flag))
    .flatMap(({ cells, meaning }) =>
      hangingLines(cells.map((cell = '') => cell.padEnd(9)).join(''), meaning, page.width),
    )
  return [
    '',
    ...headingLines('terminal', page),
    ...(rows.length > 0 ? [`${'before'.padEnd(9)}${'raw'.padEnd(9)}after`, ...rows] : []),
    ...wrapText(verdictOn(terminal), page.width),
  ]
}

/** Says whether the walk restored the terminal. */
export function verdictOn({ before, after }: TerminalReport): string {
  if (before.saved === after.saved) return terminalVerdict([])
  const changed = changedFlags(before.flags, after.flags)
  return terminalVerdict(changed.length > 0 ? changed : ['its control characters'])
}

/**
 * Returns the run as the daemon logged it in 2015: one line for each exec
 * request. Today's client sends a ping and a container lookup first.
 */
export function daemonLog(wire: readonly TapeEvent[]): string[] {
  return wire
    .filter((event) => event.kind === 'request')
    .map(({ method, path }) => `${method} ${path}`)
    .filter((line) => /\/exec(\/|$)/.test(line))
}
