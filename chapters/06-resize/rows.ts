/**
 * What stands beside each declaration of chapter 6.
 *
 * @module
 */

import { in2015, today } from '../../src/questions/lesson.ts'
import type { Rows } from '../../src/questions/rows.ts'

/** The notes on the declarations of `stage.ts`. */
export const rows: Rows = {
  Resizing: {
    docker: [
      today(
        'cli/command/container/tty.go',
        'MonitorTtySize',
        [88, 94],
        'The listener is a channel and a goroutine, and nothing stops them. No size is kept: each signal reads the size again, as it does in ours.',
      ),
    ],
  },
  retries: {
    docker: [
      today(
        'cli/command/container/tty.go',
        'initTtySize',
        [56, 62],
        'The same ten. In 2015 the client sent the first size once.',
      ),
    ],
  },
  retryDelay: {
    docker: [
      today(
        'cli/command/container/tty.go',
        'initTtySize',
        [57, 58],
        'The same waits: 10 ms, 20 ms, up to 100 ms.',
      ),
    ],
  },
  resize: {
    scenes: ['window'],
    state: ['size', 'resizes'],
    docker: [
      in2015(
        'api/client/utils.go',
        'monitorTtySize',
        [324, 351],
        'Sends the size once, ignores an error, and then listens for SIGWINCH. `CmdExec` calls it under the same two conditions as ours.',
      ),
      today(
        'cli/command/container/tty.go',
        'MonitorTtySize',
        [71, 97],
        'Sends the first size, waits for the answer, and only then starts to listen, so a change in between is lost; ours listens first. It never stops listening, because the client exits after the session. On Windows this client and that of 2015 look at the size every 250 ms.',
      ),
    ],
  },
  sendSize: {
    scenes: ['resize'],
    docker: [
      in2015(
        'api/client/utils.go',
        'resizeTty',
        [237, 256],
        'Sends nothing if the size is 0 by 0. An error is logged in debug mode and otherwise lost.',
      ),
      today(
        'cli/command/container/tty.go',
        'resizeTtyTo',
        [19, 40],
        'Sends nothing if the size is 0 by 0. An error is also returned, so that the first size can be sent again.',
      ),
      today(
        'client/container_resize.go',
        'resize',
        [29, 38],
        'Puts height and width into the query, in the order of the alphabet. Ours uses the same order.',
      ),
      today(
        'cli/streams/out.go',
        'GetTtySize',
        [39, 51],
        'The size of the terminal on standard output, or 0 by 0 if that is not a terminal. Ours has no size then, and sends nothing either.',
      ),
    ],
  },
  tryAgain: {
    docker: [
      today(
        'cli/command/container/tty.go',
        'initTtySize',
        [49, 68],
        'The same retries in a goroutine, and the same line after the last. It needs no check for the end of the session, because the client then exits. The workbook goes on, so ours checks.',
      ),
    ],
  },
}
