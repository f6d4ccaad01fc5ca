/**
 * What there is to look at behind a run: what was found, what the daemon tells of itself, and the
 * source.
 *
 * @module
 */

import { execEvents } from '../exec/daemon-events.ts'
import type { Place } from '../find/place.ts'
import type { StageSource } from '../questions/lesson.ts'
import type { TerminalReport, WalkResult } from '../run/walk-chapter.ts'
import type { StageRecord } from '../tape/moments.ts'

/** Something that the daemon told of itself. */
export type DaemonEvent = {
  /** Milliseconds since the walk began, by the daemon's clock. */
  readonly milliseconds: number
  /** `exec_create: sh`, `exec_die`. */
  readonly action: string
  readonly attributes: Readonly<Record<string, string>>
}

/** All that is known of a walk. */
export type Evidence = {
  readonly stages: readonly StageRecord[]
  readonly sources: readonly StageSource[]
  readonly terminal: TerminalReport | undefined
  /** What the daemon's events say. */
  readonly events: readonly DaemonEvent[]
  /** The lines of the practice daemon's log. Undefined for other daemons, whose log is their own. */
  readonly log: readonly string[] | undefined
}

/**
 * Begins to gather what the daemon will have told when the walk is over.
 *
 * @returns what asks for it then
 */
export function watchDaemon(
  { engine, container, log }: Place,
  sources: readonly StageSource[],
): (findings: WalkResult) => Promise<Evidence> {
  const began = Date.now()
  const logged = log?.length ?? 0
  return async ({ stages, terminal }) => {
    // What is asked below is not part of the run.
    const lines = log?.slice(logged)
    // A daemon that is gone tells nothing, and what was seen on our side is there all the same.
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
