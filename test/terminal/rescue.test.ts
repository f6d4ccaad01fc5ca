import { expect, onTestFinished, test } from 'vitest'
import { openTerminal } from '../support/pty.ts'
import { script } from '../support/scripts.ts'

/** What a program may leave switched on, and the sequence that resets it. */
const damages: [what: string, damage: string, repair: string][] = [
  ['the alternate screen', '\x1b[?1049h', '\x1b[?1049l'],
  ['a hidden cursor', '\x1b[?25l', '\x1b[?25h'],
  ['disabled line wrap', '\x1b[?7l', '\x1b[?7h'],
  ['bracketed paste', '\x1b[?2004h', '\x1b[?2004l'],
  ['mouse reports', '\x1b[?1003h\x1b[?1006h', '\x1b[?1003l'],
  ['focus reports', '\x1b[?1004h', '\x1b[?1004l'],
  ['a scrolling region', '\x1b[5;10r', '\x1b[r'],
  ['origin mode', '\x1b[?6h', '\x1b[?6l'],
  ['line-drawing characters', '\x0e\x1b(0', '\x0f\x1b(B'],
  ['insert mode', '\x1b[4h', '\x1b[4l'],
  ['reverse video', '\x1b[?5h', '\x1b[?5l'],
]

test.skipIf(process.platform === 'win32').each(damages)(
  'rescue resets %s',
  async (_, damage, repair) => {
    const broken = `printf '%s' "$0"; stty raw -echo; exec "$@"`
    const terminal = openTerminal('sh', ['-c', broken, damage, ...script('rescue')])
    onTestFinished(terminal.stop)
    const { code, screen } = await terminal.ended
    expect(code).toBe(0)
    const [, after = ''] = screen.toString().split(damage)
    expect(after).toContain(repair)
    expect(after).toMatch(/\nReset the terminal: its modes/)
  },
)

test.skipIf(process.platform === 'win32')(
  'rescue restores the terminal’s modes, including iutf8 in a UTF-8 locale',
  async () => {
    // A terminal emulator sets iutf8 when it opens the terminal.
    const broken = 'stty sane iutf8; stty -g; stty raw -echo -iutf8; "$@"; stty -g'
    const terminal = openTerminal('sh', ['-c', broken, 'sh', ...script('rescue')], {
      env: { LC_ALL: 'C.UTF-8' },
    })
    onTestFinished(terminal.stop)
    const { screen } = await terminal.ended
    const [before, after] = screen.toString().match(/^[0-9a-f]+(:[0-9a-f]+)+/gm) ?? []
    expect(after).toBe(before)
  },
)

// npm is a Node program: on exit it restores the modes it found, which are
// the broken ones.
test.skipIf(process.platform === 'win32')(
  'the modes set by rescue survive the exit of npm',
  async () => {
    // A moment after npm has exited, they are set for the last time.
    const broken = `stty sane; stty -g; before=$(stty -g); stty raw -echo; npm run rescue
      for try in 1 2 3 4 5 6 7 8 9; do [ "$(stty -g)" = "$before" ] || sleep 0.2; done; stty -g`
    const terminal = openTerminal('sh', ['-c', broken], { env: { LC_ALL: 'C' } })
    onTestFinished(terminal.stop)
    const { screen } = await terminal.ended
    const [before, after] = screen.toString().match(/^[0-9a-f]+(:[0-9a-f]+)+/gm) ?? []
    expect(after).toBe(before)
  },
)
