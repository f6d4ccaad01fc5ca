/**
 * The daemon's events, as in `docker events`, for one container and a past
 * period.
 *
 * @module
 */

import type { Engine } from '../engine/engine.ts'

/** An event of a container. */
export type ContainerEvent = {
  /** Milliseconds since 1970, by the daemon's clock. */
  readonly time: number
  /** `exec_create: sh`, `exec_start: sh`, `exec_die`. */
  readonly action: string
  /** `execID`, `exitCode`, and the container's labels. */
  readonly attributes: Readonly<Record<string, string>>
}

/**
 * Fetches the exec events of a container.
 *
 * @param since - milliseconds since 1970
 * @returns the events in order; empty if the daemon returns an error
 */
export async function execEvents(
  engine: Engine,
  container: string,
  since: number,
): Promise<ContainerEvent[]> {
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3)
  const filters = encodeURIComponent(
    JSON.stringify({ type: ['container'], container: [container] }),
  )
  // Without `until` the answer would never end.
  const times = `since=${seconds(since)}&until=${seconds(Date.now())}`
  const reply = await engine.request('GET', `/events?${times}&filters=${filters}`)
  if (reply.status !== 200) return []
  return reply.body
    .split('\n')
    .flatMap(readEvent)
    .map(({ Action, timeNano, time, Actor }) => ({
      time: timeNano === undefined ? (time ?? 0) * 1000 : timeNano / 1e6,
      action: String(Action ?? ''),
      attributes: Actor?.Attributes ?? {},
    }))
    .filter(({ action }) => action.startsWith('exec_'))
}

/** Parses a line. A line that is no event is left out. */
function readEvent(line: string): RawEvent[] {
  try {
    const event: unknown = JSON.parse(line)
    return typeof event === 'object' && event !== null ? [event] : []
  } catch {
    return []
  }
}

type RawEvent = {
  readonly Action?: string
  readonly time?: number
  readonly timeNano?: number
  readonly Actor?: { readonly Attributes?: Record<string, string> }
}
