/**
 * The session and its wire side by side, in a window that is wide enough. The session has a terminal
 * in memory, which is drawn on the left; on the right the wire grows while you type.
 *
 * @module
 */

import { Writable } from 'node:stream'
import type { Scope } from '../course/scope.ts'
import type { AnnouncedSession, WalkObserver } from '../run/walk-chapter.ts'
import type { Consumer } from '../stream/source.ts'
import type { Recorder } from '../tape/recorder.ts'
import type { TaskResult } from '../tasks/task.ts'
import { taskResultLines } from '../tasks/task-lines.ts'
import { quietScreen } from '../terminal/screen.ts'
import { suspendJob } from '../terminal/suspend-job.ts'
import type { Terminal, WindowSize } from '../terminal/terminal.ts'
import type { Style } from '../text/style.ts'
import { cutText } from '../text/width.ts'
import { createEmulator } from './emulator.ts'
import { layoutFor } from './layout.ts'
import { wireColumn } from './wire-column.ts'

/** What is shown side by side, and where. */
export type BesideOptions = {
  /** The real terminal. */
  readonly own: Terminal
  readonly recorder: Pick<Recorder, 'events' | 'watch'>
  /** Gives the screen back, whatever ends the program. */
  readonly scope: Scope
  readonly style: Style
}

/** A session with its wire beside it. */
export type Beside = {
  /** The terminal for the stages: as large as the left part of the window. */
  readonly terminal: Terminal
  /** The same observer of a walk. The screen is taken when the session begins, and given back after. */
  readonly observe: (observer: WalkObserver) => WalkObserver
}

/** How long what has changed may wait for more of it, in milliseconds. */
const drawDelay = 16

/** The wire is drawn so that it takes at most a tenth of the time, and not more often than this. */
const wireDelay = 40

/** The size that is assumed where the terminal does not say. */
const usualSize: WindowSize = { rows: 24, columns: 80 }

/** Puts the two side by side. In a window that becomes too narrow, the session has all of it. */
export function openBeside({ own, recorder, scope, style }: BesideOptions): Beside {
  let window = own.size() ?? usualSize
  let isRaw = false
  let isActive = false
  let wayOut = ''
  let take: Consumer = () => true
  let tasks: readonly TaskResult[] = []
  const emulator = createEmulator(layoutFor(window).session, {
    answer: (text) => void take(Buffer.from(text)),
    passOn: (sequence) => void own.output.write(sequence),
  })
  emulator.returnAtLineFeed(true)
  const canvas = createCanvas(own.output)

  let wire: readonly string[] = []
  let wireCost = 0
  let wireTimer: NodeJS.Timeout | undefined
  let timer: NodeJS.Timeout | undefined

  function schedule(): void {
    if (isActive) timer ??= setTimeout(draw, drawDelay)
  }

  function scheduleWire(): void {
    if (isActive) wireTimer ??= setTimeout(renewWire, Math.max(wireDelay, wireCost * 10))
  }

  function renewWire(): void {
    wireTimer = undefined
    const began = performance.now()
    const { session, wire: width } = layoutFor(window)
    const size = { width, rows: session.rows }
    const taskRows = taskResultLines(tasks, { width, style })
    wire = width === 0 ? [] : wireColumn(recorder.events(), size, style, taskRows)
    wireCost = performance.now() - began
    schedule()
  }

  function draw(): void {
    timer = undefined
    const hasWire = layoutFor(window).wire > 0
    const rows = emulator
      .rows()
      .map((row, at) => (hasWire ? `${row}${style.dim('│')}${wire[at] ?? ''}` : row))
    canvas.show([...rows, style.dim(cutText(wayOut, window.columns))], emulator.cursor())
  }

  let held: { readonly release: () => Promise<void> } | undefined

  function takeScreen(session: AnnouncedSession): void {
    wayOut = session.wayOut
    isActive = true
    canvas.open()
    resize()
    const stopResizes = own.onResize(resize)
    // Where our terminal is not raw, Ctrl-Z stops the job: the shell gets an ordinary screen.
    const stop = (): void => {
      canvas.close([])
      process.off('SIGTSTP', stop)
      suspendJob()
      process.on('SIGTSTP', stop)
      canvas.open()
      schedule()
    }
    process.on('SIGTSTP', stop)
    const unwatch = recorder.watch(scheduleWire)
    held = scope.hold('screen beside the wire', undefined, () => {
      isActive = false
      clearTimeout(timer)
      clearTimeout(wireTimer)
      unwatch()
      stopResizes()
      process.off('SIGTSTP', stop)
      canvas.close(emulator.history())
    })
  }

  function resize(): void {
    window = own.size() ?? window
    emulator.resize(layoutFor(window).session)
    canvas.forget()
    renewWire()
  }

  /** Takes output while the screen is ours, and passes it on before and after that. */
  const sink = (stream: Writable): Writable =>
    new Writable({
      write(chunk: Uint8Array, _encoding, done) {
        if (!isActive) {
          stream.write(chunk, done)
          return
        }
        emulator.write(chunk, done)
        schedule()
      },
    })

  return {
    terminal: {
      ...own,
      output: sink(own.output),
      errors: sink(own.errors),
      openInput() {
        const input = own.openInput()
        return {
          ...input,
          read(next) {
            take = next
            return input.read((chunk) => {
              if (isActive && !isRaw) echo(chunk)
              return next(chunk)
            })
          },
        }
      },
      setModes(...words) {
        own.setModes(...words)
        isRaw = words.includes('-icanon')
        emulator.returnAtLineFeed(!isRaw)
      },
      size: () => layoutFor(own.size() ?? window).session,
    },
    observe: (observer) => ({
      ...observer,
      async session(announced) {
        await observer.session?.(announced)
        takeScreen(announced)
      },
      tasks(results) {
        tasks = results
        scheduleWire()
        observer.tasks?.(results)
      },
      sessionEnded(result) {
        void held?.release()
        observer.sessionEnded?.(result)
      },
    }),
  }

  /** The real terminal has echoed this line over what we have drawn. */
  function echo(line: Uint8Array): void {
    emulator.write(line)
    canvas.forget()
    schedule()
  }
}

/** The real screen, on which only the rows that have changed are written. */
function createCanvas(output: Writable) {
  let shown: readonly string[] = []
  return {
    open() {
      shown = []
      // The alternate screen, without wrapping: a row stays where it is counted to be.
      output.write('\x1b[?1049h\x1b[?7l\x1b[2J')
    },
    /** Everything is to be written anew. */
    forget() {
      shown = []
    },
    show(rows: readonly string[], cursor: { row: number; column: number; shown: boolean }) {
      const changed = rows.flatMap((row, at) =>
        row === shown[at] ? [] : [`\x1b[${at + 1};1H\x1b[2K${row}\x1b[0m`],
      )
      shown = rows
      const place = `\x1b[${cursor.row + 1};${cursor.column + 1}H`
      output.write(`\x1b[?25l${changed.join('')}${place}${cursor.shown ? '\x1b[?25h' : ''}`)
    },
    /** Leaves the alternate screen, and writes what is to stay. The terminal may still be raw. */
    close(history: readonly string[]) {
      output.write(`${quietScreen}\x1b[?1049l${history.map((row) => `${row}\r\n`).join('')}`)
    },
  }
}
