/**
 * Believes that the daemon sees the end of our input by itself.
 *
 * Verdict: you did not half-close
 */

import { pour } from '../../../../src/stream/source.ts'
import { type InputEnd, withInputLoop } from '../../with-input-loop.ts'

export const copyLoops = withInputLoop(async (raw, _kit, input) => {
  const { socket, halfClose } = raw.wire.value
  if (!input) {
    halfClose()
    return 'end'
  }
  return new Promise<InputEnd>((resolve) => {
    const over = input.read((chunk) => {
      return pour([chunk], socket, () => input.resume())
    })
    void over.then(() => {
      resolve('end')
    })
  })
})
