/**
 * Drops the detach keys and stays.
 *
 * Verdict: were typed and the session went on
 */

import { pour } from '../../../../src/stream/source.ts'
import { createDetachSearch, detachKeysOf } from '../../../../src/terminal/detach-keys.ts'
import { type InputEnd, withInputLoop } from '../../with-input-loop.ts'

export const copyLoops = withInputLoop(async (raw, { engine }, input) => {
  const { socket, halfClose } = raw.wire.value
  if (!input) {
    halfClose()
    return 'end'
  }
  const search = raw.tty ? createDetachSearch(detachKeysOf(raw, engine)) : undefined
  return new Promise<InputEnd>((resolve) => {
    const over = input.read((chunk) => {
      const { pass } = search?.(chunk) ?? { pass: [chunk] }
      return pour(pass, socket, () => input.resume())
    })
    void over.then(() => {
      halfClose()
      resolve('end')
    })
  })
})
