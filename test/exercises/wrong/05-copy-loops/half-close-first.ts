/**
 * Half-closes first, because it has no more to say than what it has.
 *
 * Verdict: behind a half-close nothing more can be written
 */

import { pour } from '../../../../src/stream/source.ts'
import { withInputLoop } from '../../with-input-loop.ts'

export const copyLoops = withInputLoop(async (raw, _kit, input) => {
  const { socket, halfClose } = raw.wire.value
  halfClose()
  await input?.read((chunk) => pour([chunk], socket, () => input.resume()))
  return 'end'
})
