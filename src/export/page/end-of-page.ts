/**
 * The end of the page: the terminal before, during and after the run, and the
 * exit code.
 *
 * @module
 */

import type { EventOf, Tape } from '../../tape/event.ts'
import type { Flags } from '../../tape/moments.ts'
import { changedFlags, flagRows, terminalVerdict } from '../../tape/narrate.ts'
import { type Html, html, nothing } from './html.ts'

type TerminalEvent = EventOf<'terminal'>

/**
 * Returns a table of the flags that raw mode affects: before, raw, after, and
 * their meaning.
 *
 * @param isRunning - whether the run has not ended yet
 */
export function terminalHtml({ events }: Tape, isRunning: boolean): Html {
  const readings = events.filter((event): event is TerminalEvent => event.kind === 'terminal')
  const flagsAt = (reading: TerminalEvent['moment']): Flags | undefined =>
    readings.find(({ moment }) => moment === reading)?.flags
  const before = flagsAt('before')
  const raw = flagsAt('raw')
  const after = flagsAt('after')
  if (events.length === 0 && isRunning) return html`<p>The run has not started.</p>`
  if (!before && !raw && !after) {
    return html`<p>There was no terminal: input and output were pipes, so there were no modes to change.</p>`
  }
  const changed = raw ? changedFlags(before, raw) : []
  const rows = flagRows([before, raw, after]).map(({ flag, meaning, cells }) => {
    const shown = cells.map((cell = '·') => html`<td><code>${cell}</code></td>`)
    return html`<tr class="${changed.includes(flag) ? 'changed' : ''}"><th scope="row">${flag}</th>${shown}<td>${meaning}</td></tr>`
  })
  return html`<div class="scroll" role="region" aria-label="Flags of the terminal" tabindex="0"><table>
<thead><tr><th scope="col">flag</th><th scope="col">before</th><th scope="col">raw</th><th scope="col">after</th><th scope="col">in raw mode</th></tr></thead>
<tbody>${rows}</tbody></table></div>
<p>${verdict(before, after, isRunning)}</p>`
}

function verdict(before: Flags | undefined, after: Flags | undefined, isRunning: boolean): string {
  if (!after && isRunning) return 'The run has not ended yet. We read the flags again at the end.'
  return before && after
    ? terminalVerdict(changedFlags(before, after))
    : 'The tape does not have the flags both before and after the run.'
}

/**
 * Returns the exit code with its meaning, and the error if the run failed.
 *
 * @param isRunning - whether the run has not ended yet
 */
export function exitHtml({ events, head }: Tape, isRunning: boolean): Html {
  const over = events.findLast((event) => event.kind === 'over')
  if (isRunning) return html`<p>The run has not ended yet.</p>`
  if (!over) return html`<p>The tape ends before the run does, so it has no exit code.</p>`
  const failure =
    over.failure === undefined ? nothing : html`<p class="failure">${over.failure}</p>`
  if (over.exitCode === null) {
    return html`${failure}<p>There is no exit code. The run was set to stop after chapter ${head.chapter}, and it ended before we asked for one.</p>`
  }
  return html`<p class="exit-code">${over.exitCode}</p><p>${exitMeaning(over.exitCode)}</p>${failure}`
}

/** Explains an exit code as a shell reads it. */
function exitMeaning(code: number): string {
  if (code === 0) return 'Success. With -d it only means that the daemon started the command.'
  if (code === 126) return 'The command was found but could not be executed.'
  if (code === 127) return 'The command was not found.'
  if (code === 255)
    return 'Either the command’s own code, or the daemon was gone and the code is unknown.'
  if (code > 128 && code <= 192)
    return `128 + ${code - 128}: signal ${code - 128} killed the command.`
  return 'The command’s own code. The command decides what it means.'
}
