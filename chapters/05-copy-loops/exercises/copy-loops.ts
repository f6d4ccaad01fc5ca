/**
 * # Exercise 5: the input loop
 *
 * In: a session with a wire and a terminal that may be raw (`Raw`). The
 * output loop is already written, and so is the code that waits for both
 * loops.
 *
 * Out: a promise that resolves to how the input ended: `end` or
 * `detach keys`.
 *
 * You are done when:
 *
 * - the daemon gets exactly the bytes that were typed
 * - you half-close at the end of the input while the output goes on
 * - without `-i` you half-close at once
 * - under a tty you recognise the detach keys and send none of them
 *
 * @module
 */

import type { Kit } from '../../../src/course/kit.ts'
import type { Stage } from '../../../src/course/stage.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import { writeChunks } from '../../../src/stream/source.ts'
import { createDetachSearch, detachKeysOf } from '../../../src/terminal/detach-keys.ts'
import type { Input } from '../../../src/terminal/input.ts'
import type { Raw } from '../../04-raw-mode/stage.ts'
import { type Copying, copyOutput, type Ending, copyLoops as reference } from '../stage.ts'

/** Chapter 5, with your own input loop. */
export const copyLoops: Stage<Raw, Copying> = {
  ...reference,

  async run(raw, kit) {
    const input = raw.interactive ? kit.terminal.openInput() : undefined
    if (input) kit.scope.hold('standard input', input, () => input.close())

    const output = copyOutput(raw, kit)
    const over = copyInput(raw, kit, input).then(
      (end): Ending | Promise<Ending> => (end === 'detach keys' ? { by: end } : output),
      (error: Error): Ending => ({ by: 'error', error }),
    )
    const ended = Promise.race([output, over]).then(async (ending) => {
      await raw.rawMode?.release()
      input?.close()
      return ending
    })
    return { ...raw, ended }
  },
}

async function copyInput(
  raw: Raw,
  { engine }: Kit,
  input: Input | undefined,
): Promise<'end' | 'detach keys'> {
  // YOUR CODE
  // input.read(take) hands you each chunk and resolves at the end of the
  // input. After the detach keys that end doesn't come, so resolve yourself.
  // writeChunks([chunk], socket, resume) writes a chunk and returns whether
  // all of it is already out. If it isn't, it calls resume later: pass
  // () => input.resume(). Your take has to return the same boolean.
  // The socket is raw.wire.value, and socket.end() is the half-close.
  // createDetachSearch(detachKeysOf(raw, engine)) returns a function that
  // turns a chunk into { pass, detached }. pass is a list of the chunks to
  // send.
  throw notWritten(
    '5 copy-loops',
    raw,
    engine,
    input,
    writeChunks,
    createDetachSearch,
    detachKeysOf,
  )
}
