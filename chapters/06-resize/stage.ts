/**
 * # 6 Resize: how large is the container's terminal?
 *
 * A program that draws, such as `vi` or `top`, asks its terminal how many
 * rows and columns it has. In the container, that terminal is connected to a
 * socket, not to a window. It starts at 0 by 0 and stays that way until a
 * program sets another size. Normally the daemon does, at our request.
 * <!-- claims: first-size 0 by 0 -->
 *
 * ```text
 *   before                            after
 *   ended       <ended: later>        ended       <ended: later>
 *                                   + size        { rows: 69, columns: 236 }
 *                                   + resizes     <window size: live>
 * ```
 *
 * On the wire, on the first connection:
 *
 * ```text
 *   → POST /v1.41/exec/fc9c11ae6ac4…/resize?h=69&w=236
 *   ← HTTP/1.1 200 OK
 * ```
 *
 * ## Why a separate request
 *
 * Every byte that we send on the hijacked connection is input for the
 * command. No byte is free to mean "the window now has 24 rows of 80
 * columns". So the size travels outside the session, on the first connection.
 * That is one of two reasons to keep that connection open. The other is the
 * exit code, in chapter 7. When the daemon sets the new size, the kernel on
 * its machine sends SIGWINCH, the signal for "the window has changed", to the
 * terminal's foreground process group.
 *
 * ## When the size is sent
 *
 * Like docker, we send this request only if the command has a tty and our
 * input is a terminal. Whether you set `-i` doesn't matter. The size is that
 * of our standard output, where the command's screen appears. If that isn't a
 * terminal, there is no size to send.
 *
 * This request can set the size only while the process exists. If we send it
 * before the start, dockerd waits ten seconds for the process and then
 * answers with an error (Podman does so at once). If we send it right after
 * the 101, dockerd holds it until the process runs. Older Docker daemons
 * don't wait: they refuse it if the process isn't running yet. So we retry up
 * to ten times and wait a little longer each time. If the last retry fails
 * too, we print `failed to resize tty, using default size` (the default is
 * whatever the terminal has), and the session goes on: a wrong size isn't a
 * reason to end it.
 * <!-- claims: resize-before-start, resize-after-upgrade 101 -->
 *
 * The request may still be late. A program that asks for its size at once
 * usually gets 0 by 0, because it asks before this request arrives. That's
 * why daemons from API 1.42 on take the size with the requests of chapters 1
 * and 2, in the field ConsoleSize. Then this request usually changes nothing.
 * <!-- claims: size-at-start-since 1.42 -->
 *
 * From then on we send it again each time *our* terminal changes size. Our
 * kernel tells us with SIGWINCH.
 *
 * ## What to watch
 *
 * Run `npm run chapter 6` and type `stty size`. Resize the window and type it
 * again. After the session you see the requests: the first one, then one for
 * each change.
 *
 * ## How to get out
 *
 * As in chapter 5: `exit`, Ctrl-D, or ctrl-p ctrl-q.
 *
 * ## What docker does that this leaves out
 *
 * Windows has no SIGWINCH, so there docker checks the size four times a
 * second. Node emulates the signal on Windows, so we don't have to poll.
 *
 * @module
 */

import type { Kit } from '../../src/course/kit.ts'
import type { Held } from '../../src/course/scope.ts'
import type { Stage } from '../../src/course/stage.ts'
import type { WindowSize } from '../../src/terminal/terminal.ts'
import type { Copying } from '../05-copy-loops/stage.ts'

/** The state after chapter 6. */
export type Resizing = Copying & {
  /**
   * The size of our window after the first request. Null if we don't follow
   * the window, or if our standard output isn't a terminal.
   */
  readonly size: WindowSize | null
  /** The listener that follows the window, or null if we don't follow it. */
  readonly resizes: Held<'SIGWINCH'> | null
}

/** How many times we retry the first resize. */
const retries = 10

/** Milliseconds before the first retry. The nth wait is n times as long. */
const retryDelay = 10

/** Chapter 6: listens to the window, then sends its size once. */
export const resize: Stage<Copying, Resizing> = {
  name: 'resize',
  title: 'keeps the container’s terminal at the size of our window',
  question: 'How large is the container’s terminal?',

  async run(copying, kit) {
    if (!copying.tty || !kit.terminal.inputIsTerminal) {
      return { ...copying, size: null, resizes: null }
    }
    // Listen before sending, or a change in between is lost.
    const stop = kit.terminal.onResize(() => void sendSize(copying, kit))
    const resizes = kit.scope.hold('window size', 'SIGWINCH' as const, stop)

    if (!(await sendSize(copying, kit))) void tryAgain(copying, kit)
    return { ...copying, size: kit.terminal.size() ?? null, resizes }
  },
}

/**
 * Sends the current size of our window.
 *
 * @returns false if the daemon didn't accept it (dockerd accepts with 200,
 * Podman with 201); true also if there was nothing to send
 * <!-- claims: resize-by-dockerd 200, resize-by-podman 201 -->
 */
export async function sendSize({ execId }: Copying, { engine, terminal }: Kit): Promise<boolean> {
  const size = terminal.size()
  // No size if our standard output isn't a terminal. 0 by 0 means "unknown":
  // it would erase a size that the terminal already has (ConsoleSize).
  if (!size || (size.rows === 0 && size.columns === 0)) return true
  const query = `h=${size.rows}&w=${size.columns}`
  try {
    const reply = await engine.request('POST', `/exec/${execId}/resize?${query}`)
    return reply.status < 300
  } catch {
    // The daemon is probably gone. Then the copy loops notice it, and
    // chapter 7 reports it.
    return false
  }
}

/**
 * Retries up to ten times, or until the session is over. The stage doesn't
 * wait for it, because nothing after it depends on the size.
 */
export async function tryAgain(copying: Copying, kit: Kit): Promise<void> {
  let over = false
  void copying.ended.then(() => {
    over = true
  })
  for (let attempt = 1; attempt <= retries; attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, attempt * retryDelay))
    if (over || (await sendSize(copying, kit))) return
  }
  if (!over) kit.terminal.errors.write('failed to resize tty, using default size\n')
}
