/**
 * The practice daemon's container in the list.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { upText } from '../../src/practice/container.ts'

test.each([
  [0, 'Up Less than a second'],
  [1, 'Up 1 second'],
  [17, 'Up 17 seconds'],
  [90, 'Up About a minute'],
  [150, 'Up 2 minutes'],
  [3600, 'Up About an hour'],
  [7300, 'Up 2 hours'],
])('after %i seconds docker ps says %j', (seconds, text) => {
  expect(upText(seconds)).toBe(text)
})
