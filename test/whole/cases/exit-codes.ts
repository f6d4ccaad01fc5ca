/**
 * How a command ends, and how its end reaches us.
 *
 * @module
 */

import { type Case, script } from './case.ts'

export const exitCodes: readonly Case[] = [
  { title: 'a command that succeeds is 0', args: ['BOX', 'true'] },
  { title: 'a command that fails is 1', args: ['BOX', 'false'] },
  { title: 'a code of the command is ours', args: script('exit 3') },
  { title: 'the largest code is 255', args: script('exit 255') },
  { title: 'a code above 255 wraps around, as it does everywhere', args: script('exit 256') },
  { title: 'a command that exits with 125 is not an error of ours', args: script('exit 125') },
  { title: 'a command that exits with 126 says nothing', args: script('exit 126') },
  { title: 'a command that exits with 127 says nothing', args: script('exit 127') },
  { title: 'SIGKILL is 137', args: script('kill -9 $$') },
  { title: 'SIGTERM is 143', args: script('kill -TERM $$') },
  { title: 'SIGINT is 130', args: script('kill -INT $$') },
  { title: 'SIGSEGV is 139', args: script('kill -SEGV $$') },
  { title: 'SIGHUP under a tty is 129', args: script('kill -HUP $$', '-t') },
  { title: 'a code comes through with stdin attached', args: script('exit 9', '-i') },
  { title: 'a code comes through under a tty', args: script('exit 11', '-t') },
  { title: 'a command that is not found', args: ['BOX', 'no-such-command'] },
  { title: 'a path that is not found', args: ['BOX', '/no/such/command'] },
  { title: 'a command that is not found, under a tty', args: ['-t', 'BOX', 'no-such-command'] },
  { title: 'a command that is not found, with stdin attached', args: ['-i', 'BOX', 'nope', 'x'] },
  { title: 'a file that is not executable', args: ['BOX', '/etc/passwd'] },
  { title: 'a folder is no command', args: ['BOX', '/tmp'] },
  { title: 'an empty command', args: ['BOX', ''] },
  {
    title: 'a process that outlives the command keeps its output open',
    args: script('(sleep 1; echo late) & echo early'),
    ownContainer: true,
  },
]
