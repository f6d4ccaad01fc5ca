/**
 * The page of known failures, from the doctor's table.
 *
 * @module
 */

import type { KnownFailure, System } from '../doctor/failures.ts'
import { html } from '../export/page/html.ts'
import type { SitePage } from './page-shell.ts'

const systems: readonly (readonly [System, string])[] = [
  ['linux', 'Linux'],
  ['darwin', 'macOS'],
  ['win32', 'Windows'],
]

/** Returns the page: what each failure means, and how to fix it. */
export function troubleshootingPage(failures: readonly KnownFailure[]): SitePage {
  const sections = failures.map(({ name, meaning, fix }) => {
    const same = new Set(Object.values(fix)).size === 1
    const fixes = same
      ? html`<p>${fix.linux}</p>`
      : html`<dl>${systems.map(([system, label]) => html`<dt>${label}</dt><dd>${fix[system]}</dd>`)}</dl>`
    return html`<section><h2 id="${name}">${sentenceOf(name)}</h2><p>${meaning}</p>${fixes}</section>`
  })
  return {
    ...{ path: 'troubleshooting.html', title: 'Troubleshooting', layout: 'prose', group: 'Guides' },
    about: 'What can go wrong on a machine, what it means, and how to fix it.',
    main: html`<h1>Troubleshooting</h1>
<p><code>npm run doctor</code> finds these problems by itself and prints the fix for your system. This page lists them all. A sentence that a docker client printed may be on the page <a href="symptoms.html">by symptom</a>.</p>
${sections}`,
  }
}

/** `Permission denied`, from `permission-denied`. */
function sentenceOf(name: string): string {
  const words = name.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
