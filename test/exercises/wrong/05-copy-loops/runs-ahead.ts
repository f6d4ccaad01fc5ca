/**
 * Reads on, whatever the socket says.
 *
 * Verdict: you read on while the daemon had not taken what you wrote
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
      if (detached) resolve('detach keys')
      pour(pass, socket, () => input.resume())
      return true
    })
    void over.then(() => {
      halfClose()
      resolve('end')
    })
  })
})
