/**
 * How a source file is shown: line numbers, colours, comments in a narrow
 * window.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { codeRows } from '../../src/show/code-lines.ts'
import { plainStyle } from '../../src/text/style.ts'
import { widthOf } from '../../src/text/width.ts'

const code = `/**
 * The daemon has said 101 and has stopped
 * speaking HTTP. Our side must stop too.
 *
 *   before    after
 */
const status = 101 // agreed
return '101'`

function textsIn(width: number): string[] {
  return codeRows(code, width, plainStyle).map(({ text }) => text)
}

describe('a source file', () => {
  test('has line numbers and is otherwise unchanged if there is room', () => {
    expect(textsIn(60)).toEqual(code.split('\n').map((line, at) => `${at + 1} ${line}`))
  })

  test('has its comments rewrapped without single words on a line', () => {
    expect(textsIn(36).slice(1, 5)).toEqual([
      '2  * The daemon has said 101 and has',
      '   * stopped speaking HTTP. Our side',
      '   * must stop too.',
      '4  *',
    ])
    expect(Math.max(...textsIn(36).map(widthOf))).toBeLessThanOrEqual(36)
  })

  test('has colours for comments, literals and keywords', () => {
    const style = {
      ...plainStyle,
      dim: (text: string) => `<c>${text}`,
      literal: (text: string) => `<l>${text}`,
      keyword: (text: string) => `<k>${text}`,
    }
    const rows = codeRows(code, 80, style).map(({ text }) => text)
    expect(rows.at(-2)).toBe('<c>7 <k>const status = <l>101 <c>// agreed')
    expect(rows.at(-1)).toBe("<c>8 <k>return <l>'101'")
  })

  test('keeps the line number for its continuation rows', () => {
    const rows = codeRows(`const long = [${'1, '.repeat(20)}]`, 40, plainStyle)
    expect(rows.map(({ number }) => number)).toEqual([1, 1])
  })
})
