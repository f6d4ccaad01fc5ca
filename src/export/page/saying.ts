/**
 * What each event of a tape says, and between which lifelines it goes.
 *
 * @module
 */

import { streamName } from '../../tape/header.ts'
import type { TapeEvent } from '../../tape/recorded.ts'
import { countOf } from '../../tape/words.ts'
import { bytesHtml, fewBytes, preview } from './bytes.ts'
import { type Html, html, nothing } from './html.ts'
import { httpSaying } from './http.ts'
import type { Piece } from './pieces.ts'
import { type Lifeline, type Saying, type Standing, timeHtml } from './row.ts'

/** The events that have a row among the others; a stage's begin and its end are rows of their own. */
export type OrdinaryEvent = Exclude<TapeEvent, { readonly kind: 'stage begins' | 'stage ended' }>

/** Puts an event into words. */
export function sayingOf(
  event: OrdinaryEvent,
  pieces: readonly Piece[],
  standing: Standing,
): Saying {
  const line = (title: Html | string): Html =>
    html`<p class="title">${title} ${timeHtml(standing)}</p>`
  switch (event.kind) {
    case 'request':
    case 'answer':
      return httpSaying(event, line)
    case 'upgrade':
      return {
        group: 'http',
        kind: 'upgraded',
        arrow: { on: 'connection2' },
        says: html`${line(html`<b>Connection 2 is hijacked</b>`)}<p class="note">No HTTP from here on. ${
          event.framing === 'raw'
            ? 'The daemon’s bytes are the terminal’s output as it is.'
            : 'The daemon’s bytes come in stdcopy frames: 8 bytes of header, then a payload of stdout or stderr.'
        }</p>`,
      }
    case 'sent':
    case 'received':
      return bytesSaying(event, pieces, line)
    case 'frame':
      return {
        group: 'bytes',
        kind: 'received',
        says: line(`A frame: ${streamName(event.stream)}, ${countOf(event.length, 'byte')}`),
      }
    case 'half-close':
      return {
        group: 'bytes',
        kind: 'half-close',
        arrow: { from: 'client', to: 'connection2' },
        says: html`${line(html`<b>Half-close</b>`)}<p class="note">Our input is at its end. We write no more and go on reading.</p>`,
      }
    case 'end':
      return {
        group: 'bytes',
        kind: 'end',
        arrow: { from: 'connection2', to: 'client' },
        says: html`${line(html`<b>End</b>`)}<p class="note">The daemon writes no more.</p>`,
      }
    case 'terminal':
      return terminalSaying(event, line)
    case 'window':
      return {
        group: 'terminal',
        kind: 'window',
        arrow: { from: 'terminal', to: 'client' },
        says: line(html`<b>Window size</b> ${event.rows} rows, ${event.columns} columns`),
      }
    case 'signal':
      return {
        group: 'terminal',
        kind: 'signal',
        arrow: { from: senderOf(event.name), to: 'client' },
        says: line(html`<b>Signal</b> <code>${event.name}</code>`),
      }
    case 'over':
      return {
        group: 'stage',
        kind: 'over',
        arrow: { on: 'client' },
        says: html`${line(
          html`<b>${
            event.exitCode === null
              ? 'Over, without an exit code'
              : `Over: exit code ${event.exitCode}`
          }</b>`,
        )}${event.failure === undefined ? nothing : html`<p class="failure">${event.failure}</p>`}`,
      }
  }
}

/** The terminal sends these itself, when its window changes or a key means them. Others come from outside. */
function senderOf(signal: string): Lifeline {
  return ['SIGWINCH', 'SIGINT', 'SIGQUIT', 'SIGTSTP', 'SIGHUP'].includes(signal)
    ? 'terminal'
    : 'you'
}

type BytesEvent = Extract<TapeEvent, { readonly kind: 'sent' | 'received' }>

function bytesSaying(
  event: BytesEvent,
  pieces: readonly Piece[],
  line: (title: Html) => Html,
): Saying {
  const count = countOf(event.length, 'byte')
  const frames = pieces.filter(({ headerAt }) => headerAt === 0).length
  const inFrames = frames > 0 ? `, ${countOf(frames, 'frame')}` : ''
  const [verb, arrow] = event.typed
    ? (['Typed', { from: 'you', to: 'connection2' }] as const)
    : event.kind === 'sent'
      ? (['Sent', { from: 'terminal', to: 'connection2' }] as const)
      : (['Received', { from: 'connection2', to: 'terminal' }] as const)
  // A key and its echo are a few bytes. They fit into the line, and a session has hundreds of them.
  const key = fewBytes(pieces, event.length)
  const title = html`<b>${verb}</b> ${count}${inFrames} <code>${preview(pieces)}</code>${key ? html` <code class="hex">${key}</code>` : nothing}`
  return {
    group: 'bytes',
    kind: event.kind,
    arrow,
    says: html`${line(title)}${key ? nothing : bytesHtml(pieces, event.length)}`,
  }
}

type TerminalEvent = Extract<TapeEvent, { readonly kind: 'terminal' }>

function terminalSaying({ moment }: TerminalEvent, line: (title: Html) => Html): Saying {
  const [arrow, title, note] = {
    before: [
      { from: 'terminal', to: 'client' },
      'Terminal read',
      'Its flags before anything is changed.',
    ],
    raw: [
      { from: 'client', to: 'terminal' },
      'Raw mode on',
      'Our terminal interprets nothing any more: every key goes on as its bytes.',
    ],
    after: [
      { from: 'client', to: 'terminal' },
      'Terminal given back',
      'It collects lines, echoes and turns Ctrl-C into a signal again.',
    ],
  }[moment] as [{ from: Lifeline; to: Lifeline }, string, string]
  return {
    group: 'terminal',
    kind: `terminal-${moment}`,
    arrow,
    says: html`${line(html`<b>${title}</b>`)}<p class="note">${note} <a href="#terminal">All flags</a></p>`,
  }
}
