/**
 * The picture of the connections shows only what the daemon has confirmed.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { connectionsAt } from '../../src/show/picture.ts'
import { momentsOf } from '../../src/tape/moments.ts'
import { answer, request, stage, tapeOf } from '../support/tape-parts.ts'

test.each([
  ['the size that the daemon accepted', 200, '24x80'],
  ['no size if the daemon refused it', 500, ''],
])('shows %s', (_, status, shown) => {
  const resize = request(1, 'POST', '/v1.41/exec/abc/resize?h=24&w=80')
  const tape = tapeOf(stage(6, { tty: true }, { tty: true }, [resize, answer(1, status, '')]))
  expect(connectionsAt(momentsOf(tape.events)).ttyNote).toBe(shown)
})
