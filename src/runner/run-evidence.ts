/**
 * The data behind the views of a run: its stages, the daemon's events and
 * log, and the source.
 *
 * @module
 */

import { execEvents } from '../exec/daemon-events.ts'
import type { Place } from '../find/place.ts'
import type { StageSource } from '../questions/lesson.ts'
import type { TerminalReport, WalkResult } from '../run/walk-chapter.ts'
import type { StageRecord } from '../tape/moments.ts'

/** One of the daemon's events. */
export type DaemonEvent = {
  /** Milliseconds since the walk began, by the daemon's clock. */
  readonly milliseconds: number
  /** `exec_create: sh`, `exec_die`. */
  readonly action: string
  readonly attributes: Readonly<Record<string, string>>
}

/** The data behind the views of a run. */
export type Evidence = {
  readonly stages: readonly StageRecord[]
  readonly sources: readonly StageSource[]
  readonly terminal: TerminalReport | undefined
  /** The daemon's events about the run. */
  readonly events: readonly DaemonEvent[]
  /**
   * The log of the practice daemon. Undefined for other daemons, whose log we
   * can't read.
   */
  readonly log: readonly string[] | undefined
}

/**
 * Notes the time and the length of the daemon's log before a run.
 *
 * @returns a function that gathers the evidence after the run
 */
export function watchDaemon(
  { engine, container, log }: Place,
  sources: readonly StageSource[],
): (result: WalkResult) => Promise<Evidence> {
  const began = Date.now()
  const logged = log?.length ?? 0
  return async ({ stages, terminal }) => {
    // Read the log first: the request below is not part of the run.
    const lines = log?.slice(logged)
    // If the daemon has stopped there are no events, but what we saw is still
    // worth showing.
    const events = await execEvents(engine, container, began).catch(() => [])
    return {
      stages,
      sources,
      terminal,
      events: events.map(({ time, action, attributes }) => ({
        milliseconds: time - began,
        action,
        attributes,
      })),
      log: lines,
    }
  }
}
