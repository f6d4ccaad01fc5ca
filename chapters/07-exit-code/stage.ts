/**
 * # 7 Exit code: how did it end?
 *
 * The stream is over. What it does not say is how the command ended: a pipe's end is the same for
 * success, for failure and for a crash. Scripts depend on it (`docker exec db check && deploy`),
 * so there is one more request.
 *
 * ```text
 *   before                            after
 *   ended       <ended: later>        ended       <ended: later>
 *   rawMode     <raw mode: live>      rawMode     <raw mode: released>
 *                                   + exitCode    0
 *                                   + message     ""
 * ```
 *
 * On the wire, on the first connection, which was kept open for this:
 *
 * ```text
 *   → GET /v1.41/exec/fc9c11ae6ac4…/json
 *   ← HTTP/1.1 200 OK
 *     {"ID":"fc9c11ae6ac4…","Running":false,"ExitCode":0,"ProcessConfig":{…},…}
 * ```
 *
 * ## Why a second request
 *
 * The connection of the session has only bytes, and every byte belongs to the command. HTTP has
 * trailers for what is known at the end, but this connection has not been HTTP since chapter 3. So
 * the daemon keeps the exit code with the note of chapter 1, and we ask for it.
 * <!-- claims: code-kept-after-end -->
 *
 * ## Which code means what
 *
 * The command's own code comes through as it is. A command that was killed by signal n has 128 + n:
 * 137 is 9, SIGKILL; 143 is 15, SIGTERM. 126 and 127 come from the daemon's side when the command
 * could not be started at all: its message was in the stream, and the code depends on the daemon.
 * 1 may also be ours: detached, no connection, no such container.
 * <!-- claims: killed 137, terminated 143 -->
 * <!-- claims: not-found-2020 126, not-found-today 127 -->
 *
 * ## When there is no code
 *
 * - The learner detached: the command runs on. `read escape sequence`, and 1.
 *   <!-- claims: detached-message read escape sequence, detached-code 1 -->
 * - The connection broke: nobody knows. docker asks all the same, hears that the command runs, and
 *   exits 0 as if it had succeeded. We say what happened, and exit 1.
 *   <!-- claims: broken-connection-code 1 -->
 * - The daemon is gone: 255, which is what docker makes of -1, but not without a word.
 *   <!-- claims: daemon-gone-code 255 -->
 *
 * ## What to watch
 *
 * `npm run chapter 7`, then `exit 5` in the shell. On the last page the requests stand as the
 * daemon saw them, in the order of the log of 2015 with which `docs/seed.md` begins.
 *
 * ## How to get out
 *
 * As before. The terminal is already back when this stage asks its question.
 *
 * ## What docker does that this leaves out
 *
 * Nothing. This is the end of `docker exec`.
 *
 * @module
 */

import type { Kit } from '../../src/course/kit.ts'
import type { Stage } from '../../src/course/stage.ts'
import { readAnswer } from '../../src/engine/answer.ts'
import { Failure } from '../../src/process/failure.ts'
import type { Resizing } from '../06-resize/stage.ts'

/** What chapter 7 passes on, and the course with it. */
export type Exited = Resizing & {
  /** The command's exit code, or ours where it has none: 1, or 255 without a daemon. */
  readonly exitCode: number
  /** What there is to say about it on stderr. Empty for a command that simply ended. */
  readonly message: string
}

/** What is read from the daemon's note. */
type ExecInspect = { readonly Running: boolean; readonly ExitCode: number | null }

/** How often we ask again whether a command is still running whose output has ended. */
const inspects = 10

/** The first wait before we ask again, in milliseconds. The second is twice as long, and so on. */
const inspectDelay = 10

/** Chapter 7. */
export const exitCode: Stage<Resizing, Exited> = {
  name: 'exit code',
  title: 'waits for the end, gives the terminal back, and asks how it ended',
  question: 'How did it end?',

  async run(resizing, kit) {
    const ending = await resizing.ended
    await resizing.rawMode?.release()
    await resizing.resizes?.release()

    if (ending.by === 'detach keys') {
      return { ...resizing, exitCode: 1, message: 'read escape sequence' }
    }
    if (ending.by === 'error') {
      return { ...resizing, exitCode: 1, message: ending.error.message }
    }
    return { ...resizing, ...(await execExitCode(resizing, kit)) }
  },
}

/**
 * Asks for the exit code. The daemon closes the stream and writes down the code in two steps, and
 * nothing promises their order: where the code is not there yet we ask again for half a second.
 */
export async function execExitCode(
  { execId, container }: Resizing,
  { engine }: Kit,
): Promise<Pick<Exited, 'exitCode' | 'message'>> {
  let runs = true
  for (let attempt = 0; attempt < inspects; attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, attempt * inspectDelay))
    try {
      const reply = await engine.request('GET', `/exec/${execId}/json`)
      const { Running, ExitCode } = readAnswer<ExecInspect>(reply, engine)
      if (!Running && ExitCode !== null) return { exitCode: ExitCode, message: '' }
      runs = Running
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      const gone = `the session is over, but its exit code is unknown: ${error.message}`
      return { exitCode: 255, message: gone }
    }
  }
  const message = runs
    ? `the stream has ended, but the command still runs in ${container}: its exit code is not known yet`
    : 'the command is over, but the daemon does not say how: its exit code is unknown'
  return { exitCode: 1, message }
}
