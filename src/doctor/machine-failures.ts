/**
 * What can be wrong on this side: Node, the packages, the terminal.
 *
 * @module
 */

import type { KnownFailure } from './failures.ts'
import { everywhere } from './same-fix.ts'

/** Failures of Node, npm and the terminal. */
export const machineFailures = [
  {
    name: 'node-too-old',
    means: 'The workbook uses functions that this version of Node.js does not have.',
    fix: {
      linux: 'Install Node.js 20 or newer: nvm install 20, or the packages of nodejs.org.',
      darwin: 'Install Node.js 20 or newer: brew install node, or nvm install 20.',
      win32: 'Install Node.js 20 or newer: winget install OpenJS.NodeJS.LTS, then a new window.',
    },
  },
  {
    name: 'packages-missing',
    means: 'A package that the workbook needs is not in node_modules, or has another version.',
    fix: everywhere('In the folder of the workbook: npm ci --loglevel=error'),
  },
  {
    name: 'pty-binding-missing',
    means:
      'The optional package that opens pseudo-terminals is not there. Only the practice daemon and the tests need it: without it the practice daemon runs commands without a terminal.',
    fix: {
      linux:
        'npm ci --include=optional --loglevel=error. Where the system has no prebuilt binding: add --no-tty to --practice.',
      darwin:
        'npm ci --include=optional --loglevel=error. Where the system has no prebuilt binding: add --no-tty to --practice.',
      win32: 'Add --no-tty to --practice: on Windows the practice daemon has no pseudo-terminals.',
    },
  },
  {
    name: 'path-conversion',
    means:
      'Git Bash and its like turn an argument such as /bin/sh into a path of Windows before the workbook sees it.',
    fix: everywhere('export MSYS_NO_PATHCONV=1, or use PowerShell, or write //bin/sh.'),
  },
  {
    name: 'mintty',
    means:
      'This is mintty, the window of Git Bash. It looks like a terminal to a person and like a pipe to a program that is not of MSYS, so raw mode and sizes do not work.',
    fix: everywhere('Use Windows Terminal or PowerShell, or put winpty before the command.'),
  },
  {
    name: 'no-stty',
    means:
      'There is no stty. Raw mode is then set by Node.js, which leaves output processing on: each line end of a session is translated twice.',
    fix: {
      linux: 'Install it: it is in coreutils (apt-get install coreutils) and in busybox.',
      darwin: 'It is /bin/stty: put /bin back into PATH.',
      win32: 'Nothing: Windows has no stty, and its console needs none.',
    },
  },
  {
    name: 'raw-mode-refused',
    means:
      'The terminal did not take raw mode, so keys arrive line by line and chapters 4 to 7 show the wrong thing.',
    fix: {
      linux:
        'Run it in the foreground of an ordinary terminal. A console inside an editor or a web page may have no modes of its own; --no-tty does without them.',
      darwin:
        'Run it in the foreground in Terminal or iTerm2. A console inside an editor may have no modes of its own; --no-tty does without them.',
      win32: 'Use Windows Terminal, or --no-tty.',
    },
  },
  {
    name: 'terminal-not-restored',
    means: 'Raw mode was given back, but the terminal is not as it was before.',
    fix: {
      linux: 'npm run rescue, or: stty sane, ended with Ctrl-J where Enter does nothing.',
      darwin: 'npm run rescue, or: stty sane, ended with Ctrl-J where Enter does nothing.',
      win32: 'Close the window and open a new one.',
    },
  },
  {
    name: 'window-size-unknown',
    means:
      'The terminal says that it has no columns or no rows. Nothing can be said about the size of a window, and chapter 6 has nothing to send.',
    fix: {
      linux: 'stty rows 24 cols 80',
      darwin: 'stty rows 24 cols 80',
      win32: 'Use Windows Terminal.',
    },
  },
] as const satisfies readonly KnownFailure[]
