/**
 * Looks at the terminal: what kind it is, how large, and whether raw mode comes and goes.
 *
 * @module
 */

import { isatty } from 'node:tty'
import type { Scope } from '../course/scope.ts'
import { explainForm } from '../menus/form.ts'
import { flagMeanings, readModes, readTerminalModes, setModes } from '../terminal/modes.ts'
import { styleFor } from '../text/style.ts'
import { type Finding, note, ok, problem, skipped } from './finding.ts'

/** In a narrower window the wire and the state are hard to read. */
const narrowest = 40

/** The flags that raw mode switches off. It sets the length of a character, and leaves it set. */
const switchedOff = flagMeanings.map(([flag]) => flag).filter((flag) => flag !== 'cs8')

/** Names of terminals that say nothing about their owner. */
const commonTerm =
  /^(xterm|screen|tmux|linux|vt\d+|rxvt|alacritty|kitty|foot|ghostty|wezterm|dumb|ansi|cygwin)[a-z0-9.+-]*$/

/** The terminal as the doctor sees it. */
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

/** Examines it. While raw mode is on, `scope` holds it. */
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
    return problem(about, 'standard input is a pipe of mintty', { failure: 'mintty' })
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
      ? 'TERM says that the terminal has none'
      : 'standard output is not a terminal'
  const colours = hasColours ? 'colours are shown' : `no colours: ${why}`
  const make = TERM && TERM !== 'dumb' ? ok : note
  return make('kind', `${TERM ? `TERM is ${TERM}` : 'TERM is not set'}; ${colours}`, {
    ...(TERM && !commonTerm.test(TERM) && { shared: `TERM has an unusual value; ${colours}` }),
  })
}

function examineSize({ output }: Surroundings): Finding {
  const { isTTY, columns = 0, rows = 0 } = output
  const saw = `${columns} columns, ${rows} rows`
  if (!isTTY) return skipped('size', 'standard output has no window')
  if (columns === 0 || rows === 0) return problem('size', saw, { failure: 'window-size-unknown' })
  return columns < narrowest
    ? note('size', `${saw}; below ${narrowest} columns lines are cut`)
    : ok('size', saw)
}

const formMeaning = {
  menus: 'shows menus that it redraws',
  numbers: 'offers numbered choices, and only appends text',
  plain: 'prints text and asks nothing',
} as const

function examineForm(around: Surroundings): Finding {
  const { form, why } = explainForm(around)
  return ok('form', `npm run chapter ${formMeaning[form]}, because ${why}`)
}

/** Switches raw mode on and off, and reads the terminal's modes before, during and after. */
function examineRawMode(platform: NodeJS.Platform, scope: Pick<Scope, 'hold'>): Finding[] {
  const about = 'raw mode'
  if (!isatty(0)) return [skipped(about, 'standard input is not a terminal')]
  const before = readTerminalModes()
  if (!before && platform !== 'win32') {
    return [problem(about, 'stty does not run', { failure: 'no-stty' })]
  }
  const modes = readModes()
  const held = scope.hold('raw mode', modes, () => setModes(modes))
  setModes(...switchedOff.map((flag) => `-${flag}`))
  const during = readTerminalModes()
  const isRaw = during ? missingFlags(during.flags).length === 0 : process.stdin.isRaw
  // Giving it back waits for nothing, so it is done when this returns.
  void held.release()
  const after = readTerminalModes()

  const findings: Finding[] = []
  if (!isRaw) {
    const missing = during ? `: still ${missingFlags(during.flags).join(' ')}` : ''
    const saw = `it was switched on, but is off${missing}`
    findings.push(problem(about, saw, { failure: 'raw-mode-refused' }))
  }
  if (before?.saved !== after?.saved) {
    const saw = 'afterwards the modes differ from those before'
    findings.push(problem(about, saw, { failure: 'terminal-not-restored' }))
  }
  if (findings.length > 0) return findings
  const changed = Object.keys(before?.flags ?? {}).filter(
    (flag) => before?.flags[flag] !== during?.flags[flag],
  )
  const seen = changed.length > 0 ? ` (${changed.join(' ')} changed)` : ''
  return [ok(about, `on${seen}, off again, and every mode is as before`)]
}

/** The flags that are still on. */
function missingFlags(flags: Readonly<Record<string, boolean>>): string[] {
  return switchedOff.filter((flag) => flags[flag])
}
