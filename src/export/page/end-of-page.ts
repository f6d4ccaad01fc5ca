/**
 * The end of the page: the terminal before, during and after the run, and the exit code.
 *
 * @module
 */

import type { EventOf, Tape } from '../../tape/event.ts'
import type { Flags } from '../../tape/moments.ts'
import { changedFlags, flagRows, terminalVerdict } from '../../tape/narrate.ts'
import { type Html, html, nothing } from './html.ts'

type TerminalEvent = EventOf<'terminal'>

/**
 * Every flag that raw mode touches: before, raw, after, and what it does.
 *
 * @param goesOn - the run has not ended yet
 */
export function terminalHtml({ events }: Tape, goesOn: boolean): Html {
  const readings = events.filter((event): event is TerminalEvent => event.kind === 'terminal')
  const flagsAt = (wanted: TerminalEvent['moment']): Flags | undefined =>
    readings.find(({ moment }) => moment === wanted)?.flags
  const before = flagsAt('before')
  const raw = flagsAt('raw')
  const after = flagsAt('after')
  if (events.length === 0 && goesOn) return html`<p>The run has not begun.</p>`
  if (!before && !raw && !after) {
    return html`<p>There was no terminal: input and output were pipes, and nothing needed to be switched.</p>`
  }
  const changed = raw ? changedFlags(before, raw) : []
  const rows = flagRows([before, raw, after]).map(({ flag, meaning, cells }) => {
    const shown = cells.map((cell = '·') => html`<td><code>${cell}</code></td>`)
    return html`<tr class="${changed.includes(flag) ? 'changed' : ''}"><th scope="row">${flag}</th>${shown}<td>${meaning}</td></tr>`
  })
  return html`<div class="scroll" role="region" aria-label="Flags of the terminal" tabindex="0"><table>
<thead><tr><th scope="col">flag</th><th scope="col">before</th><th scope="col">raw</th><th scope="col">after</th><th scope="col">in raw mode</th></tr></thead>
<tbody>${rows}</tbody></table></div>
<p>${verdict(before, after, goesOn)}</p>`
}

function verdict(before: Flags | undefined, after: Flags | undefined, goesOn: boolean): string {
  if (!after && goesOn) return 'The run goes on. At its end we read the flags once more.'
  return before && after
    ? terminalVerdict(changedFlags(before, after))
    : 'The tape does not have the terminal both before and after the run.'
}

/**
 * The exit code and what it means, and why the run stopped where it failed.
 *
 * @param goesOn - the run has not ended yet
 */
export function exitHtml({ events, head }: Tape, goesOn: boolean): Html {
  const over = events.findLast((event) => event.kind === 'over')
  if (goesOn) return html`<p>The run is not over yet.</p>`
  if (!over) return html`<p>The tape ends before the run does: how it ended is not on it.</p>`
  const failure =
    over.failure === undefined ? nothing : html`<p class="failure">${over.failure}</p>`
  if (over.exitCode === null) {
    return html`${failure}<p>There is no exit code: the walk ended behind chapter ${head.chapter}, before it was asked for.</p>`
  }
  return html`<p class="exit-code">${over.exitCode}</p><p>${exitMeaning(over.exitCode)}</p>${failure}`
}

/** What a shell reads from an exit code. */
function exitMeaning(code: number): string {
  if (code === 0) return 'The command ended and calls it a success.'
  if (code === 126) return 'The command was found and could not be executed.'
  if (code === 127) return 'The command was not found.'
  if (code === 255) return 'The command’s own code, or nobody knows: the daemon was gone.'
  if (code > 128 && code <= 192)
    return `128 + ${code - 128}: signal ${code - 128} ended the command.`
  return 'The command’s own code. What it means, the command decides.'
}
