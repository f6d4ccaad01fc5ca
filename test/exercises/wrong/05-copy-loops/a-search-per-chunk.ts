/**
 * Begins the search anew with every chunk.
 *
 * Verdict: it has to be the same search for every chunk
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
  const search = (chunk: Uint8Array) =>
    raw.tty
      ? createDetachSearch(detachKeysOf(raw, engine))(chunk)
      : { pass: [chunk], detached: false }
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
