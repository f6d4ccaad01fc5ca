/**
 * The tools of a stage, watched: a real connection to a daemon, and a terminal in memory that
 * remembers what was done to it. The learner's own terminal is never touched by a check.
 *
 * @module
 */

import { Writable } from 'node:stream'
import type { Kit } from '../course/kit.ts'
import { createScope, type Scope } from '../course/scope.ts'
import type { Connect } from '../exec/place.ts'
import { headerOf } from '../stream/http.ts'
import type { Take } from '../stream/source.ts'
import type { Happened } from '../tape/event.ts'
import type { Terminal, WindowSize } from '../terminal/terminal.ts'
import type { Happening } from './happening.ts'

/** How the terminal of a trial is. */
export type TerminalKind = {
  readonly isTerminal?: boolean
  readonly size?: WindowSize
  /** What comes first. Then the input ends, unless `open` is true. */
  readonly input?: string | Uint8Array
  readonly open?: boolean
}

/** What a person does at the terminal of a trial. */
export type Person = {
  /** Types these characters. */
  readonly type: (keys: string) => void
  /** Ends the input, as Ctrl-D or the end of a pipe does. */
  readonly endInput: () => void
  /** Gives the window another size. */
  readonly resizeWindow: (size: WindowSize) => void
}

/** A watched kit. */
export type Probe = {
  readonly kit: Kit
  readonly person: Person
  /** Everything that has happened so far. */
  readonly happenings: readonly Happening[]
  /** Adds what happened elsewhere to the happenings. */
  readonly note: (happening: Happening) => void
  /** Resolves as soon as what has happened satisfies the condition. */
  readonly until: (condition: (happenings: readonly Happening[]) => boolean) => Promise<void>
  /** What is still open, in words: `the terminal is still raw`. Ask when all has been given back. */
  readonly leftOpen: () => string[]
  /** Ends what is still open, whatever the stages did. */
  readonly close: () => Promise<void>
}

/** Makes a watched kit. */
export async function createProbe(connect: Connect, kind: TerminalKind): Promise<Probe> {
  const happenings: Happening[] = []
  const watchers = new Set<() => void>()
  const note = (happening: Happening): void => {
    happenings.push(happening)
    for (const look of [...watchers]) look()
  }
  let isConnected = false
  /** What each connection was asked for last: an answer does not say what it answers. */
  const askedFor = new Map<number, string>()
  const engine = await connect({
    // How the engine was found is none of the stages' business.
    note(event) {
      const happening = isConnected && happeningOf(event, askedFor)
      if (happening) note(happening)
    },
    // A copy: the memory is used again for the next read.
    bytes(kind, chunk) {
      note({ kind, bytes: Uint8Array.from(chunk) })
    },
  })
  isConnected = true
  const terminal = watchTerminal(kind, note)

  return {
    kit: { engine, terminal: terminal.terminal, scope: watchScope(note) },
    person: terminal.person,
    happenings,
    note,
    until: (condition) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!condition(happenings)) return
          watchers.delete(look)
          resolve()
        }
        watchers.add(look)
        look()
      }),
    leftOpen: () => [
      ...terminal.leftOpen(),
      ...[...engine.hijackable]
        .filter(({ destroyed, writableEnded }) => !destroyed && !writableEnded)
        .map(() => 'the hijacked connection is still open'),
    ],
    close: engine.close,
  }
}

function happeningOf(event: Happened, askedFor: Map<number, string>): Happening | undefined {
  switch (event.kind) {
    case 'request': {
      const { method, body, headers, connection } = event
      const path = event.path.replace(/^\/v\d+\.\d+/, '')
      askedFor.set(connection, path)
      return {
        kind: 'request',
        method,
        path,
        body: body === '' ? undefined : JSON.parse(body),
        upgrade: headerOf({ headers }, 'Upgrade') !== '',
      }
    }
    case 'answer':
      return { kind: 'answer', path: askedFor.get(event.connection) ?? '', status: event.status }
    case 'half-close':
      return { kind: 'we half-closed' }
    case 'end':
      return { kind: 'the daemon ended' }
    case 'cut':
      return { kind: 'we cut the connection' }
    case 'keep-alive':
      return event
    default:
      return undefined
  }
}

function watchScope(note: (happening: Happening) => void): Scope {
  const scope = createScope()
  return {
    ...scope,
    hold: (label, value, giveBack) => {
      note({ kind: 'held', label })
      return scope.hold(label, value, () => {
        note({ kind: 'given back', label })
        return giveBack()
      })
    },
  }
}

type WatchedTerminal = {
  readonly terminal: Terminal
  readonly person: Person
  readonly leftOpen: () => string[]
}

/** What the terminal in memory calls the modes that it begins with. */
const ordinaryModes = 'ordinary modes'

function watchTerminal(kind: TerminalKind, note: (happening: Happening) => void): WatchedTerminal {
  let { size } = kind
  let take: Take = () => true
  let endInput: () => void = () => {}
  let goOn: () => void = () => {}
  let isRaw = false
  let readers = 0
  const listeners = new Set<() => void>()

  const terminal: Terminal = {
    inputIsTerminal: kind.isTerminal ?? false,
    output: collector((bytes) => note({ kind: 'stdout', bytes })),
    errors: collector((bytes) => note({ kind: 'stderr', bytes })),
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
            goOn = readInto(rest, next, note, () => {
              if (!kind.open) endInput()
            })
            goOn()
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
    readModes: () => ordinaryModes,
    setModes(...words) {
      isRaw = words[0] !== ordinaryModes
      note({ kind: isRaw ? 'raw' : 'restored' })
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
    person: {
      type: (keys) => void take(Buffer.from(keys)),
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

/** One read of a pipe takes no more than this. */
const readLength = 64 * 1024

/**
 * Hands out input as a pipe does: read by read, into the same memory again and again, and not before
 * the last one is gone.
 *
 * @param over - called when all of it has been taken
 * @returns what reads on, up to the first chunk for which `take` returns false
 */
function readInto(
  input: Uint8Array,
  take: Take,
  note: (happening: Happening) => void,
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

function collector(note: (bytes: Uint8Array) => void): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (chunk.length > 0) note(Uint8Array.from(chunk))
      done()
    },
  })
}
