/**
 * Looks at the terminal: what kind it is, how large, and whether raw mode comes and goes.
 *
 * @module
 */

import { isatty } from 'node:tty'
import type { Scope } from '../course/scope.ts'
import { explainForm } from '../menus/form.ts'
import { rawFlags, readTerminalModes, setRawMode } from '../terminal/raw-mode.ts'
import { styleFor } from '../text/style.ts'
import type { Watcher } from './finding.ts'

/** Below this width the wire and the state are hard to read. */
const narrowest = 40

/** Names of terminals that say nothing about their owner. */
const commonTerm =
  /^(xterm|screen|tmux|linux|vt\d+|rxvt|alacritty|kitty|foot|ghostty|wezterm|dumb|ansi|cygwin)[a-z0-9.+-]*$/

/** What the terminal is seen through. */
export type Surroundings = {
  readonly environment: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  readonly input: { readonly isTTY?: boolean }
  readonly output: {
    readonly isTTY?: boolean
    readonly columns?: number
    readonly rows?: number
  }
}

/** Examines it. What is switched on is held in `scope` meanwhile. */
export function examineTerminal(around: Surroundings, scope: Scope, watcher: Watcher): void {
  watcher.part('The terminal')
  examineStreams(around, watcher)
  examineKind(around, watcher)
  examineSize(around, watcher)
  examineForm(around, watcher)
  examineRawMode(around, scope, watcher)
}

function examineStreams(
  { environment, platform, input, output }: Surroundings,
  { tell }: Watcher,
): void {
  if (platform === 'win32' && environment.MSYSTEM !== undefined && !input.isTTY) {
    tell({
      about: 'streams',
      status: 'problem',
      saw: 'standard input is a pipe of mintty',
      failure: 'mintty',
    })
    return
  }
  const kind = (stream: { readonly isTTY?: boolean }): string =>
    stream.isTTY ? 'a terminal' : 'no terminal'
  const both = input.isTTY === output.isTTY
  const seen = both
    ? `standard input and output are ${input.isTTY ? 'a terminal' : 'no terminal'}`
    : `standard input is ${kind(input)}, standard output is ${kind(output)}`
  const consequence = input.isTTY ? '' : '; chapters 4 to 7 then run without raw mode, as in a pipe'
  tell({
    about: 'streams',
    status: input.isTTY && output.isTTY ? 'ok' : 'note',
    saw: seen + consequence,
  })
}

function examineKind({ environment, output }: Surroundings, { tell }: Watcher): void {
  const { TERM } = environment
  const seen = TERM ? `TERM is ${TERM}` : 'TERM is not set'
  const colour = styleFor(output, environment).bold('') !== ''
  const why = environment.NO_COLOR
    ? 'NO_COLOR is set'
    : TERM === 'dumb'
      ? 'TERM says that it can show none'
      : 'standard output is no terminal'
  const rest = colour ? 'colours are shown' : `no colours: ${why}`
  tell({
    about: 'kind',
    status: TERM && TERM !== 'dumb' ? 'ok' : 'note',
    saw: `${seen}; ${rest}`,
    ...(TERM && !commonTerm.test(TERM) && { shared: `TERM is an unusual one; ${rest}` }),
  })
}

function examineSize({ output }: Surroundings, { tell }: Watcher): void {
  const { columns = 0, rows = 0 } = output
  if (!output.isTTY) {
    tell({ about: 'size', status: 'skipped', saw: 'there is no window on standard output' })
    return
  }
  if (columns === 0 || rows === 0) {
    tell({
      about: 'size',
      status: 'problem',
      saw: `${columns} columns, ${rows} rows`,
      failure: 'window-size-unknown',
    })
    return
  }
  const narrow = columns < narrowest ? `; below ${narrowest} columns lines are cut` : ''
  tell({
    about: 'size',
    status: narrow ? 'note' : 'ok',
    saw: `${columns} columns, ${rows} rows${narrow}`,
  })
}

const formMeaning = {
  menus: 'menus that are drawn',
  numbers: 'numbered choices, and text that is only appended',
  plain: 'text without questions',
} as const

function examineForm(around: Surroundings, { tell }: Watcher): void {
  const { form, why } = explainForm(around)
  tell({
    about: 'form',
    status: 'ok',
    saw: `npm run chapter speaks in ${formMeaning[form]}, because ${why}`,
  })
}

/**
 * Sets raw mode, looks, gives it back, and looks again. It is believed of nobody: the modes are
 * read from the terminal each time.
 */
function examineRawMode({ platform }: Surroundings, scope: Scope, { tell }: Watcher): void {
  const about = 'raw mode'
  if (!isatty(0)) {
    tell({ about, status: 'skipped', saw: 'there is no terminal on standard input' })
    return
  }
  const before = readTerminalModes()
  if (!before && platform !== 'win32') {
    tell({ about, status: 'problem', saw: 'stty does not run', failure: 'no-stty' })
    return
  }
  const restore = setRawMode()
  const held = scope.hold('raw mode', restore, restore)
  const during = readTerminalModes()
  const isRaw = during ? missingFlags(during.flags).length === 0 : process.stdin.isRaw
  // A release that waits for nothing is over when it returns.
  void held.release()
  const after = readTerminalModes()

  if (!isRaw) {
    const missing = during ? `: still ${missingFlags(during.flags).join(' ')}` : ''
    tell({
      about,
      status: 'problem',
      saw: `it was set and is not on${missing}`,
      failure: 'raw-mode-refused',
    })
  }
  if (before?.saved !== after?.saved) {
    tell({
      about,
      status: 'problem',
      saw: 'behind it the modes are not those from before',
      failure: 'terminal-not-restored',
    })
    return
  }
  if (!isRaw) return
  const changed = before
    ? Object.keys(before.flags).filter((flag) => before.flags[flag] !== during?.flags[flag])
    : []
  const seen = changed.length > 0 ? ` (${changed.join(' ')} changed)` : ''
  tell({ about, status: 'ok', saw: `on${seen}, off again, and every mode is as before` })
}

/** The flags of raw mode that a terminal does not have. */
function missingFlags(flags: Readonly<Record<string, boolean>>): string[] {
  return rawFlags
    .map(([flag]) => flag)
    .filter((flag) => flag.startsWith('-') && flags[flag.slice(1)] === true)
    .map((flag) => flag.slice(1))
}
