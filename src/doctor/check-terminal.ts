/**
 * Checks the terminal: its kind, its size, and whether raw mode can be set
 * and reset.
 *
 * @module
 */

import { isatty } from 'node:tty'
import type { Scope } from '../course/scope.ts'
import { explainForm } from '../menus/form.ts'
import { flagMeanings, readModes, readTerminalModes, setModes } from '../terminal/modes.ts'
import { styleFor } from '../text/style.ts'
import { type Finding, note, ok, problem, skipped } from './finding.ts'

/**
 * In a narrower window the views of the wire and the state are hard to read.
 */
const narrowest = 40

/**
 * The flags that raw mode switches off. It also sets cs8, which stays set.
 */
const rawModeFlags = flagMeanings.map(([flag]) => flag).filter((flag) => flag !== 'cs8')

/** Values of TERM that reveal nothing about the owner. */
const commonTerm =
  /^(xterm|screen|tmux|linux|vt\d+|rxvt|alacritty|kitty|foot|ghostty|wezterm|dumb|ansi|cygwin)[a-z0-9.+-]*$/

/** The terminal to check. */
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

/** Checks the terminal. `scope` holds raw mode while it is on. */
export function examineTerminal(around: Surroundings, scope: Pick<Scope, 'hold'>): Finding[] {
  return [
    examineStreams(around),
    examineKind(around),
    examineSize(around),
    examineForm(around),
    ...examineRawMode(around.platform, scope),
  ]
}

function examineStreams({ environment, platform, input, output }: Surroundings): Finding {
  const about = 'streams'
  if (platform === 'win32' && environment.MSYSTEM !== undefined && !input.isTTY) {
    return problem(about, 'standard input is a mintty pipe', { failure: 'mintty' })
  }
  const kind = ({ isTTY = false }): string => (isTTY ? 'a terminal' : 'not a terminal')
  const streams =
    Boolean(input.isTTY) === Boolean(output.isTTY)
      ? `standard input and output are ${input.isTTY ? 'terminals' : 'not terminals'}`
      : `standard input is ${kind(input)}, standard output is ${kind(output)}`
  if (!input.isTTY) {
    return note(about, `${streams}; chapters 4 to 7 then run without raw mode, as in a pipe`)
  }
  return output.isTTY ? ok(about, streams) : note(about, streams)
}

function examineKind({ environment, output }: Surroundings): Finding {
  const { TERM, NO_COLOR } = environment
  const hasColours = styleFor(output, environment).bold('') !== ''
  const why = NO_COLOR
    ? 'NO_COLOR is set'
    : TERM === 'dumb'
      ? 'TERM is dumb'
      : 'standard output is not a terminal'
  const colours = hasColours ? 'colours are shown' : `no colours: ${why}`
  const make = TERM && TERM !== 'dumb' ? ok : note
  return make('type', `${TERM ? `TERM is ${TERM}` : 'TERM is not set'}; ${colours}`, {
    ...(TERM && !commonTerm.test(TERM) && { shared: `TERM has an unusual value; ${colours}` }),
  })
}

function examineSize({ output }: Surroundings): Finding {
  const { isTTY, columns = 0, rows = 0 } = output
  const observed = `${columns} columns, ${rows} rows`
  if (!isTTY) return skipped('size', 'standard output has no window')
  if (columns === 0 || rows === 0)
    return problem('size', observed, { failure: 'window-size-unknown' })
  return columns < narrowest
    ? note('size', `${observed}; lines are cut off below ${narrowest} columns`)
    : ok('size', observed)
}

const formMeaning = {
  menus: 'shows menus that it redraws',
  numbers: 'offers numbered choices, and only appends text',
  plain: 'prints text and asks nothing',
} as const

function examineForm(around: Surroundings): Finding {
  const { form, why } = explainForm(around)
  return ok('interface', `npm run chapter ${formMeaning[form]}, because ${why}`)
}

/**
 * Switches raw mode on and off, and reads the modes before, during and after.
 */
function examineRawMode(platform: NodeJS.Platform, scope: Pick<Scope, 'hold'>): Finding[] {
  const about = 'raw mode'
  if (!isatty(0)) return [skipped(about, 'standard input is not a terminal')]
  const before = readTerminalModes()
  if (!before && platform !== 'win32') {
    return [problem(about, 'stty cannot be run', { failure: 'no-stty' })]
  }
  const modes = readModes()
  const held = scope.hold('raw mode', modes, () => setModes(modes))
  setModes(...rawModeFlags.map((flag) => `-${flag}`))
  const during = readTerminalModes()
  const isRaw = during ? missingFlags(during.flags).length === 0 : process.stdin.isRaw
  // The release is synchronous, so raw mode is off when this returns.
  void held.release()
  const after = readTerminalModes()

  const findings: Finding[] = []
  if (!isRaw) {
    const missing = during ? `: still ${missingFlags(during.flags).join(' ')}` : ''
    const observed = `we switched it on, but it is off${missing}`
    findings.push(problem(about, observed, { failure: 'raw-mode-refused' }))
  }
  if (before?.saved !== after?.saved) {
    const observed = 'the modes afterwards differ from those before'
    findings.push(problem(about, observed, { failure: 'terminal-not-restored' }))
  }
  if (findings.length > 0) return findings
  const changed = Object.keys(before?.flags ?? {}).filter(
    (flag) => before?.flags[flag] !== during?.flags[flag],
  )
  const seen = changed.length > 0 ? ` (${changed.join(' ')} changed)` : ''
  return [ok(about, `on${seen}, then off; all modes restored`)]
}

/** Returns the flags that are still on. */
function missingFlags(flags: Readonly<Record<string, boolean>>): string[] {
  return rawModeFlags.filter((flag) => flags[flag])
}
