/**
 * Exports a tape as a web page: one file that works without network or
 * scripts. It shows the sequence diagram of the run, the state after each
 * stage, every recorded byte, the terminal and the exit code. With scripts
 * enabled, you can step through it event by event.
 *
 * @module
 */

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tape, TapeHead } from '../tape/event.ts'
import { countOf } from '../text/count.ts'
import { exitHtml, terminalHtml } from './page/end-of-page.ts'
import { type Html, html, nothing } from './page/html.ts'
import { timeText } from './page/row.ts'
import { type Row, rowsFrom, sectionsHtml, stageAnchor } from './page/stages.ts'

/** Returns the page of a tape as HTML. */
export function timelineHtml(tape: Tape): string {
  return pageHtml(tape.head, contentOf(tape, rowsFrom(tape.events, 0), false))
}

/**
 * The parts of a page that change during a run, by the ids of their elements.
 */
export type PageParts = Readonly<Record<'facts' | 'names' | 'terminal' | 'exit-code', Html>>

/** The content of a page. */
export type PageContent = { readonly rows: readonly Row[]; readonly parts: PageParts }

/**
 * Returns the content of a page.
 *
 * @param isRunning - whether the run has not ended yet, so its end is missing
 */
export function contentOf(tape: Tape, rows: readonly Row[], isRunning: boolean): PageContent {
  const parts = {
    facts: factsHtml(tape, isRunning),
    names: namesHtml(tape),
    terminal: html`<h2 id="terminal-title">The terminal</h2>${terminalHtml(tape, isRunning)}`,
    'exit-code': html`<h2 id="exit-code-title">The exit code</h2>${exitHtml(tape, isRunning)}`,
  }
  return { rows, parts }
}

/** The additions to a page that grows during its run. */
export type LiveScript = {
  /** Data for the script, in the attribute `data-live` of the body. */
  readonly data: string
  /** Appended to the style of every page. */
  readonly style: string
  /** Appended to the script of every page. */
  readonly script: string
}

/** Returns a page as HTML. */
export function pageHtml(
  head: TapeHead,
  { rows, parts }: PageContent,
  growing?: LiveScript,
): string {
  const style = { html: `${ownStyle().html}${growing?.style ?? ''}` }
  const script = {
    html: [ownFile('script.js').html, ownFile('fields.js').html, growing?.script].join('\n'),
  }
  const title = `docker exec, chapters 1 to ${head.chapter}: one run`
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(style, script, growing)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${style}</style>
</head>
<body${growing ? html` data-live="${growing.data}"` : nothing}>
<a class="skip" href="#run">Skip to the run</a>
${headerHtml(head, parts.facts)}
<div class="page">
<main>
${introductionHtml(head)}
<div class="diagram" id="run">
<div class="names" id="names" aria-hidden="true">${parts.names}</div>
${sectionsHtml(rows)}
</div>
<section class="closing" id="terminal" aria-labelledby="terminal-title">${parts.terminal}</section>
<section class="closing" id="exit-code" aria-labelledby="exit-code-title">${parts['exit-code']}</section>
</main>
${playerHtml(growing !== undefined)}
</div>
<script>${script}</script>
</body>
</html>
`
  return page.html
}

/**
 * Reads a part of the page that is a file of its own: the script or a style.
 */
function ownFile(...path: readonly string[]): Html {
  return { html: readFileSync(join(__dirname, 'page', ...path), 'utf8') }
}

/**
 * Joins the parts of the style in the order of their numbers: later rules
 * win.
 */
function ownStyle(): Html {
  const parts = readdirSync(join(__dirname, 'page', 'style')).sort()
  return { html: parts.map((part) => ownFile('style', part).html).join('\n') }
}

/**
 * Returns the content security policy. The browser may run only this style
 * and this script, identified by their hashes, so markup injected by a tape
 * could do nothing. A live page may also connect to its own server.
 */
function policy(style: Html, script: Html, growing: LiveScript | undefined): string {
  const hash = ({ html: text }: Html): string =>
    `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  const connections = growing ? "; connect-src 'self'" : ''
  return `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}${connections}; base-uri 'none'; form-action 'none'`
}

function headerHtml({ chapter, stages }: TapeHead, facts: Html): Html {
  const links = stages.map(
    (name, at) =>
      html`<li><a href="#${stageAnchor(at + 1)}"><span class="number">${at + 1}</span> ${name}</a></li>`,
  )
  return html`<header>
<p class="kicker">The docker exec workbook</p>
<h1>One run of docker exec, ${chapter === 1 ? 'chapter 1' : `chapters 1 to ${chapter}`}</h1>
<dl class="facts" id="facts">${facts}</dl>
<nav aria-label="Stages"><ol>${links}
<li><a href="#terminal">the terminal</a></li><li><a href="#exit-code">the exit code</a></li></ol></nav>
</header>`
}

function factsHtml({ head: { daemon, made }, events }: Tape, isRunning: boolean): Html {
  const requests = events.filter(({ kind }) => kind === 'request').length
  const bytes = (direction: 'sent' | 'received'): number =>
    events.reduce((sum, event) => sum + (event.kind === direction ? event.length : 0), 0)
  const over = events.findLast((event) => event.kind === 'over')
  const when = made.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z$/, '$1 $2 UTC')
  const recorded = made === '' ? 'not yet' : html`<time datetime="${made}">${when}</time>`
  return html`
<div><dt>recorded</dt><dd>${recorded}</dd></div>
<div><dt>daemon</dt><dd>${daemon.product} ${daemon.version}, API ${daemon.apiVersion}</dd></div>
<div><dt>${isRunning ? 'last event' : 'took'}</dt><dd>${timeText(events.at(-1)?.at ?? 0)}</dd></div>
<div><dt>wire</dt><dd>${countOf(requests, 'request')}, ${countOf(bytes('sent'), 'byte')} sent, ${countOf(bytes('received'), 'byte')} received</dd></div>
<div><dt>exit code</dt><dd>${over?.exitCode ?? (isRunning ? 'not yet' : 'none')}</dd></div>
`
}

/** Explains how to read the diagram. */
function introductionHtml({ typed }: TapeHead): Html {
  const keys = [
    ['HTTP', 'HTTP: a request, then an answer'],
    ['hijacked', 'hijacked: bytes in both directions at once'],
    ['half-closed', 'half-closed: the daemon can still send, we cannot'],
    ['raw', 'terminal in raw mode'],
  ] as const
  const lines = keys.map(
    ([state, meaning]) => html`<li><i class="lane ${state}" aria-hidden="true"></i>${meaning}</li>`,
  )
  return html`<section class="legend" aria-labelledby="legend-title"><h2 id="legend-title">How to read the diagram</h2>
<p>Time runs downwards. Each vertical line is a participant or a connection. Its style shows its state at that moment.</p>
<ul>${lines}</ul>${typed ? nothing : html`<p class="note">Typed input is shown only as its length. What the terminal echoed is output, so it is shown.</p>`}</section>`
}

/** The names above the lifelines. They stay in view while you scroll. */
function namesHtml({ events }: Tape): Html {
  const hasTerminal =
    events.length === 0 || events.some(({ kind }) => kind === 'terminal' || kind === 'window')
  const names = [
    'you',
    hasTerminal ? 'your terminal' : 'your pipes',
    'this client',
    'connection 1',
    'connection 2',
  ]
  const spans = names.map((name) => html`<span class="${name.replace(' ', '-')}">${name}</span>`)
  return html`<span class="daemon">daemon</span>${spans}`
}

/** The controls for stepping. They stay hidden without the script. */
function playerHtml(isGrowing: boolean): Html {
  const live = html`<div class="live"><p role="status"></p><button type="button" hidden>Follow the run</button></div>`
  return html`<aside class="player" aria-label="Step through the run" hidden>
${isGrowing ? live : nothing}<div class="controls">
<button type="button" data-step="-1" disabled>← Back</button>
<button type="button" data-step="1" disabled>Next →</button>
<output aria-live="polite"></output>
<label>Show <select>
<option value="">everything</option>
<option value="http">requests and answers</option>
<option value="bytes">bytes</option>
<option value="terminal">the terminal</option>
</select></label>
</div>
<details class="now"><summary>At this moment</summary>
<dl class="moment"></dl>
<h2 hidden>State</h2>
<div class="state-now"></div>
<p class="note">Keys: ← and → move by one event, with Shift by one stage.</p>
</details>
</aside>`
}
