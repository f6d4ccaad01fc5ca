/**
 * The live page: the exported page of a run, served and updated while the run
 * continues. It is meant for a second window or a projector.
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

/** An open page. */
export type LivePage = {
  /** Its address. Anyone on this machine who knows it can watch. */
  readonly url: string
  /**
   * Follows other runs at the same address from now on: those of the next
   * chapter, or in another container. The current content stays until the
   * next run.
   */
  readonly follow: (runs: LiveRuns) => void
  /**
   * Sends the last event, tells each browser that the page has ended, and
   * closes the server.
   */
  readonly close: () => Promise<void>
}

/** The runs to show. */
export type LiveRuns = {
  /** The place of the runs. Each run of its recorder is shown in turn. */
  readonly place: Pick<Place, 'engine' | 'recorder'>
  /** The number of the last stage, and the names of the stages up to it. */
  readonly last: number
  readonly stages: readonly string[]
}

/** Options of a live page. */
export type LiveOptions = LiveRuns & {
  /**
   * Whether to show typed input. False shows only its length, as on a tape.
   */
  readonly typed: boolean
}

/** How long events are batched before they are sent, in milliseconds. */
const batchDelay = 60

/** The pause after an update, as a multiple of the time it took. */
const pauseFactor = 10

/**
 * Opens the page before, during or after a run. A browser that connects sees
 * everything so far. The next run of the same recorder restarts the page at
 * the same address.
 *
 * The page costs a run little: events are batched, slow browsers skip
 * intermediate updates, and without a browser nothing is rendered. It does
 * not keep the process alive.
 *
 * @param scope - owns the page, which closes with it
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
    // A long run takes longer to render, so it is rendered less often.
    const now = performance.now()
    notBefore = now + (now - began) * pauseFactor
  }
  const sendSoon = (): void => {
    if (timer || !server.hasReaders()) return
    timer = setTimeout(send, Math.max(batchDelay, notBefore - performance.now()))
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
