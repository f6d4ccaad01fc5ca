/**
 * A terminal in memory with a simulated user. It logs what is done to it. The
 * trials, the doctor and the tests use it.
 *
 * @module
 */

import { Writable } from 'node:stream'
import type { Consumer } from '../stream/source.ts'
import type { EventLog } from '../tape/recorder.ts'
import type { Terminal, WindowSize } from '../terminal/terminal.ts'

/** The properties of a terminal in memory. */
export type TerminalKind = {
  readonly isTerminal?: boolean
  readonly size?: WindowSize
  /** The initial input. EOF follows, unless `open` is true. */
  readonly input?: string | Uint8Array
  readonly open?: boolean
  /** Streams for output and errors, which otherwise go into the log. */
  readonly output?: Writable
  readonly errors?: Writable
}

/** The actions of a simulated user at a terminal in memory. */
export type SimulatedUser = {
  /** Types these characters. */
  readonly type: (keys: string | Uint8Array) => void
  /** Sends EOF, as Ctrl-D or the end of a pipe does. */
  readonly endInput: () => void
  /** Changes the size of the window. */
  readonly resizeWindow: (size: WindowSize) => void
}

/** A terminal in memory and its simulated user. */
export type MemoryTerminal = {
  readonly terminal: Terminal
  readonly user: SimulatedUser
  /** Describes everything that is still open: `the terminal is still raw`. */
  readonly leftOpen: () => string[]
}

/** The name of the modes that the terminal starts with. */
const initialModes = 'ordinary modes'

/** The name of any other modes. */
const rawModes = 'raw modes'

/** Creates a terminal in memory, which logs what is done to it. */
export function createMemoryTerminal(kind: TerminalKind, log: EventLog): MemoryTerminal {
  const { note } = log
  let { size } = kind
  let take: Consumer = () => true
  let endInput: () => void = () => {}
  let resume: () => void = () => {}
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
            resume = createPipeReader(rest, next, note, () => {
              if (!kind.open) endInput()
            })
            // As in a real terminal, nothing arrives before the reader has
            // set up its handlers.
            setImmediate(resume)
          })
        },
        resume: () => resume(),
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
      ...(listeners.size > 0 ? ['a SIGWINCH listener is still registered'] : []),
      ...(readers > 0 ? ['standard input is still being read'] : []),
    ],
  }
}

/** The most bytes that one read returns. */
const readLength = 4 * 1024

/**
 * Delivers input as a pipe does: chunk by chunk, reusing one buffer.
 *
 * @param onEnd - called when all the input has been consumed
 * @returns a function that reads on until `take` returns false
 */
function createPipeReader(
  input: Uint8Array,
  take: Consumer,
  note: EventLog['note'],
  onEnd: () => void,
): () => void {
  const buffer = Buffer.alloc(readLength)
  let at = 0
  let state: 'ready' | 'reading' | 'waiting' | 'ended' = 'ready'
  return () => {
    if (state === 'waiting') note({ kind: 'input goes on' })
    else if (state !== 'ready') return
    state = 'reading'
    while (at < input.length) {
      const chunk = buffer.subarray(0, Math.min(readLength, input.length - at))
      chunk.set(input.subarray(at, at + chunk.length))
      at += chunk.length
      if (!take(chunk)) {
        note({ kind: 'input waits' })
        state = 'waiting'
        return
      }
      // The next read overwrites the chunk, so code that keeps it must fail
      // every time.
      buffer.fill(0)
    }
    state = 'ended'
    onEnd()
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
