/**
 * The loop with an await, and the way of the socket itself to half-close.
 */

import { pour } from '../../../../src/stream/source.ts'
import { createDetachSearch, detachKeysOf } from '../../../../src/terminal/detach-keys.ts'
import { withInputLoop } from '../../with-input-loop.ts'

export const copyLoops = withInputLoop(async (raw, { engine }, input) => {
  const { socket } = raw.wire.value
  const search = createDetachSearch(detachKeysOf(raw, engine))
  const left = await new Promise<boolean>((resolve) => {
    if (!input) return resolve(false)
    const over = input.read((chunk) => {
      if (!raw.tty) return pour([chunk], socket, input.resume)
      const { pass, detached } = search(chunk)
      if (detached) resolve(true)
      return pour(pass, socket, input.resume)
    })
    void over.then(() => resolve(false))
  })
  if (left) return 'detach keys'
  socket.end()
  return 'end'
})
