/**
 * What stands beside each declaration of chapter 7.
 *
 * @module
 */

import { in2015, today } from '../../src/questions/lesson.ts'
import type { Rows } from '../../src/questions/rows.ts'

/** The notes on the declarations of `stage.ts`. */
export const rows: Rows = {
  Exited: {
    docker: [
      in2015(
        'cli/cli.go',
        'StatusError',
        [193, 196],
        'In Go the exit code is an error, which every function passes up. Ours is a field of the last state.',
      ),
      today(
        'cli/error.go',
        'StatusError',
        [4, 8],
        'The same, with a cause. Without a text nothing is printed, so a command that exits 5 adds no line of docker’s.',
      ),
    ],
  },
  ExecInspect: {
    docker: [
      in2015(
        'api/client/utils.go',
        'getExecExitCode',
        [312, 315],
        'The same two fields. The exit code is an integer, so it can’t be missing.',
      ),
      today(
        'api/types/container/exec.go',
        'ExecInspect',
        [45, 51],
        'Five of the answer’s fields. The exit code is still an integer, so a missing one, null, is read as 0. Ours keeps null apart.',
      ),
    ],
  },
  inspects: {
    noDocker: 'Docker asks once, then and now.',
  },
  inspectDelay: {
    noDocker: 'Docker asks once, so it never waits.',
  },
  exitCode: {
    scenes: ['over'],
    state: ['exitCode', 'message'],
    docker: [
      in2015(
        'api/client/exec.go',
        'CmdExec',
        [119, 133],
        'Waits for the session, then asks. An error of the session is returned as it is, and the exit code is never asked for. A code other than 0 becomes a StatusError.',
      ),
      today(
        'cli/command/container/exec.go',
        'interactiveExec',
        [194, 199],
        'The same: wait for the session, return its error if there is one, otherwise ask. The detach keys are such an error.',
      ),
      today(
        'cmd/docker/docker.go',
        'main',
        [38, 50],
        'Prints the error, if it has a text, and exits with the code in the StatusError, or with 1. If a signal has canceled the session, that error is neither printed nor a failure. So Ctrl-C without a tty exits with 0.',
      ),
    ],
  },
  execExitCode: {
    scenes: ['exit code'],
    docker: [
      in2015(
        'api/client/utils.go',
        'getExecExitCode',
        [298, 322],
        'Asks once and returns `Running` as well, which `CmdExec` ignores. Only a refused connection becomes the status -1. Any other failure is printed, and the client exits with 1.',
      ),
      today(
        'cli/command/container/exec.go',
        'getExecExitStatus',
        [202, 216],
        'Asks once, and doesn’t look at `Running`. If it gets no connection, the status is -1, which your shell sees as 255. If the command still runs, docker exits with 0; ours asks again and then says so.',
      ),
    ],
  },
  readCode: {
    scenes: [],
    noDocker:
      'Go’s JSON decoder does this work: the field is an int, so a code of another type is an error before anything looks at it.',
  },
}
