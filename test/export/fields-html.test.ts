/**
 * Bytes shown as fields: every byte and every meaning is on the page.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { fieldsHtml } from '../../src/export/page/fields-html.ts'
import type { Field } from '../../src/tape/fields.ts'

const field = (text: string, name: string, rule = name): Field => ({
  ...{ rule, name, bytes: Buffer.from(text, 'latin1') },
  meaning: `It is the ${name}.`,
})

const head = [
  field('HTTP/1.1', 'version'),
  field(' ', 'space'),
  field('101', 'status'),
  field(' UPGRADED\r\n', 'reason'),
]
const frame = [
  field('\x01', 'stream', 'frame stream'),
  field('\0\0\0', 'zeros', 'frame zeros'),
  field('\0\0\0\x03', 'length', 'frame length'),
  field('hi\n', 'payload'),
]

test('each field is a button that opens its meaning, with ids that begin as asked', () => {
  const { html } = fieldsHtml(frame, { id: 'e7' })
  for (const [at, { meaning }] of frame.entries()) {
    expect(html).toContain(`popovertarget="e7-${at + 1}"`)
    expect(html).toContain(`popover id="e7-${at + 1}"`)
    expect(html.split(meaning)).toHaveLength(3)
  }
})

test('a frame is shown in digits, HTTP as text with its line ends', () => {
  expect(fieldsHtml(frame, { id: 'e' }).html).toContain('00 00 00 03')
  const shown = fieldsHtml(head, { id: 'e' }).html
  expect(shown).toContain('\\r\\n')
  expect(shown).toContain('as-text')
})

test('marked bytes are marked across fields', () => {
  const { html } = fieldsHtml(frame, { id: 'e', mark: { from: 3, to: 6 } })
  const marked = [...html.matchAll(/<mark>.*?<\/mark>/g)].map(([text]) =>
    text.replace(/<[^>]*>/g, '').slice(0, 5),
  )
  expect(marked).toEqual(['00', '00 00'])
})

test('a field without bytes is shown by its name', () => {
  const end: Field = { rule: 'fin', name: 'FIN', bytes: new Uint8Array(), meaning: 'The end.' }
  expect(fieldsHtml([end], { id: 'e' }).html).toContain('>FIN<')
})

test('a very long message is folded, and nothing of it is lost', () => {
  const letters = Array.from({ length: 90 }, (_, at) => field(`part ${at} ....`, `field ${at}`))
  const { html } = fieldsHtml(letters, { id: 'e' })
  expect(html).toContain('more bytes</summary>')
  expect(html.match(/popovertarget/g)).toHaveLength(90)
})
