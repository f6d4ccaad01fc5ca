/**
 * What stands beside each declaration of chapter 4.
 *
 * @module
 */

import { in2015, today } from '../../src/questions/lesson.ts'
import type { Rows } from '../../src/questions/rows.ts'

/** The notes on the declarations of `stage.ts`. */
export const rows: Rows = {
  Raw: {
    docker: [
      in2015(
        'api/client/hijack.go',
        'hijack',
        [189, 197],
        'The old modes, in a variable that the output goroutine shares.',
      ),
      today(
        'cli/streams/stream.go',
        'commonStream',
        [7, 11],
        'The old modes are kept with the standard input. As long as they are null, a restore does nothing.',
      ),
    ],
  },
  rawFlags: {
    scenes: ['raw mode'],
    docker: [
      in2015(
        'pkg/term/tc_linux_cgo.go',
        'MakeRaw',
        [18, 32],
        'C’s `cfmakeraw` changes the same flags, but then `opost` is set again. So the terminal went on to process the output, as it does under Node’s own raw mode. A Linux build without cgo cleared `opost`.',
      ),
      today(
        'termios_unix.go',
        'makeRaw',
        [15, 35],
        'Clears the same flags with bit masks, `opost` included. We name them in the words of `stty`.',
      ),
    ],
  },
  rawMode: {
    scenes: ['restore'],
    state: ['rawMode'],
    docker: [
      in2015(
        'pkg/term/term.go',
        'SetRawTerminal',
        [100, 107],
        'Sets raw mode and returns the old modes for the restore. It also waits for a SIGINT, to restore the terminal and exit with 0. `hijack` restores twice: after the output, and when it returns.',
      ),
      today(
        'cli/command/container/hijack.go',
        'setupInput',
        [74, 106],
        'Sets raw mode, makes a restore that works only once, and wraps the input in a reader that watches for the detach keys. Ours registers the restore first, and looks for the keys in chapter 5.',
      ),
      today(
        'cli/command/container/hijack.go',
        'restoreTerminal',
        [185, 204],
        'The restore. It also closes standard input, except on macOS and Windows, where that call may block.',
      ),
    ],
  },
  wantsRawMode: {
    docker: [
      in2015(
        'api/client/hijack.go',
        'hijack',
        [191, 197],
        'The same four conditions, in one line.',
      ),
      today(
        'cli/command/container/hijack.go',
        'setupInput',
        [75, 79],
        'Two of the four: stdin is attached, and a tty was asked for.',
      ),
      today(
        'cli/streams/in.go',
        'SetRawTerminal',
        [32, 38],
        'The other two: stdin is a terminal, and NORAW is unset or empty.',
      ),
    ],
  },
}
