/**
 * # 7 Exit code: how did it end?
 *
 * The session ends with EOF, but EOF doesn't say how the command ended. It
 * looks the same after success, failure and a crash. Scripts depend on the
 * difference (`docker exec db check && deploy`), so we send one more request.
 *
 * ```text
 *   before                            after
 *   ended       <ended: later>        ended       <ended: later>
 *   rawMode     <raw mode: live>      rawMode     <raw mode: released>
 *   resizes     <window size: live>   resizes     <window size: released>
 *                                   + exitCode    0
 *                                   + message     ""
 * ```
 *
 * On the wire, we inspect the exec. The request goes over the connection from
 * chapter 1, or over a new one if that was idle for 30 seconds:
 *
 * ```text
 *   → GET /v1.41/exec/fc9c11ae6ac4…/json
 *   ← HTTP/1.1 200 OK
 *     {"ID":"fc9c11ae6ac4…","Running":false,"ExitCode":0,"ProcessConfig":{…},…}
 * ```
 *
 * ## Why a separate request
 *
 * The session's stream has no room for an exit code. With a tty, every byte
 * belongs to the command. Without one, no frame carries a code. HTTP has
 * trailers for values that are known only at the end, but this connection has
 * not carried HTTP since the upgrade in chapter 2. So the daemon adds the
 * exit code to the note from chapter 1, and we ask for it.
 * <!-- claims: code-kept-after-end -->
 *
 * ## What the codes mean
 *
 * We pass the daemon's code on unchanged. If signal n killed the command, the
 * daemon reports 128 + n: 137 means signal 9, SIGKILL, and 143 means signal
 * 15, SIGTERM. If the command could not be started at all, the error message
 * was in the stream. The code is then 127 if the command wasn't found and 126
 * if it couldn't be executed; a 20.10 daemon uses 126 for both. A 1 may also
 * be ours, for example after the detach keys, after a lost connection, or
 * because the container does not exist.
 * <!-- claims: killed 137, terminated 143 -->
 * <!-- claims: not-found-2020 126, not-found-today 127 -->
 *
 * ## When there is no code
 *
 * - You typed the detach keys, so the command is still running. We print
 *   `read escape sequence`, as docker does, and exit 1.
 *   <!-- claims: detached-message read escape sequence, detached-code 1 -->
 * - The connection broke with an error. Like docker, we print the error and
 *   exit 1 without asking, because the command may still be running.
 *   <!-- claims: broken-connection-code 1 -->
 * - The stream ended, but the note still has no code, usually because the
 *   command is still running. docker asks once, reads the missing code as 0,
 *   and exits 0 as if the command had succeeded. We keep asking for half a
 *   second, then say what we know and exit 1.
 * - The daemon is gone, so we can't ask. docker returns -1, which your shell
 *   sees as 255, and says nothing. We exit 255 too and print the reason.
 *   <!-- claims: daemon-gone-code 255 -->
 * - The daemon refuses the request. docker prints the daemon's error and
 *   exits 1. We print it too, but exit 255, as for a daemon that is gone: in
 *   both cases the request failed. The same goes for an answer that we can't
 *   read, or whose code is no whole number.
 *
 * ## What to watch
 *
 * Run `npm run chapter 7` and type `exit 5` in the shell. The last section,
 * "as the daemon saw it", lists the exec requests but not the container
 * lookup. The first table in `docs/seed.md` shows the log from 2015: its four
 * requests are in the same order.
 *
 * ## How to get out
 *
 * As in chapter 5: `exit`, Ctrl-D, or ctrl-p ctrl-q. This stage makes sure
 * that the terminal is restored before it sends its request. The copy loops
 * have already done that, and a second release does nothing. The stage also
 * stops following the window.
 *
 * ## What docker does that this leaves out
 *
 * Nothing of `docker exec` itself. `docs/differences.md` lists the details
 * that we handle differently.
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
  /** The command's code, or ours: 255 if the request failed, otherwise 1. */
  readonly exitCode: number
  /** The message for stderr. Empty if the command simply ended. */
  readonly message: string
}

/** The fields of the daemon's note that we read. */
type ExecInspect = { readonly Running?: boolean; readonly ExitCode?: unknown }

/** How many times we ask for the exit code at most. */
const inspects = 10

/** Milliseconds before we ask again. The nth wait is n times as long. */
const inspectDelay = 10

/** Chapter 7: waits, restores the terminal, and then asks for the code. */
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
 * API doesn't promise that the code is stored before the stream ends. While
 * it is missing, we keep asking, for half a second.
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
      const { Running = false, ExitCode = null } = readAnswer<ExecInspect>(reply, engine)
      if (!Running && ExitCode !== null) return { exitCode: readCode(ExitCode), message: '' }
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

/**
 * Checks an exit code. The system passes on only its lowest eight bits, so
 * 256 would become 0, a success.
 */
function readCode(code: unknown): number {
  const isCode = Number.isSafeInteger(code) && (code === 0 || Number(code) % 256 !== 0)
  if (!isCode) throw new Failure('ExitCode is not a valid exit code')
  return Number(code)
}
