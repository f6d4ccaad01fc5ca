/**
 * The plain form of a walk: text that is only ever appended, for a terminal of any size and for
 * a pipe.
 *
 * @module
 */

import type { TerminalReport } from '../run/walk-chapter.ts'
import type { TapeEvent } from '../tape/event.ts'
import type { StageRecord } from '../tape/moments.ts'
import { changedFlags, flagRows, terminalVerdict } from '../tape/narrate.ts'
import { addedNames, changedNames, valueLines, widestOf } from '../tape/state.ts'
import { stageWireLines } from '../tape/wire.ts'
import { type Style, styleFor } from '../text/style.ts'
import { cutText, hangingLines, padText, widthOf, wrapText } from '../text/width.ts'

/** How wide the text may be. */
export type Page = { readonly width: number; readonly style: Style }

/** Longer lines are hard to read. */
const widest = 100

/** The page that standard output is: 80 columns where nobody knows. */
export function ownPage(): Page {
  return {
    width: Math.min(process.stdout.columns || 80, widest),
    style: styleFor(process.stdout, process.env),
  }
}

/** The same for text that is written over a long time: its width is that of the window now. */
export function livePage(): Page {
  const { style } = ownPage()
  return {
    get width() {
      return ownPage().width
    },
    style,
  }
}

/** `── 3 hijack ─────────────`, or where there is no room for a rule, the text alone. */
export function headingLines(text: string, { width, style }: Page): string[] {
  const room = width - widthOf(text) - 4
  if (room < 2) return wrapText(text, width).map(style.bold)
  return [style.bold(`── ${text} ${'─'.repeat(room)}`)]
}

/**
 * The lines for one stage.
 *
 * @param earlier - what was on the wire in the stages before
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

/** A stage in one line of whole words: `  3 hijack      The socket is ours. No output had come …` */
export function summaryLine({ number, name, story }: StageRecord, page: Page): string {
  const line = `  ${number} ${padText(name, 12)} ${story}`
  const cut = cutText(line, page.width)
  return cut === line ? line : cut.replace(/…? \S*$/, ' …')
}

function section(name: string, lines: readonly string[], style: Style): string[] {
  return lines.map((line, index) => `${index === 0 ? style.dim(name.padEnd(6)) : '      '} ${line}`)
}

/**
 * What is new has a plus before it, what has changed a tilde. The rest is named only: whoever wants
 * it once more finds it where it was new.
 */
function stateLines({ before, state, number }: StageRecord, width: number, style: Style): string[] {
  const added = addedNames(before, state)
  const changed = changedNames(before, state)
  const same = Object.keys(state).filter((name) => !added.includes(name) && !changed.includes(name))
  const shown = number === 1 ? same : []
  const wide = widestOf([...shown, ...added, ...changed])
  return [
    ...valueLines(state, shown, ' ', width, { wide }),
    ...valueLines(state, changed, '~', width, { wide }),
    ...valueLines(state, added, '+', width, { wide }).map(style.added),
    ...(number === 1 ? [] : [`  and ${same.length} more, as before`]),
  ]
}

/** The terminal before, during and after a walk: the flags that raw mode changed. */
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

/** Whether the terminal is whole after a walk. */
export function verdictOn({ before, after }: TerminalReport): string {
  if (before.saved === after.saved) return terminalVerdict([])
  const changed = changedFlags(before.flags, after.flags)
  return terminalVerdict(changed.length > 0 ? changed : ['its control characters'])
}

/**
 * The run as the daemon's log had it in 2015: one line for each request about the exec, in order.
 * Today's client asks for the version and for the container before them.
 */
export function daemonLog(wire: readonly TapeEvent[]): string[] {
  return wire
    .filter((event) => event.kind === 'request')
    .map(({ method, path }) => `${method} ${path}`)
    .filter((line) => /\/exec(\/|$)/.test(line))
}
