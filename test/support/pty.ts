/**
 * Runs a command in a real pseudo-terminal: its keys, its screen, its modes.
 *
 * The command runs in a shell that lives a little longer than it, for when the first process of
 * a terminal ends the terminal is hung up, and its modes cannot be read any more.
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

/** How a command in a terminal ended. */
export type TerminalEnd = {
  /** The exit code as a shell sees it: 128 + n where signal n ended the command. */
  readonly code: number
  /** Every byte that was written to the screen. */
  readonly screen: Buffer
  /** The terminal's modes before the command began, as `stty -g` writes them. */
  readonly modesBefore: string
  /** And behind its end. */
  readonly modesAfter: string
}

/** What may be said about a terminal. */
export type TerminalOptions = {
  readonly columns?: number
  readonly rows?: number
  /** Variables to set, or with undefined to take away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** Keeps it open when the command has ended, for whoever repairs it then. `stop` closes it. */
  readonly staysOpen?: boolean
}

/** A terminal with a command in it. */
export type Terminal = {
  /** Every byte so far. */
  readonly screen: () => Buffer
  /** Presses keys: text, or bytes such as `\x03` for Ctrl-C. */
  readonly type: (keys: string | Uint8Array) => void
  /** Waits until the screen has this in it, behind what an earlier call has found. */
  readonly waitFor: (wanted: string | RegExp) => Promise<void>
  /** Changes the window's size, as a person does with the mouse. */
  readonly resize: (columns: number, rows: number) => void
  /** The terminal's modes now, as `stty -g` writes them. */
  readonly modes: () => string
  /** The terminal's modes now, readable: `stty -a`. */
  readonly describeModes: () => string
  /** The process ID of the command. It is known once something of the command is on the screen. */
  readonly pid: () => number
  readonly ended: Promise<TerminalEnd>
  /** Hangs up, if the command still runs, and removes what is left. */
  readonly stop: () => Promise<void>
}

/** A command that takes longer than this, in milliseconds, is stuck. */
const ceiling = 60_000

/**
 * `$1` is a folder for notes, the rest is the command. The shell handles signals from the
 * keyboard with a no-op rather than ignoring them: what is ignored would stay ignored in the
 * command. Its own words about how the command died do not belong on the screen.
 *
 * The last thing that it writes is a mark. Whoever has read the mark has read all that the command
 * wrote; until then the terminal must stay open, for what is unread when it closes may get lost.
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

/** Opens a terminal, 80 by 24 unless told otherwise, and starts a command in it. */
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
  // Where the mark stands, or -1. Others may still write behind it: whoever repairs the terminal of a
  // command that was killed does so at the same time.
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
      reject(new Error(`${command} did not end within ${ceiling / 1000} s. Its screen: ${shown}`))
    }, ceiling)
    pty.onData((chunk: unknown) => {
      const from = Math.max(0, bytes.length - mark.length)
      bytes = Buffer.concat([bytes, chunk as Buffer])
      const wasOver = markAt >= 0
      if (!wasOver) markAt = bytes.indexOf(mark, from)
      if (!wasOver && markAt >= 0) {
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
      reject(new Error(`The terminal of ${command} was closed before the command had ended.`))
    })
  })
  // Whoever stops a terminal does not want to hear that it was closed.
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

/** Asks a terminal for its modes from outside, without becoming one of its processes. */
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
