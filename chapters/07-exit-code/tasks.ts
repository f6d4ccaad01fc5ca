/**
 * What to try in the session of chapter 7: exit codes that stay in the container, and the one that
 * we ask for.
 *
 * @module
 */

import { exchangesIn } from '../../src/tape/event.ts'
import { commandsNamed, interrupted } from '../../src/tasks/session-evidence.ts'
import { type ShellCommand, shellCommandsIn } from '../../src/tasks/shell-commands.ts'
import type { SessionRecord, Task } from '../../src/tasks/task.ts'

/** What the shell itself says of the command before: the number that `echo $?` writes. */
function statusBehind(session: SessionRecord, command: ShellCommand): string | undefined {
  const commands = shellCommandsIn(session.events)
  const place = commands.findIndex(({ text, isOver }, at) => {
    const before = commands[at - 1]
    return /^echo \$\?$/.test(text) && isOver && before?.text === command.text
  })
  return /^\d+$/.exec(commands[place]?.output.toString().trim() ?? '')?.[0]
}

const failing: Task = {
  name: 'false',
  instruction: 'Type false, then echo $?',
  find(session) {
    const [command] = commandsNamed(session, 'false')
    const inOneLine = commandsNamed(session, 'false;')
      .filter(({ text }) => /^false; *echo \$\?$/.test(text))
      .map(({ output }) => output.toString().trim())
    const told = [...inOneLine, command && statusBehind(session, command)]
    return told.includes('1') ? 'the shell says 1, and no request asked for it' : undefined
  },
}

const interruptedStatus: Task = {
  name: '130',
  instruction: 'Run sleep 100, press Ctrl-C, then type echo $?',
  only: 'with a tty',
  find(session) {
    const command = interrupted(commandsNamed(session, 'sleep'))
    const status = command && statusBehind(session, command)
    return status === '130' ? '130, which is 128 and 2, the number of SIGINT' : undefined
  },
}

const exit: Task = {
  name: 'exit 5',
  instruction: 'Leave the shell with exit 5, or a number of your own',
  find: exitCodeOf,
}

/** The code that was asked for with `exit`, found in the daemon's answer. */
function exitCodeOf(session: SessionRecord): string | undefined {
  const asked = shellCommandsIn(session.events).at(-1)?.text
  const [, code] = /^exit ([1-9]\d*)$/.exec(asked ?? '') ?? []
  const inspect = exchangesIn(session.events).findLast(({ request }) =>
    /\/exec\/[^/]+\/json$/.test(request.path),
  )
  const [, told] = /"ExitCode":(\d+)/.exec(inspect?.answer?.body ?? '') ?? []
  return code !== undefined && code === told ? `it ended with ${told}` : undefined
}

/** The tasks of chapter 7. */
export const tasks: readonly Task[] = [failing, interruptedStatus, exit]
