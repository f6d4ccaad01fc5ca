/**
 * Sends the detach keys on, and leaves then.
 *
 * Verdict: the daemon got the detach keys
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
      if (search?.(chunk).detached) resolve('detach keys')
      return pour([chunk], socket, () => input.resume())
    })
    void over.then(() => {
      halfClose()
      resolve('end')
    })
  })
})
