import { describe, expect, test } from 'vitest'
import { createScope } from '../../src/course/scope.ts'
import { examineTerminal, type Surroundings } from '../../src/doctor/check-terminal.ts'

const screen = { isTTY: true, columns: 80, rows: 24 }

/**
 * Returns the finding about a topic. Raw mode is tested in a real terminal
 * elsewhere.
 */
function examined(changes: Partial<Surroundings> = {}) {
  const around = {
    environment: { TERM: 'xterm-256color' },
    platform: 'linux',
    input: { isTTY: true },
    output: screen,
    ...changes,
  } as const
  const findings = examineTerminal(around, createScope())
  return (thing: string) => findings.find(({ about }) => about === thing)
}

describe('the terminal', () => {
  test('is ok if both streams are terminals with a size and colours', () => {
    const about = examined()
    for (const thing of ['streams', 'type', 'size', 'interface']) {
      expect(about(thing)).toMatchObject({ status: 'ok' })
    }
    expect(about('type')?.observed).toBe('TERM is xterm-256color; colours are shown')
    expect(about('interface')?.observed).toContain('menus that it redraws')
  })

  test.each([
    [{ ...screen, columns: 0 }, 'problem', '0 columns, 24 rows'],
    [{ ...screen, rows: 0 }, 'problem', '80 columns, 0 rows'],
    [{ ...screen, columns: 39 }, 'note', '39 columns, 24 rows; lines are cut off below 40 columns'],
    [{ ...screen, columns: 40 }, 'ok', '40 columns, 24 rows'],
    [{}, 'skipped', 'standard output has no window'],
  ])('the size of %j is reported as %s', (output, status, observed) => {
    expect(examined({ output })('size')).toMatchObject({ status, observed })
  })

  test.each([
    [{ CI: 'true' }, 'asks nothing, because CI is set'],
    [{ ACCESSIBLE: '1' }, 'only appends text, because ACCESSIBLE is set'],
    [{ TERM: 'dumb' }, 'only appends text, because TERM is dumb'],
  ])('is shown in the form that %j asks for', (environment, observed) => {
    expect(examined({ environment })('interface')?.observed).toContain(observed)
  })

  test.each([
    [{ TERM: 'xterm', NO_COLOR: '1' }, 'no colours: NO_COLOR is set'],
    [{ TERM: 'dumb' }, 'no colours: TERM is dumb'],
  ])('the kind with %j is: %s', (environment, observed) => {
    expect(examined({ environment })('type')?.observed).toContain(observed)
  })

  test('is mintty if the shell is MSYS and standard input is a pipe', () => {
    const environment = { TERM: 'xterm', MSYSTEM: 'MINGW64' }
    const about = examined({ environment, platform: 'win32', input: {} })
    expect(about('streams')).toMatchObject({ status: 'problem', failure: 'mintty' })
  })

  test('does not reveal an unusual TERM', () => {
    const about = examined({ environment: { TERM: 'anns-own' } })
    expect(about('type')).toMatchObject({ observed: 'TERM is anns-own; colours are shown' })
    expect(about('type')?.shared).not.toContain('anns-own')
  })
})
