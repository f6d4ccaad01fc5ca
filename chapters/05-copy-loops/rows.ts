/**
 * What stands beside each declaration of chapter 5.
 *
 * @module
 */

import { in2015, today } from '../../src/questions/lesson.ts'
import type { Rows } from '../../src/questions/rows.ts'

/** The notes on the declarations of `stage.ts`. */
export const rows: Rows = {
  Ending: {
    docker: [
      today(
        'proxy.go',
        'EscapeError',
        [11, 13],
        'In Go an ending is an error or nil. The detach keys have an error type of their own, whose text the client prints.',
      ),
    ],
  },
  Copying: {
    docker: [
      in2015(
        'api/client/exec.go',
        'CmdExec',
        [94, 96],
        'The session runs in a goroutine, and `errCh` is what our promise is: it delivers the error or nil at the end.',
      ),
      today(
        'cli/command/container/exec.go',
        'interactiveExec',
        [169, 186],
        'The same, with a channel that holds one value. So the goroutine can end even if nothing waits for it.',
      ),
    ],
  },
  copyLoops: {
    scenes: ['session'],
    state: ['ended'],
    docker: [
      in2015(
        'api/client/hijack.go',
        'hijack',
        [243, 256],
        'Waits for the output and then, unless stdin is a terminal, for the input. So a pipe that stayed open kept the client running after the command had ended.',
      ),
      today(
        'cli/command/container/hijack.go',
        'stream',
        [40, 72],
        'Waits for the first of four: the output, the input, the detach keys, a signal. After the input it goes on to wait for the output. Ours does the same, except that the program around the stages handles the signals.',
      ),
    ],
  },
  copyOutput: {
    scenes: ['end'],
    docker: [
      in2015(
        'api/client/hijack.go',
        'hijack',
        [199, 224],
        'Under a tty `io.Copy`, otherwise `StdCopy`, both from the reader that has the early bytes. Then it restores the terminal and closes stdin, which it leaves open only on macOS.',
      ),
      today(
        'cli/command/container/hijack.go',
        'beginOutputStream',
        [108, 139],
        'The same choice, and a restore after `io.Copy`. Go’s copy writes a buffer out before it reads again, so it can’t run ahead. Ours has to pause the socket for that.',
      ),
    ],
  },
  unpackFrames: {
    scenes: ['frames'],
    docker: [
      in2015(
        'pkg/stdcopy/stdcopy.go',
        'StdCopy',
        [76, 168],
        'Reads a whole frame, then writes it. It knows streams 0 to 2. A 3 is an unrecognized header: daemons did not send it yet.',
      ),
      today(
        'pkg/stdcopy/stdcopy.go',
        'StdCopy',
        [94, 190],
        'Reads a whole frame into one buffer, then writes it. A 3 ends the copy with the daemon’s message. If the stream ends inside a frame, the part that arrived is dropped; ours has already written it, because it passes payloads on as they arrive.',
      ),
    ],
  },
  copyInput: {
    scenes: ['input', 'half-close'],
    docker: [
      in2015(
        'api/client/hijack.go',
        'hijack',
        [226, 241],
        'Copies stdin if it is attached, then half-closes if the connection can. The detach keys are sent like any other keys.',
      ),
      in2015(
        'daemon/container.go',
        'copyEscapable',
        [1047, 1087],
        'The daemon looked for them, in its copy of the input to the terminal. It found them only if each key came in a read of its own.',
      ),
      today(
        'cli/command/container/hijack.go',
        'beginInputStream',
        [141, 176],
        'The same copy, from the reader that watches for the detach keys. They end it without a half-close, as here. An error in between counts as the end of the input.',
      ),
      today(
        'proxy.go',
        'escapeProxy',
        [35, 88],
        'The reader. It holds back a partial sequence and gives it back if the next key doesn’t fit, as ours does.',
      ),
    ],
  },
  allWritten: {
    noDocker:
      'Go needs no such function: its Write returns when the bytes are out, so the end of the copy is the end of the output. Node’s write returns at once and may keep bytes in a queue.',
  },
  cannotWrite: {
    docker: [
      in2015(
        'api/client/hijack.go',
        'hijack',
        [215, 222],
        'The error of the copy becomes the error of `hijack`, and the client prints it.',
      ),
      today(
        'cli/command/container/hijack.go',
        'beginOutputStream',
        [120, 135],
        'Passes on the error of the write. Go’s error for a file already says what ours says: the operation, the file’s name, the reason.',
      ),
    ],
  },
}
