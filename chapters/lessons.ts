/**
 * What the runner shows beside each stage: where it stands here, and where the same is in Docker.
 *
 * @module
 */

import { join } from 'node:path'
import type { Lesson } from '../src/runner/guide.ts'
import type { GoSource } from '../src/runner/views.ts'
import { dockerExec } from './index.ts'
import { predictions } from './predictions/index.ts'

const then = (file: string, name: string, says: string): GoSource => ({
  when: '2015',
  file,
  function: name,
  says,
})
const today = (file: string, name: string, says: string): GoSource => ({
  when: 'today',
  file,
  function: name,
  says,
})

/** Chapter by chapter, the files and functions of Docker's client. */
const inDocker: readonly (readonly GoSource[])[] = [
  [
    then('api/client/exec.go', 'CmdExec', 'Posts the ExecConfig and reads the Id of the answer.'),
    today(
      'cli/command/container/exec.go',
      'RunExec',
      'Inspects the container first, so that nothing is created for one that is not there; then ExecCreate, with the size of the console.',
    ),
  ],
  [
    then('api/client/exec.go', 'CmdExec', 'Checks the terminal, and posts the start if detached.'),
    today(
      'cli/command/container/exec.go',
      'interactiveExec',
      'Attaches to the exec, which is what sends the start with the upgrade.',
    ),
  ],
  [
    then(
      'api/client/hijack.go',
      'hijack',
      'Dials, asks for the upgrade, and takes the connection.',
    ),
    today(
      'client/hijack.go',
      'setupHijackConn',
      'The same, and puts the bytes that came with the answer back before the rest.',
    ),
  ],
  [
    then('pkg/term/term.go', 'SetRawTerminal', 'Switches the terminal, and gives its state back.'),
    today(
      'cli/command/container/hijack.go',
      'setupInput',
      'Switches to raw mode, and wraps the input so that the detach keys are seen.',
    ),
  ],
  [
    then('api/client/hijack.go', 'hijack', 'Two goroutines copy: receiveStdout and sendStdin.'),
    today(
      'cli/command/container/hijack.go',
      'stream',
      'beginOutputStream and beginInputStream; the output decides when it is over.',
    ),
  ],
  [
    then('api/client/utils.go', 'monitorTtySize', 'Sends the size, and again on every SIGWINCH.'),
    today(
      'cli/command/container/tty.go',
      'MonitorTtySize',
      'The same; initTtySize tries ten times, because the process may not run yet.',
    ),
  ],
  [
    then('api/client/utils.go', 'getExecExitCode', 'Inspects the exec and reads its ExitCode.'),
    today(
      'cli/command/container/exec.go',
      'getExecExitStatus',
      'The same; another code than 0 becomes a StatusError, and our own exit code.',
    ),
  ],
]

/** A lesson for each stage of the course. */
export function lessons(folder: string): Lesson[] {
  return dockerExec.stages.map(({ name }, at) => ({
    file: join(folder, `0${at + 1}-${name.replaceAll(' ', '-')}.ts`),
    depth: join(folder, '..', 'docs', 'lessons', `${at + 1}-${name.replaceAll(' ', '-')}.md`),
    docker: inDocker[at] ?? [],
    predictions: predictions[at] ?? [],
  }))
}
