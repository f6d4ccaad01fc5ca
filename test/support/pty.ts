/**
 * Runs a command in a real pseudo-terminal, with access to its keys, screen
 * and modes.
 *
 * The command runs in a shell that outlives it: when the session leader
 * exits, the terminal is hung up and its modes can no longer be read.
 *
 * @module
 */

import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type IPty, spawn } from '@lydell/node-pty'
import { removeFolder, temporaryFolder } from './folder.ts'
import { environmentWith } from './run.ts'
import { awaitText } from './wait.ts'

/** The result of a command in a terminal. */
export type TerminalEnd = {
  /**
   * The exit code as a shell sees it: 128 + n if signal n ended the command.
   */
  readonly code: number
  /** Every byte that was written to the screen. */
  readonly screen: Buffer
  /**
   * The terminal's modes before the command started, as `stty -g` prints
   * them.
   */
  readonly modesBefore: string
  /** The terminal's modes after the command exited. */
  readonly modesAfter: string
}

/** Options for a terminal. */
export type TerminalOptions = {
  readonly columns?: number
  readonly rows?: number
  /** Environment variables to set, or to unset if undefined. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /**
   * Keeps it open after the command exits, so its modes can be read. `stop`
   * closes it.
   */
  readonly staysOpen?: boolean
}

/** A terminal with a running command. */
export type Terminal = {
  /** Returns all output so far. */
  readonly screen: () => Buffer
  /** Presses keys: text, or bytes such as `\x03` for Ctrl-C. */
  readonly type: (keys: string | Uint8Array) => void
  /**
   * Waits for a text in the output, after the text that an earlier call
   * found.
   */
  readonly waitFor: (wanted: string | RegExp) => Promise<void>
  /** Changes the size of the window. */
  readonly resize: (columns: number, rows: number) => void
  /** Returns the current modes, as `stty -g` prints them. */
  readonly modes: () => string
  /** Returns the current modes, as `stty -a` prints them. */
  readonly describeModes: () => string
  /**
   * Returns the command's pid, which is known once the command has printed
   * something.
   */
  readonly pid: () => number
  readonly ended: Promise<TerminalEnd>
  /** Hangs up the terminal and removes its temporary files. */
  readonly stop: () => Promise<void>
}

/** The time limit for a command, in milliseconds. */
const timeout = 60_000

/**
 * `$1` is a folder for notes, the rest is the command. The shell traps
 * signals from the keyboard with a no-op, because ignored signals would stay
 * ignored in the command. Its own message about how the command died is kept
 * off the screen.
 *
 * It writes a mark last. Once we have read the mark, we have read all output.
 * The terminal stays open until then, because closing it can lose unread
 * output.
 */
const wrapper = `
  notes=$1
  shift
  tty >"$notes/tty"
  stty -g >"$notes/before"
  trap : INT QUIT
  exec 3>&2 2>/dev/null
  sh -c 'echo $$ >"$0/pid"; exec "$@"' "$notes" "$@" 2>&3 3>&-
  echo $? >"$notes/code"
  stty -g >"$notes/after"
  printf '\\0%s\\0' "$notes"
  exec sleep 60
`

const live = new Set<IPty>()
process.once('exit', () => {
  for (const pty of live) pty.kill('SIGKILL')
})

/** Opens a terminal, 80 by 24 by default, and starts a command in it. */
export function openTerminal(
  command: string,
  args: readonly string[],
  options: TerminalOptions = {},
): Terminal {
  const notes = temporaryFolder('wbtty')
  const note = (name: string): string => readFileSync(join(notes, name), 'utf8').trim()
  const pty = spawn('sh', ['-c', wrapper, 'sh', notes, command, ...args], {
    cols: options.columns ?? 80,
    rows: options.rows ?? 24,
    env: environmentWith(options.env),
    name: 'xterm',
    // Bytes, not text: a screen is compared byte for byte.
    encoding: null,
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  })
  live.add(pty)

  const mark = Buffer.from(`\0${notes}\0`)
  let bytes: Buffer = Buffer.alloc(0)
  const listeners = new Set<() => void>()
  // The position of the mark, or -1. More output can follow it: the terminal
  // guard of a killed command is restoring the terminal at the same time.
  let markAt = -1
  const screen = (): Buffer =>
    markAt < 0
      ? bytes
      : Buffer.concat([bytes.subarray(0, markAt), bytes.subarray(markAt + mark.length)])

  const closed = new Promise<void>((resolve) => {
    pty.onExit(() => {
      live.delete(pty)
      resolve()
    })
  })
  const ended = new Promise<TerminalEnd>((resolve, reject) => {
    const stuck = setTimeout(() => {
      pty.kill('SIGKILL')
      const shown = JSON.stringify(screen().toString().slice(-2000))
      reject(new Error(`${command} did not exit within ${timeout / 1000} s. Its screen: ${shown}`))
    }, timeout)
    pty.onData((chunk: unknown) => {
      const from = Math.max(0, bytes.length - mark.length)
      bytes = Buffer.concat([bytes, chunk as Buffer])
      const hadEnded = markAt >= 0
      if (!hadEnded) markAt = bytes.indexOf(mark, from)
      if (!hadEnded && markAt >= 0) {
        clearTimeout(stuck)
        resolve({
          code: Number(note('code')),
          screen: screen(),
          modesBefore: note('before'),
          modesAfter: note('after'),
        })
        if (!options.staysOpen) pty.kill('SIGKILL')
      }
      for (const listener of [...listeners]) listener()
    })
    void closed.then(() => {
      clearTimeout(stuck)
      removeFolder(notes)
      reject(new Error(`the terminal of ${command} was closed before the command exited`))
    })
  })
  // A test that stops a terminal isn't interested in this error.
  ended.catch(() => {})

  let found = 0
  return {
    screen,
    type: (keys) => pty.write(keys as string),
    async waitFor(wanted) {
      const onMore = (listener: () => void) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      }
      found = await awaitText(wanted, found, () => screen().toString(), onMore, ended)
    },
    resize: (columns, rows) => pty.resize(columns, rows),
    modes: () => stty(note('tty'), '-g'),
    describeModes: () => stty(note('tty'), '-a'),
    pid: () => Number(note('pid')),
    ended,
    async stop() {
      if (live.has(pty)) pty.kill('SIGHUP')
      await closed
    },
  }
}

/**
 * Reads a terminal's modes from outside, without making it our controlling
 * terminal.
 */
function stty(path: string, option: string): string {
  const terminal = openSync(path, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK)
  try {
    return execFileSync('stty', [option], {
      stdio: [terminal, 'pipe', 'pipe'],
      encoding: 'utf8',
    }).trim()
  } finally {
    closeSync(terminal)
  }
}
