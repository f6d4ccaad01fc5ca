/**
 * What the practice daemon tells of itself, for `GET /events`.
 *
 * @module
 */

/** An event, as it goes over the wire. */
export type PracticeEvent = {
  readonly status: string
  readonly id: string
  readonly from: string
  readonly Type: 'container'
  readonly Action: string
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> }
  readonly scope: 'local'
  /** Seconds since 1970. */
  readonly time: number
  readonly timeNano: number
}

/** The events until now, and a way to hear of the next ones. */
export type EventLog = {
  /** Notes an event, and tells it to all who listen. */
  readonly add: (action: string, attributes: Readonly<Record<string, string>>) => void
  /** The events that are remembered, the oldest first. */
  readonly past: () => readonly PracticeEvent[]
  /**
   * Calls for every event from now on.
   *
   * @returns a function that ends it
   */
  readonly listen: (take: (event: PracticeEvent) => void) => () => void
}

/** As many as a Docker daemon remembers. */
const remembered = 256

/** Starts an empty log for one container. */
export function createEventLog(container: { id: string; image: string; name: string }): EventLog {
  const past: PracticeEvent[] = []
  const listeners = new Set<(event: PracticeEvent) => void>()
  return {
    add(action, attributes) {
      const milliseconds = Date.now()
      const event: PracticeEvent = {
        status: action,
        id: container.id,
        from: container.image,
        Type: 'container',
        Action: action,
        Actor: {
          ID: container.id,
          Attributes: { ...attributes, image: container.image, name: container.name },
        },
        scope: 'local',
        time: Math.floor(milliseconds / 1000),
        timeNano: milliseconds * 1e6,
      }
      past.push(event)
      if (past.length > remembered) past.shift()
      for (const take of listeners) take(event)
    },
    past: () => past,
    listen(take) {
      listeners.add(take)
      return () => listeners.delete(take)
    },
  }
}
