/**
 * Shows a session and its wire side by side in a wide window. The session
 * runs in an in-memory terminal that is drawn on the left. The wire on the
 * right grows as you type.
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
import { softReset } from '../terminal/screen.ts'
import { suspendJob } from '../terminal/suspend-job.ts'
import type { Terminal, WindowSize } from '../terminal/terminal.ts'
import type { Style } from '../text/style.ts'
import { cutText } from '../text/width.ts'
import { createEmulator } from './emulator.ts'
import { layoutFor } from './layout.ts'
import { wireColumn } from './wire-column.ts'

/** Options for a session beside its wire. */
export type BesideOptions = {
  /** The real terminal. */
  readonly own: Terminal
  readonly recorder: Pick<Recorder, 'events' | 'watch'>
  /** Restores the screen, even if a signal ends the program. */
  readonly scope: Scope
  readonly style: Style
}

/** A session beside its wire. */
export type Beside = {
  /**
   * The terminal for the stages. Its size is that of the left part of the
   * window.
   */
  readonly terminal: Terminal
  /**
   * Wraps an observer: we take over the screen when the session begins and
   * restore it after.
   */
  readonly observe: (observer: WalkObserver) => WalkObserver
}

/** How long changes are batched before drawing, in milliseconds. */
const drawDelay = 16

/**
 * The minimum time between updates of the wire, in milliseconds. Slow updates
 * wait longer.
 */
const wireDelay = 40

/** The size to assume if the terminal reports none. */
const defaultSize: WindowSize = { rows: 24, columns: 80 }

/**
 * Shows the two side by side. If the window becomes too narrow, the session
 * gets all of it.
 */
export function openBeside({ own, recorder, scope, style }: BesideOptions): Beside {
  let window = own.size() ?? defaultSize
  let isRaw = false
  let isActive = false
  let wayOut = ''
  let consume: Consumer = () => true
  let tasks: readonly TaskResult[] = []
  const emulator = createEmulator(layoutFor(window).session, {
    answer: (text) => void consume(Buffer.from(text)),
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
    // If our terminal is not raw, Ctrl-Z stops the job. The shell then needs
    // its own screen.
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

  /**
   * Sends output to the emulator during the session, and straight to the
   * stream otherwise.
   */
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
            consume = next
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

  /**
   * The real terminal has echoed this line over our drawing: repeat it and
   * redraw.
   */
  function echo(line: Uint8Array): void {
    emulator.write(line)
    canvas.forget()
    schedule()
  }
}

/** Draws on the real screen. Only rows that have changed are written. */
function createCanvas(output: Writable) {
  let shown: readonly string[] = []
  return {
    open() {
      shown = []
      // The alternate screen without line wrap, so each row stays on its
      // line.
      output.write('\x1b[?1049h\x1b[?7l\x1b[2J')
    },
    /** Makes the next drawing rewrite every row. */
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
    /**
     * Leaves the alternate screen and writes the session's history. The
     * terminal may still be raw.
     */
    close(history: readonly string[]) {
      output.write(`${softReset}\x1b[?1049l${history.map((row) => `${row}\r\n`).join('')}`)
    },
  }
}
