/**
 * # 5 Copy loops: what flows, and when is it over?
 *
 * There is a wire, and a terminal that keeps out of the way. What makes a
 * session of them is two loops: one copies what the daemon sends to our
 * stdout and stderr, the other one copies what we type to the daemon. They
 * run at the same time and neither waits for the other.
 *
 * ```text
 *   before                            after
 *   wire        <wire: live>          wire        <wire: live>
 *   rawMode     <raw mode: live>      rawMode     <raw mode: live>
 *                                   + ended       <ended: later>
 * ```
 *
 * ```text
 *              ┌──────────── output loop ───────────┐
 *   daemon ────┤ tty: as it is                       ├──── stdout
 *     │        │ no tty: stdcopy frames, taken apart ├──── stderr
 *     │        └─────────────────────────────────────┘
 *     │        ┌──────────── input loop ─────────────┐
 *     └────────┤ tty: minus the detach keys          ├──── stdin
 *              │ at its end: half-close              │
 *              └─────────────────────────────────────┘
 * ```
 *
 * ## The bytes
 *
 * Under a tty stdout and stderr are one: the terminal in the container has
 * one screen. Without one they come in frames. This is `sh -c 'echo out; echo
 * err >&2'`:
 *
 * ```text
 *   01 00 00 00 00 00 00 04  6f 75 74 0a      stdout, 4 bytes, "out\n"
 *   02 00 00 00 00 00 00 04  65 72 72 0a      stderr, 4 bytes, "err\n"
 * ```
 *
 * Stream 3 is the daemon itself, with an error that ends the copy.
 * `src/stream/frames.ts` takes all of this apart. What we send goes without
 * frames in both cases: there is only one stdin.
 * <!-- claims: error-stream 3, input-has-no-frames -->
 *
 * ## When is it over?
 *
 * - The output ends: the command is over, and so are we, whatever stdin does.
 *   A shell that has exited must not wait for one more key.
 * - The input ends: we say so with a half-close and wait for the rest of the
 *   output. `cat` and `sort` have just begun to answer.
 * - The detach keys: over at once, and the command lives on.
 *
 * Without `-i` the input is over before it began, and the half-close is the
 * first thing we send.
 * <!-- claims: half-close-comes-first -->
 *
 * ## Why a promise in the state
 *
 * This stage ends while the session goes on: chapter 6 has to set the size of
 * a window that is already in use. So it passes on a promise that tells,
 * later, how the session ended. It never rejects: an end by error is an end
 * too, and chapter 7 has something to say about each.
 *
 * ## What to watch
 *
 * `npm run chapter 5`, then `ls`, and `exit`. Behind it the frames or the raw
 * bytes of what you saw. Then a pipe: `echo hello | npm run chapter 5 box
 * cat`.
 *
 * ## How to get out
 *
 * `exit`, or Ctrl-D, or the detach keys ctrl-p ctrl-q.
 *
 * ## What docker does that this leaves out
 *
 * Go's copy reads into one buffer and writes before it reads again, so that
 * it cannot run ahead of a slow reader. Node would; the loops here say no to
 * the next read until the last write is out. That is the same thing by other
 * means, and nothing else is left out.
 *
 * @module
 */

import type { Kit } from '../../src/course/kit.ts'
import type { Stage } from '../../src/course/stage.ts'
import { readSocket } from '../../src/engine/socket.ts'
import { Failure, systemErrorText } from '../../src/process/failure.ts'
import { createDemultiplexer, type OutputStream } from '../../src/stream/frames.ts'
import { writeChunks } from '../../src/stream/source.ts'
import { createDetachSearch, detachKeysOf } from '../../src/terminal/detach-keys.ts'
import type { Input } from '../../src/terminal/input.ts'
import type { Raw } from '../04-raw-mode/stage.ts'

/** How a session ended. */
export type Ending =
  /**
   * The daemon has nothing more to send: usually because the command is over.
   */
  | { readonly by: 'daemon' }
  /** The learner typed the detach keys. */
  | { readonly by: 'detach keys' }
  /**
   * The connection broke, the bytes made no sense, or our output could not be
   * written.
   */
  | { readonly by: 'error'; readonly error: Error }

/** What chapter 5 passes on. */
export type Copying = Raw & {
  /** Resolves when the session is over, and never rejects. */
  readonly ended: Promise<Ending>
}

/** Chapter 5. */
export const copyLoops: Stage<Raw, Copying> = {
  name: 'copy loops',
  title: 'copies what the command writes to us, and what we type to it',
  question: 'What flows, and when is it over?',

  async run(raw, kit) {
    const input = raw.interactive ? kit.terminal.openInput() : undefined
    if (input) kit.scope.hold('standard input', input, () => input.close())

    const output = copyOutput(raw, kit)
    const typed = copyInput(raw, kit, input)
    const ended = Promise.race([
      output,
      typed.then(async (end): Promise<Ending> => {
        // With the end of the input the keys are over, and our terminal can
        // have its mode back.
        await raw.rawMode?.release()
        return end === 'detach keys' ? { by: end } : output
      }),
    ])
    return {
      ...raw,
      ended: ended.then(async (ending) => {
        await raw.rawMode?.release()
        input?.close()
        return ending
      }),
    }
  },
}

/**
 * The output loop. Each chunk is written before the next one is read, because
 * the memory that it lies in is filled again by the next read, and because a
 * reader that is slower than the daemon would otherwise cost us all the
 * memory there is.
 */
export async function copyOutput(
  { wire, early, framing }: Raw,
  { terminal }: Kit,
): Promise<Ending> {
  const { output, errors } = terminal
  const socket = wire.value

  // How many writes are still on their way. With none the chunk's memory is
  // free.
  let unfinished = 0
  function write(chunks: readonly Uint8Array[], into: OutputStream): void {
    // Where one of them cannot be written the session is over, and the other
    // one gets no more.
    if (output.errored || errors.errored) return
    const sink = into === 'stdout' ? output : errors
    const flushed = (): void => {
      unfinished -= 1
      if (unfinished === 0) socket.resume()
    }
    if (!writeChunks(chunks, sink, flushed)) unfinished += 1
  }

  const copy = framing === 'raw' ? (chunk: Uint8Array) => write([chunk], 'stdout') : unframe(write)

  return new Promise((resolve) => {
    const fail = (error: Error): void => resolve({ by: 'error', error })
    output.once('error', (error) => fail(cannotWrite('stdout', error)))
    errors.once('error', (error) => fail(cannotWrite('stderr', error)))

    const take = (chunk: Uint8Array): boolean => {
      try {
        copy(chunk)
      } catch (error) {
        fail(error as Error)
        return false
      }
      return unfinished === 0
    }
    if (early.length > 0) take(early)
    void readSocket(socket, take).then(async (error) => {
      if (error) return fail(new Failure(`lost the connection to the daemon: ${error.message}`))
      await Promise.all([allWritten(output), allWritten(errors)])
      resolve({ by: 'daemon' })
    })
  })
}

/**
 * Takes frames apart. Payloads that follow each other on the same stream go
 * out in one write: a program that writes byte by byte comes as hundreds of
 * frames in one read. When the stream changes, what was collected goes out
 * first, so that stdout and stderr keep their order where both are the same
 * file.
 */
function unframe(
  write: (chunks: readonly Uint8Array[], into: OutputStream) => void,
): (chunk: Uint8Array) => void {
  let collected: Uint8Array[] = []
  let into: OutputStream = 'stdout'
  const feed = createDemultiplexer((target, payload) => {
    if (target !== into) writeCollected()
    into = target
    collected.push(payload)
  })

  function writeCollected(): void {
    const chunks = collected
    collected = []
    if (chunks.length > 0) write(chunks, into)
  }

  return (chunk) => {
    try {
      feed(chunk)
    } finally {
      // Also when a frame makes no sense: what came before it is the
      // command's output.
      writeCollected()
    }
  }
}

/**
 * The input loop. Its end is ours to announce: the daemon cannot know that
 * nothing more will come unless we half-close, and `cat` would wait for ever.
 */
async function copyInput(
  raw: Raw,
  { engine }: Kit,
  input: Input | undefined,
): Promise<'end' | 'detach keys'> {
  const socket = raw.wire.value
  if (!input) {
    socket.end()
    return 'end'
  }
  const search = raw.tty ? createDetachSearch(detachKeysOf(raw, engine)) : undefined
  const resume = (): void => input.resume()

  return new Promise((resolve) => {
    const ended = input.read((chunk) => {
      if (!search) return writeChunks([chunk], socket, resume)
      const { pass, detached } = search(chunk)
      const written = writeChunks(pass, socket, resume)
      if (detached) resolve('detach keys')
      return written
    })
    // The half-close: a FIN. We write no more, and the output loop goes on
    // reading.
    void ended.then(() => {
      socket.end()
      resolve('end')
    })
  })
}

/**
 * Resolves when everything that was written so far has left this process, or
 * never will.
 */
function allWritten(sink: Kit['terminal']['output']): Promise<void> {
  if (sink.writableLength === 0 || sink.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    sink.write('', () => resolve())
  })
}

/** `write /dev/stdout: no space left on device`. */
function cannotWrite(name: 'stdout' | 'stderr', error: Error): Failure {
  return new Failure(`write /dev/${name}: ${systemErrorText(error)}`)
}
