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

/** How many requests the reference sends if all fail: one and ten retries. */
const attempts = 11

/** The sizes that were sent, in order: `h=33&w=99`. */
function sizesIn(seen: Pick<TrialResult, 'events'>): string[] {
  return requestsIn(seen).flatMap(({ path }) => /\/resize\?(.*)$/.exec(path)?.[1] ?? [])
}

/** Waits until the daemon has accepted this many sizes. */
function accepted({ until }: Probe, count: number): Promise<void> {
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
        await Promise.all([accepted(probe, 1), shows('ready')])
        type('\r')
        await shows('33 99')
        resizeWindow({ rows: 24, columns: 80 })
        await accepted(probe, 2)
        type('\r')
      },
    })),
    judge(seen) {
      const sizes = sizesIn(seen)
      if (!seen.passedOn && !seen.timedOut) return undefined
      if (sizes.length === 0) {
        return 'you never sent the size: before API 1.42 the container’s terminal stays at 0 by 0, and vi draws for the wrong size. A newer daemon has the size from the create, so there it is wrong only after the window has changed'
      }
      if (sizes[0] !== 'h=33&w=99')
        return `our window has 33 rows of 99 columns, but you sent ${sizes[0]}`
      if (seen.leftOpen.some((text) => text.includes('SIGWINCH'))) {
        return 'the session is over and you still listen for SIGWINCH: each change of the window would send a resize for an exec that has ended. Hold the function that onResize returns'
      }
      if (sizes.length === 1) {
        return 'the window changed to 24 rows of 80 columns and you sent no request: the container’s terminal still has 33 rows of 99 columns'
      }
      if (sizes[1] !== 'h=24&w=80') {
        return `the window changed to 24 rows of 80 columns, but you sent ${sizes[1]}: the listener has to read the size again each time it runs`
      }
      const over = indexOf(seen, 'end')
      if (over >= 0 && indexOf(seen, 'your stage returned') > over) {
        return 'your stage returned only after the session was over: chapter 7 waits for the end, this stage sends the size and returns'
      }
      if (!isDeepStrictEqual(seen.passedOn?.size, window)) {
        return `our window has 33 rows of 99 columns, but the size in your result is ${JSON.stringify(seen.passedOn?.size)}`
      }
      const listened = indexOf(seen, 'listens to the window')
      const sent = indexOf(seen, 'request', isResize)
      return listened > sent
        ? 'you sent the size before you started to listen: if the window changes in between, the container’s terminal keeps the old size'
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
        return 'you sent a resize in a session without a tty: the command has no terminal to resize'
      }
      return indexOf(seen, 'listens to the window') >= 0
        ? 'you listen for changes of the window in a session without a tty: the command has no terminal to resize'
        : undefined
    },
  },
  {
    title: 'a tty in the container, and a pipe as our input',
    run: inStory(({ container }) => ({
      first: asked(container, { tty: true, command: ['echo', 'hello'] }),
      terminal: { isTerminal: false, size: window },
    })),
    judge: (seen) =>
      sizesIn(seen).length > 0 || indexOf(seen, 'listens to the window') >= 0
        ? 'our input is a pipe, but you follow the window: docker resizes only if its input is a terminal. A daemon from API 1.42 on has the size from the create'
        : undefined,
  },
  {
    title: 'a daemon that refuses the first two sizes',
    run: inStory(() => ({
      first: asked('practice', { tty: true, interactive: true, command: ['sh'] }),
      terminal: { isTerminal: true, size: window, open: true },
      script: { faults: ['resize-refused=2'], waitsForInput: true },
      async user({ type }, probe) {
        await accepted(probe, 1)
        await probe.until((all) => all.some(({ kind }) => kind === 'your stage returned'))
        type('\x04')
      },
    })),
    judge(seen) {
      if (sizesIn(seen).length === 1) {
        return seen.error
          ? `the daemon refused the first resize and you ended the session ("${seen.error.message}"): a wrong size isn’t a reason to do that`
          : 'the daemon refused the first resize and you did not retry: a daemon may refuse it while the process isn’t running yet'
      }
      if (seen.timedOut && sizesIn(seen).length === 2) {
        return 'the daemon refused two resizes and would have accepted the third, but you stopped: tryAgain keeps retrying'
      }
      if (seen.passedOn && !isDeepStrictEqual(seen.passedOn.size, window)) {
        return `the daemon refused the first resize, and the size in your result is ${JSON.stringify(seen.passedOn.size)}: it has to be the size of our window, ${JSON.stringify(window)}`
      }
      const first = indexOf(seen, 'request', isResize)
      const second = indexOf(seen, 'request', isResize, first + 1)
      const returned = indexOf(seen, 'your stage returned')
      return returned > second
        ? 'your stage waited until the daemon accepted the size: chapter 7 can’t start until your stage returns'
        : undefined
    },
  },
  {
    title: 'a tty and a window, without -i',
    run: inStory(({ container }) => ({
      first: asked(container, { tty: true, command: ['echo', 'hello'] }),
      terminal: { isTerminal: true, size: window },
    })),
    judge: (seen) =>
      seen.passedOn && sizesIn(seen).length === 0
        ? 'without -i you sent no size: the command has a tty, our input is a terminal, and the output has to fit into our window. It doesn’t matter whether our input is attached or our terminal is raw'
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
        return `the daemon refuses every size, and you sent it ${sizesIn(seen).length} times without giving up: tryAgain stops after ten retries and says so`
      }
      return seen.timedOut
        ? 'the daemon refuses every size, and you gave up without a message: one line on stderr tells the user that the size may be wrong, and tryAgain writes it'
        : undefined
    },
  },
]

type ResizePath = (execId: string, size: WindowSize | undefined) => string | undefined

/** A table that accepts the two query parameters in either order. */
function pathTable(cases: readonly Case<[string, WindowSize | undefined]>[]): Trial<ResizePath> {
  const strict = table<[string, WindowSize | undefined], string | undefined>('sizes', cases)
  return {
    ...strict,
    async run(path, world) {
      const sorted: ResizePath = (execId, size) => {
        const result = path(execId, size)
        const [before, query] = typeof result === 'string' ? result.split('?') : []
        return query === undefined ? result : `${before}?${query.split('&').sort().join('&')}`
      }
      return strict.run(sorted, world)
    },
    judge(seen, reference) {
      const path = /^"([^?]*)\?/.exec(seen.results[0]?.got ?? '')?.[1]
      return path !== undefined && path !== '/exec/e1/resize'
        ? `your path is ${path}, but it has to be /exec/e1/resize: the terminal belongs to the exec, and the API version is added for you`
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
      hint: 'h is the height, that is, the number of rows, and w is the width',
    },
    {
      asked: 'e1, no size',
      args: ['e1', undefined],
      hint: 'if standard output isn’t a terminal, there is no size to send',
    },
    {
      asked: 'e1, 0 by 0',
      args: ['e1', { rows: 0, columns: 0 }],
      hint: '0 by 0 means that the size isn’t known, and sending it would erase a correct one',
    },
    {
      asked: 'e1, 1 row and 80 columns',
      args: ['e1', { rows: 1, columns: 80 }],
      hint: 'a window of one row is small, but its size is valid',
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
              const resizePath = path(copying.execId, kit.terminal.size())
              if (resizePath !== undefined) await kit.engine.request('POST', resizePath)
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
      const printed = /(\d+ \d+)\r\n/.exec(bytesIn(seen.events, 'stdout').toString())?.[1]
      return printed === '33 99'
        ? undefined
        : `our window has 33 rows of 99 columns, but stty size in the container printed ${printed ?? 'no size'}`
    },
  },
]

/** The trials of each exercise, by the name of the exercise. */
export const trials: Readonly<Record<string, Trials>> = {
  '06-resize': { reference: resize, trials: stageTrials },
  '06-resize-path': { reference: resizePath, trials: pathTrials },
}
