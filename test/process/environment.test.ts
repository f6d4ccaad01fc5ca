import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkVariable, readVariables } from '../../src/process/environment.ts'

function envFile(content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'workbook-env-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'env')
  writeFileSync(path, content)
  return path
}

describe('variables for the command', () => {
  test('come from files first and from the command line then', () => {
    const file = envFile('A=file\nB=file\n')
    expect(readVariables([file], ['A=line'], {})).toEqual(['A=file', 'B=file', 'A=line'])
  })

  test('without a value take the one that they have here', () => {
    expect(readVariables([], ['HOME', 'EMPTY'], { HOME: '/h', EMPTY: '' })).toEqual([
      'HOME=/h',
      'EMPTY=',
    ])
  })

  test('without a value here are left out of a file, and passed on bare from the command line', () => {
    expect(readVariables([envFile('NOPE\n')], ['NEITHER'], {})).toEqual(['NEITHER'])
  })

  test('in a file may be indented, commented, marked by an editor, and end in CRLF', () => {
    const file = envFile('\ufeffA=1\r\n# comment\n\n  B=2 \nC==\n')
    expect(readVariables([file], [], {})).toEqual(['A=1', 'B=2 ', 'C=='])
  })

  test.each([
    ['=x\n', "no variable name on line '=x'"],
    ['A B=x\n', "variable 'A B' contains whitespaces"],
    [Uint8Array.of(65, 61, 255), 'invalid utf8 bytes at line 1: [65 61 255]'],
  ])('in a file with %j are refused', (content, reason) => {
    expect(() => readVariables([envFile(content)], [], {})).toThrow(reason)
  })

  test('in a file that is missing are refused', () => {
    expect(() => readVariables(['/nope'], [], {})).toThrow('open /nope: no such file or directory')
  })

  test('need a name', () => {
    expect(checkVariable('A=b')).toBeUndefined()
    expect(checkVariable('=b')).toBe('invalid environment variable: =b')
    expect(checkVariable('')).toBe('invalid environment variable: ')
  })
})
