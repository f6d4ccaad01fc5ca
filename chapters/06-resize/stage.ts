/**
 * # 6 Resize: how large is a window that nobody sees?
 *
 * A program that draws, `vi` or `top`, asks its terminal how many rows and columns it has. Its
 * terminal is the pseudo-terminal in the container, and that one is connected to a socket, not to
 * a window. It has whatever size it was given, and to begin with it was given none: 0 by 0.
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
 * ## Why a request of its own
 *
 * The hijacked connection is a pipe: every byte on it is a key. There is no byte that could mean
 * "the window is now 80 by 24", because a program in the container may read any of them. So the
 * size goes beside the session and not in it, and that is one of the two reasons why the first
 * connection is still open. In the container the new size becomes a signal, SIGWINCH, for whoever
 * is in the foreground.
 *
 * ## Why now, and why again
 *
 * The size can be set only while the process exists. Sent before the start, this request waits ten
 * seconds for it and fails (Podman refuses it at once). Sent behind the 101 it usually finds the
 * process; where it does not, it is tried again, ten times, each time a little later. Then one line
 * says that the size is the default, and the session goes on: a wrong size is no reason to end it.
 * <!-- claims: resize-before-start, resize-after-upgrade 101 -->
 *
 * It is late all the same. A program that asks for the size in its first moment is answered
 * before this request arrives, 99 times of 100. That is why daemons from API 1.42 on take the size
 * with the requests of chapters 1 and 2, and this one only confirms it.
 * <!-- claims: size-at-start-since 1.42 -->
 *
 * Afterwards each SIGWINCH of *our* terminal sends the request once more.
 *
 * ## What to watch
 *
 * `npm run chapter 6`, `stty size`, then make the window larger or smaller and `stty size` again.
 * Behind the session the requests are listed, one for each change.
 *
 * ## How to get out
 *
 * As in chapter 5: `exit`, Ctrl-D, or ctrl-p ctrl-q.
 *
 * ## What docker does that this leaves out
 *
 * On Windows there is no SIGWINCH, and it asks for the size four times a second. Node has a
 * SIGWINCH there too.
 *
 * @module
 */

import type { Kit } from '../../src/course/kit.ts'
import type { Held } from '../../src/course/scope.ts'
import type { Stage } from '../../src/course/stage.ts'
import type { WindowSize } from '../../src/terminal/terminal.ts'
import type { Copying } from '../05-copy-loops/stage.ts'

/** What chapter 6 passes on. */
export type Resizing = Copying & {
  /** The size that was sent first, or null if there is no window to speak of. */
  readonly size: WindowSize | null
  /** What follows the window from now on. */
  readonly resizes: Held<'SIGWINCH'> | null
}

/** How often the first resize is tried again. */
const retries = 10

/** The first wait before it is tried again, in milliseconds. The second is twice as long, and so on. */
const retryDelay = 10

/** Chapter 6. */
export const resize: Stage<Copying, Resizing> = {
  name: 'resize',
  title: 'gives the terminal in the container the size of our window, and keeps it so',
  question: 'How large is a window that nobody sees?',

  async run(copying, kit) {
    if (!copying.tty || !kit.terminal.inputIsTerminal) {
      return { ...copying, size: null, resizes: null }
    }
    // We listen before we send: a window that changes in between would keep the old size for good.
    const stop = kit.terminal.onResize(() => void sendSize(copying, kit))
    const resizes = kit.scope.hold('window size', 'SIGWINCH' as const, stop)

    if (!(await sendSize(copying, kit))) void tryAgain(copying, kit)
    return { ...copying, size: kit.terminal.size() ?? null, resizes }
  },
}

/**
 * Sends the size of our window as it is now.
 *
 * @returns whether the daemon took it. dockerd says 200, Podman 201.
 * <!-- claims: resize-by-dockerd 200, resize-by-podman 201 -->
 */
export async function sendSize({ execId }: Copying, { engine, terminal }: Kit): Promise<boolean> {
  const size = terminal.size()
  // Where standard output is a file there is no size, and 0 by 0 would only do harm.
  if (!size || (size.rows === 0 && size.columns === 0)) return true
  const query = `h=${size.rows}&w=${size.columns}`
  try {
    const reply = await engine.request('POST', `/exec/${execId}/resize?${query}`)
    return reply.status < 300
  } catch {
    // The daemon is gone. The copy loops notice it as well, and chapter 7 says so.
    return false
  }
}

/** Tries again while the session lives. Nobody waits for this: the session goes on meanwhile. */
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
