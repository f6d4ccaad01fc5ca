/**
 * What stands beside each declaration of chapter 1.
 *
 * @module
 */

import { in2015, today } from '../../src/questions/lesson.ts'
import type { Rows } from '../../src/questions/rows.ts'

/** The notes on the declarations of `stage.ts`. */
export const rows: Rows = {
  Asked: {
    docker: [
      in2015(
        'runconfig/exec.go',
        'ExecConfig',
        [7, 17],
        'One struct is both the parsed command line and the body of the request. So the container’s name is in the body as well as in the path. Detach keys, variables and a working directory did not exist yet.',
      ),
      today(
        'cli/command/container/exec.go',
        'ExecOptions',
        [21, 32],
        'The parsed command line, without the container and before defaults are filled in. `-e` and `--env-file` are still two lists; in ours they are already one.',
      ),
    ],
  },
  Created: {
    docker: [
      in2015(
        'api/types/types.go',
        'ContainerExecCreateResponse',
        [23, 26],
        'The answer has one field. The ID stays in a local variable of `CmdExec`; ours goes into the state, where you can see it.',
      ),
      today(
        'api/types/container/exec.go',
        'ExecCreateResponse',
        [9, 9],
        'Another name for a struct with one field, the ID.',
      ),
    ],
  },
  create: {
    scenes: ['create'],
    state: ['execId'],
    docker: [
      in2015(
        'api/client/exec.go',
        'CmdExec',
        [18, 44],
        'Posts the ExecConfig and reads the Id from the answer. The terminal is checked only after that. If there is no Id, it prints `exec ID empty` and returns success.',
      ),
      today(
        'cli/command/container/exec.go',
        'RunExec',
        [87, 128],
        'Inspects the container, checks the terminal, and creates the exec, in the order that we follow. Without an Id it fails, as ours does. It starts the exec in the same function; ours stops here so that you can look.',
      ),
    ],
  },
  checkContainer: {
    scenes: ['inspect container'],
    docker: [
      today(
        'client/container_inspect.go',
        'ContainerInspect',
        [14, 29],
        'Rejects an empty name before it sends anything, with the same sentence. It decodes the answer into a struct, and `RunExec` uses only the error. The client of 2015 sent no such request: the create reported a missing container.',
      ),
    ],
  },
  checkTtyInput: {
    docker: [
      in2015(
        'api/client/cli.go',
        'CheckTtyInput',
        [70, 78],
        'The same condition with other words: `cannot enable tty mode on non tty input`. `CmdExec` calls it after the create.',
      ),
      today(
        'cli/streams/in.go',
        'CheckTty',
        [42, 54],
        'The same condition and the same sentence. On Windows docker always adds the hint about winpty. Ours adds it only if MSYSTEM is set, as it is in Git Bash, where mintty is the usual window.',
      ),
    ],
  },
  execConfig: {
    docker: [
      in2015(
        'runconfig/exec.go',
        'ParseExec',
        [19, 56],
        'The same rule: unless detached, attach stdout and stderr, and stdin if `-i` is set. There was no `--privileged`, so `Privileged` was always false.',
      ),
      today(
        'cli/command/container/exec.go',
        'parseExec',
        [220, 251],
        'Builds the struct that becomes the body, with the same rule. As here, the detach keys come from the command line or else from the configuration.',
      ),
      today(
        'api/types/container/exec.go',
        'ExecOptions',
        [13, 26],
        'The body itself. The fields of our JSON have the names and the order of this struct. Go writes an empty string or false like any other value, and only `ConsoleSize` may be missing.',
      ),
    ],
  },
  consoleSize: {
    docker: [
      today(
        'cli/command/container/exec.go',
        'fillConsoleSize',
        [130, 135],
        'Takes the size of the standard output’s terminal, height first. If standard output is not a terminal, docker sends 0 by 0, and ours sends no size. The API of 2015 had no such field.',
      ),
      today(
        'client/container_exec.go',
        'ContainerExecCreate',
        [32, 34],
        'Removes the size below API 1.42, after `fillConsoleSize` has set it. Ours doesn’t add it there.',
      ),
    ],
  },
}
