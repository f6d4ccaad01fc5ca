/**
 * The content of a page that grows. What was made once is kept, and has the number of the change
 * that it came with, so that each browser gets what it has not seen yet and nothing else.
 *
 * @module
 */

import { type Row, rowsFrom, sectionsHtml } from '../export/page/stages.ts'
import { contentOf, type PageContent, type PageParts } from '../export/page.ts'
import type { Tape, TapeEvent, TapeHead } from '../tape/event.ts'
import { withoutInput } from '../tape/keep.ts'
import { maskLearner, tracesOfLearner } from '../tape/mask.ts'

/** What a browser has to do to its page. */
export type PageChange = {
  /** So many rows stay. The ones behind them are replaced by the rows in these sections. */
  readonly keep: number
  /** Sections with rows, as HTML. */
  readonly sections: string
  /** The content of other elements, by their ids. */
  readonly parts: Partial<Record<keyof PageParts, string>>
}

/** The content of a page, which follows a tape. */
export type LivePageState = {
  /** Makes what the tape has and the page has not yet. */
  readonly update: () => void
  /** The number of the last change. */
  readonly revision: () => number
  /** What the tape says of the run, as it may be shown. */
  readonly head: () => TapeHead
  /** What the whole page shows. */
  readonly content: () => PageContent
  /**
   * What has changed since a change with this number. `again` if another run has begun since then,
   * and nothing of the page is still so; undefined if nothing has changed.
   */
  readonly changeSince: (revision: number) => PageChange | 'again' | undefined
}

/** Something that was made, with the number of its change. */
type RenderedPart<Value> = { readonly value: Value; readonly revision: number }

/** Events of a tape as they may be shown: as on a tape that is kept. */
function safeTape(
  { tape, daemonHost }: LiveTape,
  events: readonly TapeEvent[],
  typed: boolean,
): Tape {
  const safe = maskLearner({ head: tape.head, events }, tracesOfLearner(daemonHost))
  return typed ? safe : withoutInput(safe)
}

/** A tape, and the address of its daemon, which is taken out wherever it stands. */
export type LiveTape = { readonly tape: Tape; readonly daemonHost: string }

/**
 * Follows a tape.
 *
 * @param read - gives the tape so far. Another tape than before begins the page anew.
 * @param typed - show what was typed; false leaves its length
 */
export function createLivePageState(read: () => LiveTape, typed: boolean): LivePageState {
  let revision = 0
  /** The first change of this run. */
  let began = 0
  /** What the tape was at the last change, and the part of it that may be shown. */
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
      began = revision + 1
    }
    // The recorder puts a late answer where it belongs, and counts on in an event that it replaces.
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
    const goesOn = !shown.events.some(({ kind }) => kind === 'over')
    return contentOf(
      shown,
      rows.map(({ value }) => value),
      goesOn,
    )
  }

  return {
    update,
    revision: () => revision,
    head: () => shown.head,
    content,
    changeSince(from) {
      if (from < began) return 'again'
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
