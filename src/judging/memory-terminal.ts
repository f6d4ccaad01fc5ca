/**
 * A terminal in memory. It remembers what was done to it, and a person can sit at it who is a
 * function: for trials of exercises, for the doctor, and for tests.
 *
 * @module
 */

import { Writable } from 'node:stream'
import type { Consumer } from '../stream/source.ts'
import type { EventLog } from '../tape/recorder.ts'
import type { Terminal, WindowSize } from '../terminal/terminal.ts'

/** How the terminal in memory is. */
export type TerminalKind = {
  readonly isTerminal?: boolean
  readonly size?: WindowSize
  /** What comes first. Then the input ends, unless `open` is true. */
  readonly input?: string | Uint8Array
  readonly open?: boolean
  /** Where output and errors go instead of into the log. */
  readonly output?: Writable
  readonly errors?: Writable
}

/** What a person does at the terminal in memory. */
export type SimulatedUser = {
  /** Types these characters. */
  readonly type: (keys: string | Uint8Array) => void
  /** Ends the input, as Ctrl-D or the end of a pipe does. */
  readonly endInput: () => void
  /** Gives the window another size. */
  readonly resizeWindow: (size: WindowSize) => void
}

/** A terminal in memory, and who sits at it. */
export type MemoryTerminal = {
  readonly terminal: Terminal
  readonly user: SimulatedUser
  /** What is still open, in words: `the terminal is still raw`. */
  readonly leftOpen: () => string[]
}

/** What the terminal in memory calls the modes that it begins with. */
const initialModes = 'ordinary modes'

/** And what it calls those that somebody has changed. */
const rawModes = 'raw modes'

/** Makes one. The log gets what is done to it. */
export function createMemoryTerminal(kind: TerminalKind, log: EventLog): MemoryTerminal {
  const { note } = log
  let { size } = kind
  let take: Consumer = () => true
  let endInput: () => void = () => {}
  let goOn: () => void = () => {}
  let isRaw = false
  let readers = 0
  const listeners = new Set<() => void>()

  const terminal: Terminal = {
    inputIsTerminal: kind.isTerminal ?? false,
    output: kind.output ?? collector((bytes) => log.bytes('stdout', bytes)),
    errors: kind.errors ?? collector((bytes) => log.bytes('stderr', bytes)),
    openInput() {
      note({ kind: 'reads input' })
      readers += 1
      let open = true
      return {
        read(next) {
          take = next
          const rest = Buffer.from(kind.input ?? '')
          return new Promise((resolve) => {
            endInput = () => {
              note({ kind: 'input ended' })
              resolve(undefined)
            }
            goOn = createPipeReader(rest, next, note, () => {
              if (!kind.open) endInput()
            })
            // As with a real one, nothing comes before whoever reads has said what to do with it.
            setImmediate(goOn)
          })
        },
        resume: () => goOn(),
        close() {
          if (open) readers -= 1
          if (open) note({ kind: 'stops reading' })
          open = false
        },
      }
    },
    readModes: () => (isRaw ? rawModes : initialModes),
    setModes(...words) {
      isRaw = words[0] !== initialModes
      note({ kind: 'terminal', moment: isRaw ? 'raw' : 'after', flags: {} })
    },
    size: () => size,
    onResize(listener) {
      note({ kind: 'listens to the window' })
      listeners.add(listener)
      return () => {
        note({ kind: 'stops listening' })
        listeners.delete(listener)
      }
    },
  }
  return {
    terminal,
    user: {
      type: (keys) => void take(Buffer.from(keys as string)),
      endInput: () => endInput(),
      resizeWindow(next) {
        size = next
        for (const listener of listeners) listener()
      },
    },
    leftOpen: () => [
      ...(isRaw ? ['the terminal is still raw'] : []),
      ...(listeners.size > 0 ? ['a listener for SIGWINCH is still there'] : []),
      ...(readers > 0 ? ['standard input is still being read'] : []),
    ],
  }
}

/** A read of a pipe gives what is there, which is seldom all that would fit. */
const readLength = 4 * 1024

/**
 * Hands out input as a pipe does: read by read, into the same memory again and again, and not before
 * the last one is gone.
 *
 * @param over - called when all of it has been taken
 * @returns what reads on, up to the first chunk for which `take` returns false
 */
function createPipeReader(
  input: Uint8Array,
  take: Consumer,
  note: EventLog['note'],
  over: () => void,
): () => void {
  const memory = Buffer.alloc(readLength)
  let at = 0
  let state: 'ready' | 'reading' | 'waiting' | 'over' = 'ready'
  return () => {
    if (state === 'waiting') note({ kind: 'input goes on' })
    else if (state !== 'ready') return
    state = 'reading'
    while (at < input.length) {
      const chunk = memory.subarray(0, Math.min(readLength, input.length - at))
      chunk.set(input.subarray(at, at + chunk.length))
      at += chunk.length
      if (!take(chunk)) {
        note({ kind: 'input waits' })
        state = 'waiting'
        return
      }
      // The next read would write over it. Whoever has kept it shall see that each time.
      memory.fill(0)
    }
    state = 'over'
    over()
  }
}

function collector(note: (chunk: Uint8Array) => void): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (chunk.length > 0) note(chunk)
      done()
    },
  })
}
