/**
 * What stands beside each declaration of chapter 2.
 *
 * @module
 */

import { in2015, today } from '../../src/questions/lesson.ts'
import type { Rows } from '../../src/questions/rows.ts'

/** The notes on the declarations of `stage.ts`. */
export const rows: Rows = {
  Started: {
    noDocker:
      'Docker’s client has no state between the start and the hijack: both are in one function, then and now.',
  },
  StartReply: {
    docker: [
      today(
        'client/hijack.go',
        'setupHijackConn',
        [81, 103],
        'Of a 101 only the content type is kept, and of any other answer only the status. Ours keeps the body of a refusal as well, because it has the daemon’s reason.',
      ),
    ],
  },
  start: {
    state: ['reply', 'connection'],
    docker: [
      in2015(
        'api/client/exec.go',
        'CmdExec',
        [46, 111],
        'If detached, posts the start and returns. Otherwise a goroutine calls `hijack`, which sends the start and runs the whole session. A channel tells `CmdExec` when the connection is there.',
      ),
      today(
        'cli/command/container/exec.go',
        'interactiveExec',
        [137, 186],
        '`ContainerExecAttach` sends the start and returns the connection, and a goroutine runs the session on it. A `defer` closes the connection; ours is closed by the run’s scope.',
      ),
    ],
  },
  startPath: {
    docker: [
      in2015(
        'api/client/exec.go',
        'CmdExec',
        [56, 63],
        'Written twice: here for a detached start, and in the call of `hijack` for the other.',
      ),
      today(
        'client/container_exec.go',
        'ContainerExecAttach',
        [61, 68],
        'Written twice as well: here, and in `ContainerExecStart`.',
      ),
    ],
  },
  execStartCheck: {
    docker: [
      in2015(
        'api/types/types.go',
        'ExecStartCheck',
        [201, 206],
        'The same two fields, but only a detached start sends them. An attached start sends the whole ExecConfig, and the daemon decodes it into this struct, which skips the rest.',
      ),
      today(
        'api/types/container/exec.go',
        'ExecStartOptions',
        [30, 37],
        'The same two fields and the size, for both kinds of start. For an attached one docker leaves `Detach` at its zero value, false.',
      ),
    ],
  },
  askForUpgrade: {
    scenes: ['start', 'start answer'],
    docker: [
      in2015(
        'api/client/hijack.go',
        'hijack',
        [130, 178],
        'Sets the two headers, with `text/plain` as the content type of the JSON, dials a connection and sends the request. It drops both results, the answer and the error, so it doesn’t notice a refusal.',
      ),
      today(
        'client/container_exec.go',
        'ContainerExecAttach',
        [61, 68],
        'Sets the content type, and drops the size below API 1.42.',
      ),
      today(
        'client/hijack.go',
        'postHijacked',
        [19, 39],
        'Builds the request with its headers and its body, and hands it to `setupHijackConn`. From API 1.42 on it passes on the content type of the answer.',
      ),
      today(
        'client/hijack.go',
        'setupHijackConn',
        [53, 88],
        'Sets the two headers, dials a connection of its own and writes the request to it. Any status but 101 is an error here; ours passes it on to chapter 3, with the body.',
      ),
    ],
  },
  startDetached: {
    scenes: ['detached start'],
    docker: [
      in2015(
        'api/client/exec.go',
        'CmdExec',
        [56, 63],
        'Posts the ExecStartCheck like any other request and returns.',
      ),
      today(
        'client/container_exec.go',
        'ContainerExecStart',
        [48, 55],
        'The same. With `-t` it repeats the size of the terminal, and ours doesn’t, because the daemon takes a missing size from the create.',
      ),
    ],
  },
}
