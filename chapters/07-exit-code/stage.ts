/**
 * # 7 Exit code: how did it end?
 *
 * We have read EOF, but EOF doesn't say how the command ended. It looks the
 * same after success, failure and a crash. Scripts depend on the difference
 * (`docker exec db check && deploy`), so we send one more request.
 *
 * ```text
 *   before                            after
 *   ended       <ended: later>        ended       <ended: later>
 *   rawMode     <raw mode: live>      rawMode     <raw mode: released>
 *                                   + exitCode    0
 *                                   + message     ""
 * ```
 *
 * On the wire, on the first connection, which we kept open for this:
 *
 * ```text
 *   → GET /v1.41/exec/fc9c11ae6ac4…/json
 *   ← HTTP/1.1 200 OK
 *     {"ID":"fc9c11ae6ac4…","Running":false,"ExitCode":0,"ProcessConfig":{…},…}
 * ```
 *
 * ## Why a second request
 *
 * Every byte on the session's connection belongs to the command. HTTP has
 * trailers for values that are known only at the end, but this connection
 * has not carried HTTP since chapter 3. So the daemon adds the exit code to
 * the note from chapter 1, and we ask for it.
 * <!-- claims: code-kept-after-end -->
 *
 * ## What the codes mean
 *
 * We pass the command's own code on unchanged. After signal n it is 128 + n:
 * 137 is 9, SIGKILL; 143 is 15, SIGTERM. If the command could not be started
 * at all, the error message was in the stream and the code is 126 or 127,
 * depending on the daemon. A 1 may also be ours: detached, no connection, no
 * such container.
 * <!-- claims: killed 137, terminated 143 -->
 * <!-- claims: not-found-2020 126, not-found-today 127 -->
 *
 * ## When there is no code
 *
 * - You detached, so the command is still running. We print `read escape
 *   sequence`, as docker does, and exit 1.
 *   <!-- claims: detached-message read escape sequence, detached-code 1 -->
 * - The connection broke, so the code is unknown. docker asks anyway, hears
 *   that the command is running, and exits 0 as if it had succeeded. We say
 *   what happened and exit 1.
 *   <!-- claims: broken-connection-code 1 -->
 * - The daemon is gone, so we can't ask. docker returns -1, which your shell
 *   sees as 255, and says nothing. We exit 255 too and print the reason.
 *   <!-- claims: daemon-gone-code 255 -->
 *
 * ## What to watch
 *
 * Run `npm run chapter 7` and type `exit 5` in the shell. The last page lists
 * the requests in the order in which the daemon saw them. The log from 2015
 * at the top of `docs/seed.md` has the same order.
 *
 * ## How to get out
 *
 * As before. The terminal is already restored when this stage sends its
 * request.
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

/** The state after chapter 7, and the result of all seven. */
export type Exited = Resizing & {
  /** The command's exit code. If it has none, 1, or 255 without a daemon. */
  readonly exitCode: number
  /** The message for stderr. Empty if the command simply ended. */
  readonly message: string
}

/** The fields of the daemon's note that we read. */
type ExecInspect = { readonly Running: boolean; readonly ExitCode: number | null }

/** How often we ask for the exit code. */
const inspects = 10

/** Milliseconds before we ask again. The nth wait is n times as long. */
const inspectDelay = 10

/** Chapter 7. */
export const exitCode: Stage<Resizing, Exited> = {
  name: 'exit code',
  title: 'waits for the end, restores the terminal, and asks for the exit code',
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
 * Returns the command's exit code, or ours with a message for stderr. The
 * daemon closes the stream and stores the code in two steps, in no fixed
 * order. While the code is missing, we ask again, for half a second in all.
 */
export async function execExitCode(
  { execId, container }: Resizing,
  { engine }: Kit,
): Promise<Pick<Exited, 'exitCode' | 'message'>> {
  let isRunning = true
  for (let attempt = 0; attempt < inspects; attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, attempt * inspectDelay))
    try {
      const reply = await engine.request('GET', `/exec/${execId}/json`)
      const { Running, ExitCode } = readAnswer<ExecInspect>(reply, engine)
      if (!Running && ExitCode !== null) return { exitCode: ExitCode, message: '' }
      isRunning = Running
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      const message = `the session is over, but its exit code is unknown: ${error.message}`
      return { exitCode: 255, message }
    }
  }
  const message = isRunning
    ? `the stream has ended, but the command is still running in ${container}: its exit code is not known yet`
    : 'the command has ended, but the daemon did not store its code: the exit code is unknown'
  return { exitCode: 1, message }
}
