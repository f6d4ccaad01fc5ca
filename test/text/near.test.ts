import { expect, test } from 'vitest'
import { nearNames } from '../../src/text/near.ts'

const names = ['cooked-ctrl-c', 'half-asked', 'early-input', 'started-twice']

test.each([
  ['ctrl-c-cooked', ['cooked-ctrl-c']],
  ['startd-twice', ['started-twice']],
  ['early', ['early-input']],
  ['erly-input', ['early-input']],
  ['eraly-inptu', ['early-input']],
  ['nope', []],
  ['nosuch', []],
])('%s matches %j', (word, near) => {
  expect(nearNames(word, names)).toEqual(near)
})
