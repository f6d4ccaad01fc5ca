import { describe, expect, test } from 'vitest'
import { castOf } from '../../src/export/cast.ts'
import type { Tape } from '../../src/tape/event.ts'
import { framed, received, tapeOf, typed } from '../support/tape-parts.ts'
import { pipeTape, terminalTape } from '../support/tapes.ts'

type Line = readonly [seconds: number, kind: string, text: string]

/**
 * Reads a cast like a player: every line is JSON, the first is the header.
 */
function play(tape: Tape): { header: Record<string, unknown>; lines: Line[] } {
  const cast = castOf(tape)
  expect(cast.endsWith('\n')).toBe(true)
  const [header, ...lines] = cast
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  return { header, lines }
}

function textOf(lines: readonly Line[], kind: string): string {
  return lines.map(([, of, text]) => (of === kind ? text : '')).join('')
}

describe('a cast', () => {
  test('begins with its version, the window size and the time of the run', () => {
    expect(play(terminalTape()).header).toEqual({
      version: 2,
      width: 80,
      height: 24,
      timestamp: 1772615702,
      title: 'docker exec, chapters 1 to 7, with Docker 28.5.2',
    })
  })

  test('has the default size without a window', () => {
    expect(play(pipeTape()).header).toMatchObject({ width: 80, height: 24 })
  })

  test('has the session’s output with times that never decrease', () => {
    const { lines } = play(terminalTape())
    expect(textOf(lines, 'o')).toContain('# ls\r\n\x1b[1;34mbin')
    expect(textOf(lines, 'o')).toContain('# exit 5\r\n')
    const seconds = lines.map(([at]) => at)
    expect(seconds).toEqual([...seconds].sort((one, other) => one - other))
    expect(seconds.at(-1)).toBeCloseTo(0.4088)
  })

  test('has increasing times even if the tape’s clock went back', () => {
    const { head, events } = terminalTape()
    const shaken = events.map((event, place) => ({ ...event, at: place % 2 === 0 ? 500 : 20 }))
    const seconds = play({ head, events: shaken }).lines.map(([at]) => at)
    expect(new Set(seconds)).toEqual(new Set([0.5]))
  })

  test('has a marker for each stage and for the end', () => {
    const markers = play(terminalTape()).lines.filter(([, kind]) => kind === 'm')
    expect(markers.map(([, , text]) => text)).toEqual([
      '1 create',
      '2 start',
      '3 hijack',
      '4 raw mode',
      '5 copy loops',
      '6 resize',
      '7 exit code',
      'over: exit code 5',
    ])
  })

  test('has each resize, columns first, and the initial size only in the header', () => {
    const sizes = play(terminalTape()).lines.filter(([, kind]) => kind === 'r')
    expect(sizes.map(([, , text]) => text)).toEqual(['120x40'])
  })

  test('has typed input only if the tape was asked to keep it', () => {
    expect(textOf(play(terminalTape()).lines, 'i')).toBe('ls\rexit 5\r')
    expect(textOf(play(terminalTape({ keepTyped: false })).lines, 'i')).toBe('')
    // Even if the bytes are on the tape.
    expect(textOf(play(tapeOf([typed('secret')], { typed: false })).lines, 'i')).toBe('')
  })

  test('has no input from a pipe, because it was not typed', () => {
    const { head, events } = pipeTape()
    expect(textOf(play({ head: { ...head, typed: true }, events }).lines, 'i')).toBe('')
  })

  test('joins a character whose bytes were split', () => {
    const bytes = Buffer.from('é日本🙂')
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const halves = [received(bytes.subarray(0, cut)), received(bytes.subarray(cut))]
      expect(textOf(play(tapeOf(halves)).lines, 'o'), `split after ${cut}`).toBe('é日本🙂')
    }
  })

  test('shows an incomplete character as a replacement', () => {
    const half = received(Buffer.from('é').subarray(0, 1))
    const tape = tapeOf([half, { kind: 'over', exitCode: 0 }])
    expect(textOf(play(tape).lines, 'o')).toBe('\ufffd')
  })
})

describe('a cast of a session without a tty', () => {
  const said = 'hello\r\nls: nowhere: No such file or directory\r\nbin\r\ncafé\r\n'

  test('has the payloads without headers and with CRLF line ends', () => {
    expect(textOf(play(pipeTape()).lines, 'o')).toBe(said)
  })

  test('decodes stdout and stderr separately', () => {
    const letter = Buffer.from('é')
    const [first, second] = [letter.subarray(0, 1), letter.subarray(1)]
    const output = framed([
      ['stdout', first],
      ['stderr', first],
      ['stdout', second],
      ['stderr', second],
    ])
    const tape = tapeOf([{ kind: 'upgrade', framing: 'stdcopy' }, ...output])
    expect(textOf(play(tape).lines, 'o')).toBe('éé')
  })

  test('is the same for any split of the bytes', () => {
    const output = [['stdout', 'one\n'] as const, ['stderr', 'zwö\n'] as const]
    for (let cut = 1; cut < 24; cut += 1) {
      const events = [{ kind: 'upgrade', framing: 'stdcopy' } as const, ...framed(output, [cut])]
      expect(textOf(play(tapeOf(events)).lines, 'o'), `split after ${cut}`).toBe('one\r\nzwö\r\n')
    }
  })

  test('ends with the error that the daemon sent in the stream', () => {
    const tape = tapeOf([
      { kind: 'upgrade', framing: 'stdcopy' },
      ...framed([
        ['stdout', 'a'],
        ['systemError', 'disk full'],
      ]),
      { kind: 'over', exitCode: null, failure: 'error from daemon in stream: disk full' },
    ])
    const { lines } = play(tape)
    expect(textOf(lines, 'o')).toBe('aerror from daemon in stream: disk full\r\n')
    expect(lines.at(-1)?.[2]).toBe('over')
  })

  test('marks bytes that were counted but not recorded', () => {
    const tape = tapeOf([received('kept'), { kind: 'received', length: 9000 }])
    const { lines } = play(tape)
    expect(lines.map(([, kind, text]) => [kind, text])).toEqual([
      ['o', 'kept'],
      ['m', '9000 bytes not recorded'],
    ])
  })
})
