/**
 * Looks for detach keys in a file too.
 *
 * Verdict: without a tty 10 11 are data like any other
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
  const search = createDetachSearch(detachKeysOf(raw, engine))
  return new Promise<InputEnd>((resolve) => {
    const over = input.read((chunk) => {
      const { pass, detached } = search(chunk)
      if (detached) resolve('detach keys')
      return pour(pass, socket, () => input.resume())
    })
    void over.then(() => {
      halfClose()
      resolve('end')
    })
  })
})
