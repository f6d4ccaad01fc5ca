/**
 * The content of a live page. Each part carries the number of the change that
 * made it, so each browser gets only what it has not seen yet.
 *
 * @module
 */

import { type Row, rowsFrom, sectionsHtml } from '../export/page/stages.ts'
import { contentOf, type PageContent, type PageParts } from '../export/page.ts'
import type { Tape, TapeEvent, TapeHead } from '../tape/event.ts'
import { withoutInput } from '../tape/keep.ts'
import { maskLearner, tracesOfLearner } from '../tape/mask.ts'

/** A change that a browser applies to its page. */
export type PageChange = {
  /**
   * How many rows to keep. The rest is replaced by the rows in `sections`.
   */
  readonly keep: number
  /** Sections with rows, as HTML. */
  readonly sections: string
  /** The content of other elements, by their ids. */
  readonly parts: Partial<Record<keyof PageParts, string>>
}

/** The content of a page that follows a tape. */
export type LivePageState = {
  /** Adds what is new on the tape. */
  readonly update: () => void
  /** The number of the last change. */
  readonly revision: () => number
  /** The first line of the tape, masked. */
  readonly head: () => TapeHead
  /** The content of the whole page. */
  readonly content: () => PageContent
  /**
   * Returns what has changed since the change with this number. `again` if
   * another run has started since then and the page must be reloaded;
   * undefined if nothing has changed.
   */
  readonly changeSince: (revision: number) => PageChange | 'again' | undefined
}

/** A rendered part with the number of the change that made it. */
type RenderedPart<Value> = { readonly value: Value; readonly revision: number }

/** Masks events as on a saved tape. */
function safeTape(
  { tape, daemonHost }: LiveTape,
  events: readonly TapeEvent[],
  typed: boolean,
): Tape {
  const safe = maskLearner({ head: tape.head, events }, tracesOfLearner(daemonHost))
  return typed ? safe : withoutInput(safe)
}

/** A tape, and its daemon's address, which is masked everywhere. */
export type LiveTape = { readonly tape: Tape; readonly daemonHost: string }

/**
 * Creates the content of a live page.
 *
 * @param read - returns the tape so far. A different tape restarts the page.
 * @param typed - show typed input, or only its length
 */
export function createLivePageState(read: () => LiveTape, typed: boolean): LivePageState {
  let revision = 0
  /** The number of this run's first change. */
  let firstRevision = 0
  /** The tape at the last change, and its masked copy. */
  let seen = ''
  let seenEvents: readonly TapeEvent[] = []
  let shown: Tape = safeTape(read(), [], typed)
  let rows: readonly RenderedPart<Row>[] = []
  let parts: Partial<Record<keyof PageParts, RenderedPart<string>>> = {}

  function update(): void {
    const { tape, daemonHost } = read()
    const name = JSON.stringify(tape.head)
    const isNewRun = name !== seen
    if (isNewRun) {
      rows = []
      seenEvents = []
      firstRevision = revision + 1
    }
    // The recorder inserts late answers at their time and replaces events
    // whose count grows.
    const first = tape.events.findIndex((event, place) => event !== seenEvents[place])
    if (first < 0 && !isNewRun) return
    const same = first < 0 ? tape.events.length : first
    revision += 1
    seen = name
    seenEvents = tape.events
    const { head, events } = safeTape({ tape, daemonHost }, tape.events.slice(same), typed)
    shown = { head, events: [...shown.events.slice(0, same), ...events] }
    const unsettled = rows.find(({ value }) => !value.isSettled)?.value.place
    const from = Math.min(same, unsettled ?? same)
    const kept = rows.filter(({ value }) => value.place < from)
    const made = rowsFrom(shown.events, from).map((value, at) => {
      const old = rows[kept.length + at]
      return old?.value.html.html === value.html.html ? old : { value, revision }
    })
    rows = [...kept, ...made]
    for (const [id, part] of Object.entries(content().parts)) {
      const known = parts[id as keyof PageParts]
      if (known?.value !== part.html) parts = { ...parts, [id]: { value: part.html, revision } }
    }
  }

  function content(): PageContent {
    const isRunning = !shown.events.some(({ kind }) => kind === 'over')
    return contentOf(
      shown,
      rows.map(({ value }) => value),
      isRunning,
    )
  }

  return {
    update,
    revision: () => revision,
    head: () => shown.head,
    content,
    changeSince(from) {
      if (from < firstRevision) return 'again'
      if (from >= revision) return undefined
      const kept = rows.findIndex((row) => row.revision > from)
      const keep = kept < 0 ? rows.length : kept
      const sections = sectionsHtml(rows.slice(keep).map(({ value }) => value))
      const changed = Object.entries(parts).filter(([, part]) => part.revision > from)
      return {
        keep,
        sections: sections.map(({ html }) => html).join(''),
        parts: Object.fromEntries(changed.map(([id, { value }]) => [id, value])),
      }
    },
  }
}
