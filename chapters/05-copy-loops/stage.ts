/**
 * # 5 Copy loops: what flows, and when is it over?
 *
 * We have a connection to the command, and a terminal that passes every key
 * on. A session is two loops on top of that. One copies the daemon's output
 * to our stdout and stderr. The other copies our keys to the daemon. They run
 * at the same time, and neither waits for the other.
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
 *   daemon ────┤ tty: unchanged                     ├──── stdout
 *     │        │ no tty: unpacks stdcopy frames     ├──── stderr
 *     │        └────────────────────────────────────┘
 *     │        ┌──────────── input loop ────────────┐
 *     └────────┤ tty: drops the detach keys         ├──── stdin
 *              │ at EOF: half-close                 │
 *              └────────────────────────────────────┘
 * ```
 *
 * ## The bytes
 *
 * Under a tty stdout and stderr are one stream, because for the command both
 * are the same pseudo-terminal. Without a tty they arrive in frames. This is
 * `sh -c 'echo out; echo err >&2'`:
 *
 * ```text
 *   01 00 00 00 00 00 00 04  6f 75 74 0a      stdout, 4 bytes, "out\n"
 *   02 00 00 00 00 00 00 04  65 72 72 0a      stderr, 4 bytes, "err\n"
 * ```
 *
 * A header is one byte for the stream, three zeros, and four bytes for the
 * length. Then comes the payload. Stream 3 carries an error message from the
 * daemon itself and ends the copy. `src/stream/frames.ts` unpacks the frames.
 * What we send has no frames, with or without a tty, because there is only
 * one stdin.
 * <!-- claims: error-stream 3, input-has-no-frames -->
 *
 * ## When is it over?
 *
 * - **The output ends.** Usually the command is over. We stop too, even if
 *   stdin is still open: after `exit` you shouldn't have to press one more
 *   key.
 * - **The input ends.** We half-close, so the daemon knows, and wait until
 *   the output ends. Without a tty the command gets EOF: only now can `sort`
 *   start to print. Under a tty Docker's daemon takes the half-close for the
 *   end of the session, and the rest of the output is lost. But in raw mode
 *   Ctrl-D is a byte, so the input ends only when your terminal hangs up.
 * - **You press the detach keys.** Our input loop looks for them, ctrl-p
 *   ctrl-q, and never sends them. The session is over at once, and the
 *   command keeps running. It doesn't get EOF, because under a tty the end of
 *   our connection doesn't end the command's input.
 *
 * Without `-i` there is no input at all, so the half-close is the first thing
 * we do. Docker's daemon has attached no stdin then and ignores it, even
 * under a tty.
 * <!-- claims: half-close-comes-first -->
 *
 * ## Why a promise in the state
 *
 * This stage returns while the session is still going on, because chapter 6
 * has to set the window size of a live session. So it passes on a promise
 * that resolves to how the session ended. The promise never rejects: an error
 * is just another ending, and chapter 7 handles every kind.
 *
 * ## What to watch
 *
 * Run `npm run chapter 5`, type `ls` and then `exit`. Afterwards the workbook
 * shows the bytes of that session. Then try a pipe:
 * `echo hello | npm run chapter 5 box cat`. If stdin isn't a terminal, the
 * workbook asks for no tty, so the output arrives in frames.
 *
 * ## How to get out
 *
 * Type `exit`, or press Ctrl-D, or press the detach keys.
 *
 * ## What docker does that this leaves out
 *
 * Nothing, but it gets there differently. Go's copy reads into one buffer and
 * writes it out before it reads again, so it can't run ahead of a slow
 * reader. Node keeps reading unless we tell it to pause. So our loops pause
 * the socket or stdin until the last write is out.
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
  /** The daemon ended its side, usually because the command is over. */
  | { readonly by: 'daemon' }
  /** The learner typed the detach keys. */
  | { readonly by: 'detach keys' }
  /**
   * The connection broke, a frame was invalid, the daemon sent an error, or
   * a write to stdout or stderr failed.
   */
  | { readonly by: 'error'; readonly error: Error }

/** What chapter 5 passes on. */
export type Copying = Raw & {
  /** Resolves when the session is over, and never rejects. */
  readonly ended: Promise<Ending>
}

/** Chapter 5: starts both loops and passes on how the session will end. */
export const copyLoops: Stage<Raw, Copying> = {
  name: 'copy loops',
  title: 'copies what the command writes to us, and what we type to it',
  question: 'What flows, and when is it over?',

  async run(raw, kit) {
    const input = raw.interactive ? kit.terminal.openInput() : undefined
    if (input) kit.scope.hold('standard input', input, () => input.close())

    const output = copyOutput(raw, kit)
    const inputEnd = copyInput(raw, kit, input)
    const ended = Promise.race([
      output,
      inputEnd.then(async (end): Promise<Ending> => {
        // The input is over, so we can restore the terminal.
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
 * The output loop. It writes each chunk out before it reads the next, because
 * the next read reuses the chunk's memory. Waiting also means that output
 * doesn't pile up in memory when its reader is slow.
 *
 * @returns a promise of how the session ended; it never rejects
 */
export async function copyOutput(
  { wire, early, framing }: Raw,
  { terminal }: Kit,
): Promise<Ending> {
  const { output, errors } = terminal
  const socket = wire.value

  // While a write is pending, the socket must not reuse the chunk's memory.
  let pendingWrites = 0
  function write(chunks: readonly Uint8Array[], into: OutputStream): void {
    // A failed write ends the session, so skip the other stream too.
    if (output.errored || errors.errored) return
    const sink = into === 'stdout' ? output : errors
    const flushed = (): void => {
      pendingWrites -= 1
      if (pendingWrites === 0) socket.resume()
    }
    if (!writeChunks(chunks, sink, flushed)) pendingWrites += 1
  }

  const copy =
    framing === 'raw' ? (chunk: Uint8Array) => write([chunk], 'stdout') : unpackFrames(write)

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
      return pendingWrites === 0
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
 * Unpacks frames. Consecutive payloads of one stream go out in one write,
 * because a program that writes byte by byte can produce hundreds of frames
 * in one read. When the stream changes we write what we have first. So if
 * stdout and stderr are the same file, they keep the order in which they
 * arrived.
 */
function unpackFrames(
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
      // Even if a frame is invalid: the payloads before it are still output.
      writeCollected()
    }
  }
}

/**
 * The input loop. At EOF we have to half-close: the daemon can't see the end
 * of our stdin, and without a half-close `cat` would wait forever.
 *
 * @returns a promise of how the input ended
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
    // The half-close shuts down our direction, with a FIN on TCP. The output
    // loop keeps reading.
    void ended.then(() => {
      socket.end()
      resolve('end')
    })
  })
}

/** Resolves when everything written so far is out, or the stream is gone. */
function allWritten(sink: Kit['terminal']['output']): Promise<void> {
  if (sink.writableLength === 0 || sink.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    sink.write('', () => resolve())
  })
}

/** `write /dev/stdout: no space left on device` */
function cannotWrite(name: 'stdout' | 'stderr', error: Error): Failure {
  return new Failure(`write /dev/${name}: ${systemErrorText(error)}`)
}
