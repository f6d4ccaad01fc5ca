/**
 * The page of a long session: it stays small and loses no byte.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { createFieldJoiner } from '../../src/export/page/joined-fields.ts'
import { fieldsIn } from '../../src/tape/fields.ts'
import { framed, received, tapeOf } from '../support/tape-parts.ts'

const bytesOf = (fields: readonly { readonly bytes: Uint8Array }[]): Buffer =>
  Buffer.concat(fields.map(({ bytes }) => bytes))

test('shows the first fields as they are and joins the later ones', () => {
  const { events } = tapeOf([
    { kind: 'upgrade', framing: 'raw' },
    received('\r\n'.repeat(100)),
    received('\r\n'.repeat(1000)),
  ])
  const join = createFieldJoiner()
  const [, first = [], second = []] = fieldsIn(events)
  expect(join(first)).toEqual(first)
  const shown = join(second)
  expect(shown.length).toBeLessThan(second.length / 3)
  expect(bytesOf(shown)).toEqual(bytesOf(second))
  expect(shown.at(-1)?.meaning).toContain('carriage return, line feed')
})

test('keeps the headers of frames apart from their payload', () => {
  const lines = Array.from({ length: 300 }, () => ['stdout', 'hello\n'] as const)
  const { events } = tapeOf([{ kind: 'upgrade', framing: 'stdcopy' }, ...framed(lines)])
  const [, all = []] = fieldsIn(events)
  const shown = createFieldJoiner()(all)
  expect(bytesOf(shown)).toEqual(bytesOf(all))
  expect(shown.slice(-2).map(({ rule }) => rule)).toEqual(['frame header', 'frame payload'])
  expect(shown.at(-2)?.meaning).toContain('6 bytes of payload follow.')
})

test('splits a very long field, so that each byte is shown', () => {
  const { events } = tapeOf([{ kind: 'upgrade', framing: 'raw' }, received('x'.repeat(1000))])
  const [, all = []] = fieldsIn(events)
  const shown = createFieldJoiner()(all)
  expect(shown.length).toBeGreaterThan(5)
  expect(bytesOf(shown)).toEqual(bytesOf(all))
})
