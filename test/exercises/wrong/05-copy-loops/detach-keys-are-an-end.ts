/**
 * Takes the detach keys for the end of the input.
 *
 * Verdict: you ended the input as if it were over
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
      const { pass, detached } = search?.(chunk) ?? { pass: [chunk], detached: false }
      if (detached) {
        halfClose()
        resolve('end')
      }
      return pour(pass, socket, () => input.resume())
    })
    void over.then(() => {
      halfClose()
      resolve('end')
    })
  })
})
