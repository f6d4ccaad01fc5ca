/**
 * Chapter 5 around an input loop, for the wrong ones.
 *
 * @module
 */

import type { Raw } from '../../chapters/04-raw-mode/stage.ts'
import {
  type Copying,
  copyOutput,
  type Ending,
  copyLoops as reference,
} from '../../chapters/05-copy-loops/stage.ts'
import type { Kit } from '../../src/course/kit.ts'
import type { Stage } from '../../src/course/stage.ts'
import type { Input } from '../../src/terminal/input.ts'

/** How the input is over. */
export type InputEnd = 'end' | 'detach keys'

/** A loop that takes what is typed to the daemon. */
type InputLoop = (raw: Raw, kit: Kit, input: Input | undefined) => Promise<InputEnd>

/** The stage with this input loop, and the output loop of the reference. */
export function withInputLoop(copyInput: InputLoop): Stage<Raw, Copying> {
  return {
    ...reference,

    async run(raw, kit) {
      const input = raw.interactive ? kit.terminal.openInput() : undefined
      if (input) kit.scope.hold('standard input', input, () => input.close())
      const output = copyOutput(raw, kit)
      const over = copyInput(raw, kit, input).then((end): Ending | Promise<Ending> =>
        end === 'detach keys' ? { by: end } : output,
      )
      const ended = Promise.race([output, over]).then(async (ending) => {
        await raw.rawMode?.release()
        input?.close()
        return ending
      })
      return { ...raw, ended }
    },
  }
}
