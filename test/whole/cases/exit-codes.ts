/**
 * Exit codes of the command, and how they reach us.
 *
 * @module
 */

import { type Case, script } from './case.ts'

export const exitCodes: readonly Case[] = [
  { title: 'a command that succeeds exits with 0', args: ['BOX', 'true'] },
  { title: 'a command that fails exits with 1', args: ['BOX', 'false'] },
  { title: 'the client exits with the command’s code', args: script('exit 3') },
  { title: 'the largest code is 255', args: script('exit 255') },
  { title: 'a code above 255 wraps around', args: script('exit 256') },
  { title: 'a command that exits with 125 prints no error', args: script('exit 125') },
  { title: 'a command that exits with 126 prints no error', args: script('exit 126') },
  { title: 'a command that exits with 127 prints no error', args: script('exit 127') },
  { title: 'SIGKILL exits with 137', args: script('kill -9 $$') },
  { title: 'SIGTERM exits with 143', args: script('kill -TERM $$') },
  { title: 'SIGINT exits with 130', args: script('kill -INT $$') },
  { title: 'SIGSEGV exits with 139', args: script('kill -SEGV $$') },
  { title: 'SIGHUP with a tty exits with 129', args: script('kill -HUP $$', '-t') },
  { title: 'a code with stdin attached', args: script('exit 9', '-i') },
  { title: 'a code with a tty', args: script('exit 11', '-t') },
  { title: 'a command that is not found', args: ['BOX', 'no-such-command'] },
  { title: 'a path that is not found', args: ['BOX', '/no/such/command'] },
  { title: 'a command that is not found, with a tty', args: ['-t', 'BOX', 'no-such-command'] },
  { title: 'a command that is not found, with stdin attached', args: ['-i', 'BOX', 'nope', 'x'] },
  { title: 'a file that is not executable', args: ['BOX', '/etc/passwd'] },
  { title: 'a folder as the command', args: ['BOX', '/tmp'] },
  { title: 'an empty command', args: ['BOX', ''] },
  {
    title: 'a process that outlives the command keeps its output open',
    args: script('(sleep 1; echo late) & echo early'),
    ownContainer: true,
  },
]
