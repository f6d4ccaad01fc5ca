/**
 * Closes the connection when there is nothing more to send.
 *
 * Verdict: you cut the connection in both directions
 */

import type { Raw } from '../../../../chapters/04-raw-mode.ts'
import {
  type Copying,
  copyOutput,
  type Ending,
  copyLoops as reference,
} from '../../../../chapters/05-copy-loops.ts'
import { pour } from '../../../../src/source.ts'
import type { Stage } from '../../../../src/stage.ts'
import { createDetachSearch, detachKeysOf } from '../../../../src/terminal/detach-keys.ts'

export const copyLoops: Stage<Raw, Copying> = {
  ...reference,

  async run(raw, kit) {
    const input = raw.interactive ? kit.terminal.openInput() : undefined
    if (input) kit.scope.hold('standard input', input, () => input.close())
    const { socket, halfClose } = raw.wire.value
    const output = copyOutput(raw, kit)
    const search = raw.tty ? createDetachSearch(detachKeysOf(raw, kit.engine)) : undefined
    const typed = new Promise<'end' | 'detach keys'>((resolve) => {
      if (!input) {
        halfClose()
        resolve('end')
        return
      }
      const over = input.read((chunk) => {
        if (!search) return pour([chunk], socket, () => input.resume())
        const { pass, detached } = search(chunk)
        if (detached) resolve('detach keys')
        return pour(pass, socket, () => input.resume())
      })
      void over.then(() => {
        socket.destroy()
        resolve('end')
      })
    })
    const over = typed.then((end): Ending | Promise<Ending> =>
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
