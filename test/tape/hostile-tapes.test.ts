/**
 * Tapes from others: names like paths, links that are scripts, keys of the
 * prototype, huge numbers, deep nesting. Each is shown as text, or refused
 * with one sentence, in every form in which a tape can be shown.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { screenSvg } from '../../src/beside/screen-svg.ts'
import { castOf } from '../../src/export/cast.ts'
import { timelineHtml } from '../../src/export/page.ts'
import { comparisonLines } from '../../src/guide/compare.ts'
import { replayJson, replayText } from '../../src/guide/replay.ts'
import { Failure } from '../../src/process/failure.ts'
import { purposeLines, sequenceLines } from '../../src/show/sequence.ts'
import { parseTape, type ReadTape } from '../../src/tape/read.ts'
import { printableValue } from '../../src/text/printable.ts'
import { plainStyle } from '../../src/text/style.ts'

const head = {
  ...{ kind: 'tape', version: 2, made: '2026-03-01T09:30:00.250Z', chapter: 2 },
  ...{ stages: ['create'], daemon: { product: 'Docker', version: '1', apiVersion: '1.41' } },
  typed: true,
}
const begins = { at: 1, kind: 'stage begins', number: 1, name: 'create', title: 't', question: 'q' }
const ended = { at: 4, kind: 'stage ended', number: 1, story: 's', held: [], milliseconds: 1 }
const request = {
  ...{ at: 2, kind: 'request', connection: 1, method: 'POST', path: '/containers/box/exec' },
  ...{ headers: [], body: '' },
}
const answer = {
  ...{ at: 3, kind: 'answer', connection: 1, status: 201, reason: 'Created' },
  ...{ headers: [], body: '' },
}
const over = { at: 9, kind: 'over', exitCode: 0 }

/** Reads a tape of these lines. A text is a line of its own. */
function tapeOf(...lines: readonly (object | string)[]): ReadTape {
  const all = [head, ...lines].map((line) =>
    typeof line === 'string' ? line : JSON.stringify(line),
  )
  return parseTape(`${all.join('\n')}\n`, 'x.tape')
}

const page = { width: 80, style: plainStyle }
const none = { event: undefined, stage: undefined }

/** Returns a tape in every form in which it can be shown. */
async function allForms(tape: ReadTape): Promise<{ terminal: string; page: string; svg: string }> {
  const { events } = printableValue(tape)
  const lines = [
    ...replayText(tape, none, page),
    ...tape.events.flatMap((_, at) => replayText(tape, { event: at + 1, stage: undefined }, page)),
    ...[replayJson(tape, none), castOf(tape)],
    ...[...sequenceLines(events, page), ...purposeLines(events, page)],
    ...comparisonLines(tape, tapeOf(over), ['one', 'other'], page),
  ]
  return { terminal: lines.join('\n'), page: timelineHtml(tape), svg: await screenSvg(tape) }
}

const names = [
  ...['../../x', '/etc/passwd', 'a\0b', 'C:\\x', '\\\\host\\share', '..\\x', 'CON'],
  ...['javascript:alert(1)', 'data:text/html,<script>alert(1)</script>'],
  ...['"><script>alert(1)</script>', '</title><svg onload=alert(1)>', '\ud800', '\u202egnp.exe'],
]

test.each(names)('a tape that calls everything %j shows it as text', async (name) => {
  const forms = await allForms(
    tapeOf(
      { ...begins, name, title: name, question: name, state: { container: name, [name]: name } },
      {
        ...request,
        path: `/${name}`,
        headers: [[name, name]],
        body: JSON.stringify({ Cmd: [name] }),
      },
      { ...answer, reason: name, body: JSON.stringify({ Id: name, [name]: name }) },
      { at: 3, kind: 'held', label: name },
      { ...ended, story: name, held: [name], state: { execId: name } },
      { ...over, failure: name },
    ),
  )
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
  expect(forms.terminal).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/)
  for (const text of [forms.page, forms.svg]) {
    expect(text).not.toMatch(/<svg onload|<script>alert|(href|src)="?\s*(javascript|data):/i)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
    expect(text).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/)
  }
  expect(forms.page.match(/<script/g)).toHaveLength(1)
  expect(forms.svg).not.toContain('<script')
})

test('keys of the prototype change nothing', async () => {
  const keys = '{"__proto__":{"harmed":1},"constructor":{"prototype":{"harmed":1}},"toString":1}'
  await allForms(
    tapeOf(
      `${JSON.stringify({ ...begins, state: 0 }).replace(/0}$/, `${keys}}`)}`,
      { ...request, body: keys },
      { ...answer, body: keys },
      { at: 3, kind: 'terminal', moment: 'before', flags: { toString: true } },
      '{"at":3,"kind":"terminal","moment":"raw","flags":{"__proto__":true,"constructor":false}}',
      `${JSON.stringify({ ...ended, state: 0 }).replace(/0}$/, `${keys}}`)}`,
      over,
    ),
  )
  expect(({} as { harmed?: number }).harmed).toBeUndefined()
  expect(String({})).toBe('[object Object]')
})

test('the largest numbers are shown', async () => {
  const most = Number.MAX_SAFE_INTEGER
  const { page: html } = await allForms(
    tapeOf(
      { ...begins, number: most, state: {} },
      { ...request, chunks: [most, most], body: 'x' },
      { ...answer, status: most, chunks: [most], body: 'x' },
      { at: 4, kind: 'window', rows: most, columns: most },
      { at: 4, kind: 'window', rows: 0, columns: 0 },
      { at: 5, kind: 'upgrade', framing: 'stdcopy' },
      { at: 6, kind: 'received', length: most },
      { at: 6, kind: 'received', length: 12, hex: '01000000ffffffff02000000' },
      { at: 6, kind: 'frame', stream: 255, length: 0xffff_ffff },
      { at: 1e308, kind: 'keep-alive', milliseconds: 1e308 },
      { ...ended, number: most, milliseconds: 1e308, state: {} },
      { ...over, exitCode: -most },
    ),
  )
  expect(html).toContain(String(most))
})

test('events in an impossible order are shown', async () => {
  const state = {}
  await allForms(
    tapeOf(
      ...[over, { ...ended, state }, { at: 6, kind: 'received', length: 1, hex: '01' }],
      ...[{ at: 6, kind: 'frame', stream: 1, length: 3 }, answer, { at: 1, kind: 'half-close' }],
      ...[
        { at: 0, kind: 'released', label: 'x' },
        { at: 0, kind: 'end' },
        { ...begins, state },
      ],
    ),
  )
})

test('a body that is long or deeply nested is shown as text', async () => {
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
  const long = `{"a":"${'<'.repeat(2_000_000)}"}`
  for (const body of [deep, deep.slice(0, 50_000), '['.repeat(50_000), long]) {
    const { page: html } = await allForms(tapeOf({ ...answer, body }, over))
    expect(html).toContain('text body')
  }
})

describe('reading refuses', () => {
  const nested = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
  test.each([
    ['a deeply nested state', JSON.stringify({ ...begins, state: 0 }).replace(/0}$/, `${nested}}`)],
    ['a frame longer than a header can say', { at: 1, kind: 'frame', stream: 1, length: 2 ** 32 }],
    ['a frame of a stream that is no byte', { at: 1, kind: 'frame', stream: 256, length: 1 }],
  ])('%s', (_, line) => {
    expect(() => tapeOf(line, over)).toThrow(
      new Failure('cannot read x.tape: line 2 is not a tape event'),
    )
  })
})

test('ten thousand events take seconds in every form', async () => {
  const many = Array.from({ length: 10_000 }, (_, at) => ({
    at,
    kind: 'received',
    length: 1,
    hex: '61',
  }))
  const tape = tapeOf(...many, over)
  const began = performance.now()
  comparisonLines(tape, tape, ['one', 'other'], page)
  await screenSvg(tape)
  expect(performance.now() - began).toBeLessThan(10_000)
})
