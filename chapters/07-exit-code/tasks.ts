/**
 * The tasks for the session of chapter 7: exit codes that stay in the
 * container, and the one that we ask for.
 *
 * @module
 */

import { exchangesIn } from '../../src/tape/event.ts'
import { commandsNamed, interrupted } from '../../src/tasks/session-evidence.ts'
import { type ShellCommand, shellCommandsIn } from '../../src/tasks/shell-commands.ts'
import type { SessionRecord, Task } from '../../src/tasks/task.ts'

/** The number that `echo $?` prints right after a command. */
function statusAfter(session: SessionRecord, command: ShellCommand): string | undefined {
  const commands = shellCommandsIn(session.events)
  const index = commands.findIndex(({ text, isOver }, at) => {
    const before = commands[at - 1]
    return /^echo \$\?$/.test(text) && isOver && before?.text === command.text
  })
  return /^\d+$/.exec(commands[index]?.output.toString().trim() ?? '')?.[0]
}

const failing: Task = {
  name: 'false',
  instruction: 'Type false, then echo $?',
  find(session) {
    const [command] = commandsNamed(session, 'false')
    const inOneLine = commandsNamed(session, 'false;')
      .filter(({ text }) => /^false; *echo \$\?$/.test(text))
      .map(({ output }) => output.toString().trim())
    const statuses = [...inOneLine, command && statusAfter(session, command)]
    return statuses.includes('1') ? 'the shell prints 1, and we sent no request for it' : undefined
  },
}

const interruptedStatus: Task = {
  name: '130',
  instruction: 'Run sleep 100, press Ctrl-C, then type echo $?',
  only: 'with a tty',
  find(session) {
    const command = interrupted(commandsNamed(session, 'sleep'))
    const status = command && statusAfter(session, command)
    return status === '130' ? '130, which is 128 + 2, and 2 is SIGINT' : undefined
  },
}

const exit: Task = {
  name: 'exit 5',
  instruction: 'Leave the shell with exit 5, or another code from 1 to 255',
  find: exitCodeOf,
}

/** The code that was passed to `exit`, if the daemon reports the same one. */
function exitCodeOf(session: SessionRecord): string | undefined {
  const last = shellCommandsIn(session.events).at(-1)?.text
  const [, code] = /^exit ([1-9]\d*)$/.exec(last ?? '') ?? []
  const inspect = exchangesIn(session.events).findLast(({ request }) =>
    /\/exec\/[^/]+\/json$/.test(request.path),
  )
  const [, reported] = /"ExitCode":(\d+)/.exec(inspect?.answer?.body ?? '') ?? []
  return code !== undefined && code === reported ? `the shell exited with ${code}` : undefined
}

/** The tasks of chapter 7. */
export const tasks: readonly Task[] = [failing, interruptedStatus, exit]
