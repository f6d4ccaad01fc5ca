/**
 * Says nothing where nothing is attached.
 *
 * Verdict: the half-close is the first thing that we send
 */

import { pour } from '../../../../src/stream/source.ts'
import { type InputEnd, withInputLoop } from '../../with-input-loop.ts'

export const copyLoops = withInputLoop(async (raw, _kit, input) => {
  const { socket, halfClose } = raw.wire.value
  if (!input) return 'end'
  return new Promise<InputEnd>((resolve) => {
    const over = input.read((chunk) => {
      return pour([chunk], socket, () => input.resume())
    })
    void over.then(() => {
      halfClose()
      resolve('end')
    })
  })
})
