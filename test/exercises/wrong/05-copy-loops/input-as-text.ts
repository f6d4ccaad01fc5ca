/**
 * Reads the input as text.
 *
 * Verdict: Input is bytes, and not text
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
      const text = Buffer.from(chunk).toString()
      return pour([Buffer.from(text)], socket, () => input.resume())
    })
    void over.then(() => {
      halfClose()
      resolve('end')
    })
  })
})
