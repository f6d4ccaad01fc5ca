/**
 * The end of the page: the terminal before, during and after the run, and the exit code.
 *
 * @module
 */

import type { RecordedTape, TapeEvent } from '../../tape/recorded.ts'
import { flagMeanings } from '../../terminal/modes.ts'
import { type Html, html, nothing } from './html.ts'

type Flags = Readonly<Record<string, boolean>>
type TerminalEvent = Extract<TapeEvent, { readonly kind: 'terminal' }>

/** Every flag that raw mode touches: before, raw, after, and what it does. */
export function terminalHtml({ events }: RecordedTape): Html {
  const readings = events.filter((event): event is TerminalEvent => event.kind === 'terminal')
  const flagsAt = (wanted: TerminalEvent['moment']): Flags | undefined =>
    readings.find(({ moment }) => moment === wanted)?.flags
  const before = flagsAt('before')
  const raw = flagsAt('raw')
  const after = flagsAt('after')
  const known = before ?? raw ?? after
  if (!known) {
    return html`<p>There was no terminal: input and output were pipes, and nothing needed to be switched.</p>`
  }
  const rows = flagMeanings
    .filter(([flag]) => Object.hasOwn(known, flag))
    .map(([flag, meaning]) => {
      const changed = raw !== undefined && before?.[flag] !== raw[flag]
      const cells = [before, raw, after].map(
        (flags) => html`<td><code>${flagText(flags, flag)}</code></td>`,
      )
      return html`<tr class="${changed ? 'changed' : ''}"><th scope="row">${flag}</th>${cells}<td>${meaning}</td></tr>`
    })
  return html`<div class="scroll" role="region" aria-label="Flags of the terminal" tabindex="0"><table>
<thead><tr><th scope="col">flag</th><th scope="col">before</th><th scope="col">raw</th><th scope="col">after</th><th scope="col">in raw mode</th></tr></thead>
<tbody>${rows}</tbody></table></div>
<p>${verdict(before, after)}</p>`
}

function flagText(flags: Flags | undefined, flag: string): string {
  if (!flags || !Object.hasOwn(flags, flag)) return '·'
  return flags[flag] ? flag : `-${flag}`
}

function verdict(before: Flags | undefined, after: Flags | undefined): string {
  if (!before || !after) return 'The tape does not have the terminal both before and after the run.'
  const different = Object.keys(before).filter((flag) => before[flag] !== after[flag])
  return different.length === 0
    ? 'The terminal is as it was before.'
    : `The terminal is NOT as it was before: ${different.join(', ')}.`
}

/** The exit code and what it means, and why the run stopped where it failed. */
export function exitHtml({ events, head }: RecordedTape): Html {
  const over = events.findLast((event) => event.kind === 'over')
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
