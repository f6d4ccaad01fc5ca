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
  test('come from files first, then from the command line', () => {
    const file = envFile('A=file\nB=file\n')
    expect(readVariables([file], ['A=line'], {})).toEqual(['A=file', 'B=file', 'A=line'])
  })

  test('without a value take it from our environment', () => {
    expect(readVariables([], ['HOME', 'EMPTY'], { HOME: '/h', EMPTY: '' })).toEqual([
      'HOME=/h',
      'EMPTY=',
    ])
  })

  test('that are not set here are dropped from a file but passed on from --env', () => {
    expect(readVariables([envFile('NOPE\n')], ['NEITHER'], {})).toEqual(['NEITHER'])
  })

  test('may be indented in a file, which may have comments, a BOM and CRLF', () => {
    const file = envFile('\ufeffA=1\r\n# comment\n\n  B=2 \nC==\n')
    expect(readVariables([file], [], {})).toEqual(['A=1', 'B=2 ', 'C=='])
  })

  test.each([
    ['=x\n', "no variable name on line '=x'"],
    ['A B=x\n', "variable 'A B' contains whitespaces"],
    [Uint8Array.of(65, 61, 255), 'invalid utf8 bytes at line 1: [65 61 255]'],
  ])('are rejected in a file with %j', (content, reason) => {
    expect(() => readVariables([envFile(content)], [], {})).toThrow(reason)
  })

  test('are rejected if the file does not exist', () => {
    expect(() => readVariables(['/nope'], [], {})).toThrow('open /nope: no such file or directory')
  })

  test('are rejected without a name', () => {
    expect(checkVariable('A=b')).toBeUndefined()
    expect(checkVariable('=b')).toBe('invalid environment variable: =b')
    expect(checkVariable('')).toBe('invalid environment variable: ')
  })
})
