/**
 * The live page: the exported page of a run, served while the run goes on, and growing with it. It is
 * for a second window, for a projector, for a class.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scope } from '../course/scope.ts'
import { pageHtml } from '../export/page.ts'
import type { Place } from '../find/place.ts'
import { runFacts } from '../run/record-walk.ts'
import { createLivePageState } from './live-page-state.ts'
import { type Message, serveLive } from './live-server.ts'

/** A page that is open. */
export type LivePage = {
  /** Its address. Whoever knows it can look on, from this machine. */
  readonly url: string
  /**
   * Shows other runs from now on, at the same address: those of the next chapter, or in another
   * container. What is shown already stays as it is.
   */
  readonly follow: (runs: LiveRuns) => void
  /** Shows the last event, says goodbye to every browser, and ends the server. */
  readonly close: () => Promise<void>
}

/** Which runs to show. */
export type LiveRuns = {
  /** Where they take place. Every run with its recorder appears, one after the other. */
  readonly place: Pick<Place, 'engine' | 'recorder'>
  /** The number of the last stage, and the names of the stages up to it. */
  readonly last: number
  readonly stages: readonly string[]
}

/** How to show them. */
export type LiveOptions = LiveRuns & {
  /** Show what is typed. False shows its length only, as on a tape. */
  readonly typed: boolean
}

/** How long events are gathered before the browsers hear of them, in milliseconds. */
const gathering = 60

/** The part of our time that goes into making the page, at the most: one tenth. */
const share = 10

/**
 * Opens the page. It may be opened before a run, while one goes on, or after it: a browser that comes
 * sees everything so far. The next run of the same recorder makes the page begin anew, at the same
 * address.
 *
 * The page costs a run next to nothing: events are gathered, browsers that are slow skip what lies
 * between, and without a browser nothing is made. It keeps no process alive.
 *
 * @param scope - holds the page: it ends with the visit or the run whose scope this is
 */
export async function openLivePage(
  { typed, ...first }: LiveOptions,
  scope: Scope,
): Promise<LivePage> {
  let runs: LiveRuns = first
  const growth = createLivePageState(() => {
    const { engine, recorder } = runs.place
    const tape = recorder.tape(runFacts(engine, runs.last, runs.stages))
    return { tape, daemonHost: engine.host }
  }, typed)
  const growing = { style: ownFile('live.css'), script: ownFile('live.js') }

  const server = await serveLive({
    update: growth.update,
    page: () =>
      pageHtml(growth.head(), growth.content(), { ...growing, data: `${growth.revision()}` }),
    messageSince: (revision) => messageOf(growth.changeSince(revision), growth.revision()),
    revision: growth.revision,
  })

  let timer: NodeJS.Timeout | undefined
  let notBefore = 0
  const send = (): void => {
    timer = undefined
    const began = performance.now()
    growth.update()
    server.send()
    // A long run takes longer to be made into a page, and then it is made less often.
    const now = performance.now()
    notBefore = now + (now - began) * share
  }
  const sendSoon = (): void => {
    if (timer || !server.hasReaders()) return
    timer = setTimeout(send, Math.max(gathering, notBefore - performance.now()))
    timer.unref()
  }
  let unwatch = runs.place.recorder.watch(sendSoon)

  const held = scope.hold('live page', server, async () => {
    unwatch()
    clearTimeout(timer)
    growth.update()
    await server.close()
  })
  return {
    url: server.url,
    follow(others) {
      unwatch()
      runs = others
      unwatch = runs.place.recorder.watch(sendSoon)
      sendSoon()
    },
    close: held.release,
  }
}

function messageOf(
  change: ReturnType<ReturnType<typeof createLivePageState>['changeSince']>,
  revision: number,
): Message | undefined {
  if (change === undefined) return undefined
  if (change === 'again') return { event: 'again', data: '', id: revision }
  return { data: JSON.stringify(change), id: revision }
}

function ownFile(name: string): string {
  return readFileSync(join(__dirname, name), 'utf8')
}
