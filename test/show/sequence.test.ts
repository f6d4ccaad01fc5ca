/**
 * The sequence diagram of a run on the screen.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { purposeLines, sequenceLines } from '../../src/show/sequence.ts'
import { plainStyle, styleFor } from '../../src/text/style.ts'
import { widthOf } from '../../src/text/width.ts'
import { answer, received, request, stage, tapeOf, typed } from '../support/tape-parts.ts'
import { pipeTape, terminalTape } from '../support/tapes.ts'

const page = { width: 80, style: plainStyle }

test('an ordinary run fits into 24 rows with every request and its result', () => {
  const lines = sequenceLines(terminalTape().events, page)
  expect(lines.length).toBeLessThanOrEqual(23)
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80)
  const text = lines.join('\n')
  for (const told of [
    'GET /containers/box/json → 200',
    'POST /containers/box/exec → 201',
    'POST /exec/fc9c11…/start → 101',
    'hijacked: raw bytes both ways',
    /raw mode on: \d+ flags changed/,
    'resize?h=24&w=80 → 200',
    'window size is now 40×120',
    'resize?h=40&w=120 → 200',
    'GET /exec/fc9c11…/json → 200, exit code 5',
    'Terminal settings are the same as before.',
  ]) {
    expect(text).toMatch(told)
  }
})

test('connection 2 has a thick lifeline from the 101 to its end, connection 1 a thin one', () => {
  const lines = sequenceLines(terminalTape().events, page)
  const at = (text: string): string => lines.find((line) => line.includes(text)) ?? ''
  expect(at('→ 101')).toMatch(/◀─+▶│/)
  expect(at('resize?h=24')).toMatch(/◀─+▶│ +║/)
  expect(at('the daemon stops writing')).toMatch(/◀═+/)
  expect(at('bytes sent')).toMatch(/◀═+▶║/)
  expect(at('/json → 200, exit')).not.toMatch(/[║═]/)
})

test('a half-close has one arrowhead and differs from an open connection', () => {
  const lines = sequenceLines(pipeTape().events, page)
  expect(lines.find((line) => line.includes('half-close:'))).toMatch(/═▶╎/)
  expect(lines.at(-1)).toContain('╎ half-closed')
})

test('a session with a hundred resizes is summarized without losing any', () => {
  const sizes = Array.from({ length: 100 }, (_, at) => [
    typed('x'),
    received('x'),
    { kind: 'window' as const, rows: 24, columns: at },
    request(1, 'POST', `/exec/1/resize?h=24&w=${at}`),
    answer(1, 200, 'OK'),
  ])
  const tape = tapeOf([
    request(1, 'GET', '/containers/box/json'),
    ...stage(7, {}, {}, sizes.flat()),
  ])
  const lines = sequenceLines(tape.events, page)
  expect(lines.length).toBeLessThanOrEqual(23)
  const text = lines.join('\n')
  expect(text).toContain('100 bytes sent, 100 bytes received')
  expect(text).toContain('100 times: window size is now 24×99')
  expect(text).toContain('100 times: POST /exec/1/resize?h=24&w=99 → 200')
})

test('a window of 40 columns moves the lifelines together and wraps the text', () => {
  const lines = sequenceLines(terminalTape().events, { width: 40, style: plainStyle })
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(40)
  expect(lines.join('').replaceAll(/[^\w/?=&]/g, '')).toContain('exit')
})

test('the purpose of each request is listed once, in the colour of its connection', () => {
  const lines = purposeLines(terminalTape().events, page)
  const requests = lines.filter((line) => /^[12]→/.test(line))
  expect(requests.map((line) => line.slice(0, 2))).toEqual(['1→', '1→', '2→', '1→', '1→'])
  expect(lines.join('\n')).toContain('resize?h=24&w=80 (2 times)')

  const coloured = styleFor({ isTTY: true }, { TERM: 'xterm' })
  const drawn = sequenceLines(terminalTape().events, { width: 80, style: coloured }).join('\n')
  expect(drawn).toContain('\x1b[33m║')
  expect(drawn).toContain('\x1b[36m│')
})
