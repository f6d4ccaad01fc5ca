/**
 * Verdicts on exercise 6.
 *
 * @module
 */

import { isDeepStrictEqual } from 'node:util'
import type { Kit } from '../../../src/course/kit.ts'
import { type AnyStage, courseWith } from '../../../src/course/stage.ts'
import { inCourse } from '../../../src/judging/in-course.ts'
import type { Trials } from '../../../src/judging/judge.ts'
import type { Probe } from '../../../src/judging/probe.ts'
import { answersIn, indexOf, requestsIn } from '../../../src/judging/recorded-events.ts'
import { type Case, table } from '../../../src/judging/table.ts'
import { type Trial, type TrialResult, watchSession } from '../../../src/judging/trial.ts'
import { bytesIn } from '../../../src/tape/event.ts'
import type { WindowSize } from '../../../src/terminal/terminal.ts'
import { asked } from '../../01-create/asked.ts'
import type { Copying } from '../../05-copy-loops/stage.ts'
import { dockerExec } from '../../index.ts'
import { resize } from '../stage.ts'
import { resizePath } from './resize-path.solution.ts'

const inStory = inCourse(dockerExec, 6)

const isResize = /\/resize\?/
const window = { rows: 33, columns: 99 }

/** How often the reference sends a size that the daemon refuses: once, and ten times more. */
const attempts = 11

/** The sizes that were sent, in their order: `h=33&w=99`. */
function sizesIn(seen: Pick<TrialResult, 'events'>): string[] {
  return requestsIn(seen).flatMap(({ path }) => /\/resize\?(.*)$/.exec(path)?.[1] ?? [])
}

/** Waits until the daemon has taken this many sizes. */
function taken({ until }: Probe, count: number): Promise<void> {
  return until(
    (events) =>
      answersIn({ events }, isResize).filter(({ status }) => status < 300).length >= count,
  )
}

/** Trials of the stage. */
const stageTrials: readonly Trial<AnyStage>[] = [
  {
    title: 'a window that changes',
    run: inStory(({ container }) => ({
      first: asked(container, {
        tty: true,
        interactive: true,
        command: ['sh', '-c', 'stty -echo; echo ready; read a; stty size; read b; stty size'],
      }),
      terminal: { isTerminal: true, size: window, open: true },
      async user({ type, resizeWindow }, probe) {
        const shows = (text: string): Promise<void> =>
          probe.until((events) => bytesIn(events, 'stdout').includes(text))
        await Promise.all([taken(probe, 1), shows('ready')])
        type('\r')
        await shows('33 99')
        resizeWindow({ rows: 24, columns: 80 })
        await taken(probe, 2)
        type('\r')
      },
    })),
    judge(seen) {
      const sizes = sizesIn(seen)
      if (!seen.passedOn && !seen.timedOut) return undefined
      if (sizes.length === 0) {
        return 'you never sent the size: before API 1.42 the terminal in the container stays at 0 by 0, and a newer daemon knows only the size that came with the create. vi draws nothing that fits'
      }
      if (sizes[0] !== 'h=33&w=99') return `our window is 33 by 99, and you sent ${sizes[0]}`
      if (seen.leftOpen.some((text) => text.includes('SIGWINCH'))) {
        return 'the session is over and you still listen for SIGWINCH: each change of the window would send a resize for an exec that is gone. Hold what onResize returns'
      }
      if (sizes.length === 1) {
        return 'the window changed to 24 by 80 and no request went out: the container still believes in 33 by 99'
      }
      if (sizes[1] !== 'h=24&w=80') {
        return `the window changed to 24 by 80, and you sent ${sizes[1]}: the size is asked for each time, and the listener sends what it is then`
      }
      const over = indexOf(seen, 'end')
      if (over >= 0 && indexOf(seen, 'your stage returned') > over) {
        return 'your stage came back only when the session was over: chapter 7 waits for that, this one sends the size and goes on'
      }
      if (!isDeepStrictEqual(seen.passedOn?.size, window)) {
        return `our window is 33 by 99, and the size that you passed on is ${JSON.stringify(seen.passedOn?.size)}`
      }
      const listened = indexOf(seen, 'listens to the window')
      const sent = indexOf(seen, 'request', isResize)
      return listened > sent
        ? 'you sent the size first and listened then: a window that changes in between keeps the old size for good'
        : undefined
    },
  },
  {
    title: 'a session without a tty',
    run: inStory(({ container }) => ({
      first: asked(container, { command: ['echo', 'hello'] }),
      terminal: { isTerminal: true, size: window },
    })),
    judge(seen) {
      if (sizesIn(seen).length > 0) {
        return 'you sent resize in a session without a tty: there is no terminal in the container that could have a size'
      }
      return indexOf(seen, 'listens to the window') >= 0
        ? 'you listen to the window in a session without a tty: there is nothing to tell the daemon'
        : undefined
    },
  },
  {
    title: 'a tty there, and a pipe here',
    run: inStory(({ container }) => ({
      first: asked(container, { tty: true, command: ['echo', 'hello'] }),
      terminal: { isTerminal: false, size: window },
    })),
    judge: (seen) =>
      sizesIn(seen).length > 0 || indexOf(seen, 'listens to the window') >= 0
        ? 'our input is a pipe, and you follow a window all the same: nobody sits before this session, and docker leaves the size alone'
        : undefined,
  },
  {
    title: 'a daemon that refuses the first two',
    run: inStory(() => ({
      first: asked('practice', { tty: true, interactive: true, command: ['sh'] }),
      terminal: { isTerminal: true, size: window, open: true },
      script: { faults: ['resize-refused=2'], waitsForInput: true },
      async user({ type }, probe) {
        await taken(probe, 1)
        await probe.until((all) => all.some(({ kind }) => kind === 'your stage returned'))
        type('\x04')
      },
    })),
    judge(seen) {
      if (sizesIn(seen).length === 1) {
        return seen.error
          ? `the daemon refused the first resize and you ended the session ("${seen.error.message}"): a wrong size is no reason for that`
          : 'the daemon refused the first resize, and you did not try again: it is refused as long as the process does not run'
      }
      if (seen.timedOut && sizesIn(seen).length === 2) {
        return 'the daemon refused two sizes and would have taken the third, and you did not try again: tryAgain goes on as long as the session lives'
      }
      if (seen.passedOn && !isDeepStrictEqual(seen.passedOn.size, window)) {
        return `the daemon refused the first resize, and the size that you passed on is ${JSON.stringify(seen.passedOn.size)}: it is the size that was sent, ${JSON.stringify(window)}, and tryAgain goes on with it`
      }
      const first = indexOf(seen, 'request', isResize)
      const second = indexOf(seen, 'request', isResize, first + 1)
      const returned = indexOf(seen, 'your stage returned')
      return returned > second
        ? 'your stage waited until the daemon took the size: the session stands still meanwhile, for a size'
        : undefined
    },
  },
  {
    title: 'a window, and nobody who types',
    run: inStory(({ container }) => ({
      first: asked(container, { tty: true, command: ['echo', 'hello'] }),
      terminal: { isTerminal: true, size: window },
    })),
    judge: (seen) =>
      seen.passedOn && sizesIn(seen).length === 0
        ? 'without -i you sent no size: there is a tty at the other end and a window at this one, and what is printed has to fit into it. Whether somebody types, and whether our terminal is raw, does not matter'
        : undefined,
  },
  {
    title: 'a daemon that refuses every size',
    run: inStory(() => ({
      first: asked('practice', { tty: true, interactive: true, command: ['sh'] }),
      terminal: { isTerminal: true, size: window, open: true },
      script: { faults: ['resize-refused=100'], waitsForInput: true },
      async user({ type }, { until }) {
        await until(
          (events) =>
            bytesIn(events, 'stderr').includes('failed to resize') ||
            sizesIn({ events }).length > attempts,
        )
        type('\x04')
      },
    })),
    judge(seen) {
      if (sizesIn(seen).length > attempts) {
        return `the daemon refuses every size, and you have sent it ${sizesIn(seen).length} times and do not stop: tryAgain gives up after ten more, and says so`
      }
      return seen.timedOut
        ? 'the daemon refuses every size, you gave up and did not say so: one line on stderr tells the learner why vi looks wrong, and tryAgain writes it'
        : undefined
    },
  },
]

type ResizePath = (execId: string, size: WindowSize | undefined) => string | undefined

/** As a table, but which of the two comes first behind the question mark is nobody's business. */
function pathTable(cases: readonly Case<[string, WindowSize | undefined]>[]): Trial<ResizePath> {
  const strict = table<[string, WindowSize | undefined], string | undefined>('sizes', cases)
  return {
    ...strict,
    async run(path, world) {
      const sorted: ResizePath = (execId, size) => {
        const made = path(execId, size)
        const [before, query] = typeof made === 'string' ? made.split('?') : []
        return query === undefined ? made : `${before}?${query.split('&').sort().join('&')}`
      }
      return strict.run(sorted, world)
    },
    judge(seen, reference) {
      const path = /^"([^?]*)\?/.exec(seen.results[0]?.got ?? '')?.[1]
      return path !== undefined && path !== '/exec/e1/resize'
        ? `the path is ${path}, and it has to be /exec/e1/resize: it is the exec that has a terminal, and the version of the API is put before it for you`
        : strict.judge(seen, reference)
    },
  }
}

/** Trials of the path. */
const pathTrials: readonly Trial<ResizePath>[] = [
  pathTable([
    {
      asked: 'e1, 69 rows and 236 columns',
      args: ['e1', { rows: 69, columns: 236 }],
      hint: 'h is the height, which is the number of rows, and w is the width',
    },
    {
      asked: 'e1, no window',
      args: ['e1', undefined],
      hint: 'where standard output is no terminal there is no size to send',
    },
    {
      asked: 'e1, 0 by 0',
      args: ['e1', { rows: 0, columns: 0 }],
      hint: 'a window of 0 by 0 is none, and sent on it takes a size away that was right',
    },
    {
      asked: 'e1, 1 row and 80 columns',
      args: ['e1', { rows: 1, columns: 80 }],
      hint: 'a window of one row is small, but it is one',
    },
  ]),
  {
    title: 'stty size in the container',
    run: (path, world) =>
      watchSession(
        {
          ...courseWith(dockerExec, 6, {
            ...resize,
            async run(copying: Copying, kit: Kit) {
              const asks = path(copying.execId, kit.terminal.size())
              if (asks !== undefined) await kit.engine.request('POST', asks)
              return { ...copying, size: null, resizes: null }
            },
          }),
          watched: 6,
          first: asked(world.container, {
            tty: true,
            interactive: true,
            command: ['sh', '-c', 'stty -echo; echo ready; read a; stty size'],
          }),
          terminal: { isTerminal: true, size: window, open: true },
          async user({ type }, probe) {
            await probe.until(
              (events) =>
                bytesIn(events, 'stdout').includes('ready') &&
                events.some(({ kind }) => kind === 'your stage returned'),
            )
            type('\r')
          },
        },
        world,
      ),
    judge(seen) {
      const said = /(\d+ \d+)\r\n/.exec(bytesIn(seen.events, 'stdout').toString())?.[1]
      return said === '33 99'
        ? undefined
        : `our window is 33 by 99, and stty size in the container said ${said ?? 'nothing'}`
    },
  },
]

/** What each exercise of the chapter has to pass, by its name. */
export const trials: Readonly<Record<string, Trials>> = {
  '06-resize': { reference: resize, trials: stageTrials },
  '06-resize-path': { reference: resizePath, trials: pathTrials },
}
