import { describe, expect, test } from 'vitest'
import { createScope } from '../../src/course/scope.ts'
import { examineTerminal, type Surroundings } from '../../src/doctor/check-terminal.ts'
import { keepingWatcher } from './watcher.ts'

const screen = { isTTY: true, columns: 80, rows: 24 }

/** What is said of surroundings; whether raw mode works is shown in a real terminal elsewhere. */
function examined(changes: Partial<Surroundings> = {}) {
  const watcher = keepingWatcher()
  const around = {
    environment: { TERM: 'xterm-256color' },
    platform: 'linux',
    input: { isTTY: true },
    output: screen,
    ...changes,
  } as const
  examineTerminal(around, createScope(), watcher)
  return watcher.about
}

describe('the terminal', () => {
  test('is ok where both streams are one, with a size and colours', () => {
    const about = examined()
    for (const thing of ['streams', 'kind', 'size', 'form']) {
      expect(about(thing)).toMatchObject({ status: 'ok' })
    }
    expect(about('kind')?.saw).toBe('TERM is xterm-256color; colours are shown')
    expect(about('form')?.saw).toContain('menus that are drawn')
  })

  test.each([
    [{ ...screen, columns: 0 }, 'problem', '0 columns, 24 rows'],
    [{ ...screen, rows: 0 }, 'problem', '80 columns, 0 rows'],
    [{ ...screen, columns: 39 }, 'note', '39 columns, 24 rows; below 40 columns lines are cut'],
    [{ ...screen, columns: 40 }, 'ok', '40 columns, 24 rows'],
    [{}, 'skipped', 'there is no window on standard output'],
  ])('%j: %s', (output, status, saw) => {
    expect(examined({ output })('size')).toMatchObject({ status, saw })
  })

  test.each([
    [{ CI: 'true' }, 'text without questions, because CI is set'],
    [{ ACCESSIBLE: '1' }, 'only appended, because ACCESSIBLE is set'],
    [{ TERM: 'dumb' }, 'only appended, because TERM is dumb'],
  ])('%j decides about the form, and it is said', (environment, saw) => {
    expect(examined({ environment })('form')?.saw).toContain(saw)
  })

  test.each([
    [{ TERM: 'xterm', NO_COLOR: '1' }, 'no colours: NO_COLOR is set'],
    [{ TERM: 'dumb' }, 'no colours: TERM says that it can show none'],
  ])('%j: %s', (environment, saw) => {
    expect(examined({ environment })('kind')?.saw).toContain(saw)
  })

  test('mintty is known by its shell, and by standard input that is a pipe', () => {
    const environment = { TERM: 'xterm', MSYSTEM: 'MINGW64' }
    const about = examined({ environment, platform: 'win32', input: {} })
    expect(about('streams')).toMatchObject({ status: 'problem', failure: 'mintty' })
  })

  test('an unusual name of a terminal is not shared', () => {
    const about = examined({ environment: { TERM: 'anns-own' } })
    expect(about('kind')).toMatchObject({ saw: 'TERM is anns-own; colours are shown' })
    expect(about('kind')?.shared).not.toContain('anns-own')
  })
})
