/**
 * Cases in a real terminal: keys, screen and modes.
 *
 * Each case waits for the command before it types. The local terminal echoes
 * keys that arrive before raw mode, so the screen would depend on timing.
 *
 * @module
 */

import type { Terminal } from '../../support/pty.ts'
import { type Case, script, sinceDocker28 } from './case.ts'

const [ctrlC, ctrlD, ctrlP, ctrlQ] = ['\x03', '\x04', '\x10', '\x11']
const [ctrlX, ctrlZ, ctrlBackslash, enter] = ['\x18', '\x1a', '\x1c', '\r']

/** Types nothing. */
async function watch(): Promise<void> {}

/** For each step, waits for a text and then types keys. */
function typing(...steps: readonly (readonly [awaited: string | RegExp, keys: string])[]) {
  return async (terminal: Terminal): Promise<void> => {
    for (const [awaited, keys] of steps) {
      await terminal.waitFor(awaited)
      terminal.type(keys)
    }
  }
}

/**
 * Prints three input bytes unchanged, with the container's terminal in raw
 * mode.
 */
const showThreeBytes = 'stty raw -echo; echo ready; head -c 3 | od -An -tx1'

/**
 * Waits for the first window size. Before API 1.42 it arrives shortly after
 * the command has started. Until then the size is 0 by 0, which `stty` does
 * not print.
 */
const untilSized = 'until stty size 2>/dev/null | grep -qv "^0 0"; do sleep 0.05; done'

/**
 * An interactive shell whose first line is not redrawn when the size arrives.
 */
const interactiveShell = script(`${untilSized}; exec sh`, '-it', '-e', 'PS1=box> ')

const leftBehind = 'ps | grep -c "[s]leep 777"'

const output: readonly Case[] = [
  { title: 'a line', args: ['-it', 'BOX', 'echo', 'hello'], terminal: watch },
  { title: 'several lines', args: ['-it', 'BOX', 'printf', 'a\nb\n\nc\n'], terminal: watch },
  { title: 'lines without a tty', args: ['BOX', 'printf', 'a\nb\n'], terminal: watch },
  { title: 'errors without a tty', args: script('echo err >&2'), terminal: watch },
  { title: 'many lines', args: ['-it', 'BOX', 'seq', '1', '20000'], terminal: watch },
  {
    title: 'control sequences and bytes that are not text',
    args: script("printf '\\033[31mred\\033[0m\\001\\377\\000\\tend\\n'", '-it'),
    terminal: watch,
  },
  { title: 'UTF-8', args: ['-it', 'BOX', 'echo', 'grüß 漢字 🐳'], terminal: watch },
  { title: 'an exit code', args: script('exit 42', '-it'), terminal: watch },
  { title: 'a command that is not found', args: ['-it', 'BOX', 'nope'], terminal: watch },
  { title: 'a missing container', args: ['-it', 'no-such-box', 'sh'], terminal: watch },
  { title: 'an unknown user', args: ['-it', '-u', 'stranger', 'BOX', 'sh'], terminal: watch },
  {
    title: 'a command that kills itself',
    args: script('echo before; kill -9 $$', '-it'),
    terminal: watch,
  },
]

const keys: readonly Case[] = [
  {
    title: 'the terminal in the container echoes',
    args: ['-it', 'BOX', 'sh', '-c', 'echo ready; read line; echo "got $line"'],
    terminal: typing(['ready', 'hello'], ['hello', enter]),
  },
  {
    title: 'an echo that the container switches off is off',
    args: script('stty -echo; echo ready; read line; echo "got $line"', '-it'),
    terminal: typing(['ready', `hello${enter}`]),
  },
  {
    title: 'backspace is handled in the container',
    args: script('echo ready; read line; echo "got $line"', '-it'),
    terminal: typing(['ready', 'ab'], ['ab', '\x7f'], ['\b \b', `c${enter}`]),
  },
  {
    title: 'typed UTF-8',
    args: script('echo ready; read line; echo "got $line"', '-it'),
    terminal: typing(['ready', 'grüß 漢字 🐳'], ['🐳', enter]),
  },
  {
    title: 'every control byte arrives',
    args: script('stty raw -echo; echo ready; head -c 6 | od -An -tx1', '-it'),
    terminal: typing(['ready', '\x00\x01\x13\x16\x1b\x7f']),
  },
  {
    title: 'an interactive shell, from the prompt to its exit',
    args: interactiveShell,
    terminal: typing(
      ['box> ', 'echo one'],
      ['echo one', enter],
      ['one\r\nbox> ', `exit 3${enter}`],
    ),
  },
  {
    title: 'Ctrl-C ends the command in the container',
    args: script('echo ready; exec cat', '-it'),
    terminal: typing(['ready', ctrlC]),
  },
  {
    title: 'Ctrl-C reaches a command that handles it',
    args: script('trap "echo caught; exit 7" INT; echo ready; while :; do sleep 0.1; done', '-it'),
    terminal: typing(['ready', ctrlC]),
  },
  {
    title: 'Ctrl-D means EOF in the container',
    args: script('echo ready; cat; echo over', '-it'),
    terminal: typing(['ready', `line${enter}`], ['line\r\nline\r\n', ctrlD]),
  },
  {
    title: 'Ctrl-Z stops the command in the container, not the client',
    args: interactiveShell,
    terminal: typing(
      ['box> ', `sh -c "echo up; cat"${enter}`],
      ['up\r\n', ctrlZ],
      ['Stopped', ''],
      ['box> ', `exit 5${enter}`],
      ['You have stopped jobs.', ''],
      ['box> ', `exit 5${enter}`],
    ),
  },
  {
    title: 'Ctrl-\\ quits the command in the container',
    args: script('echo ready; exec cat', '-it'),
    terminal: typing(['ready', ctrlBackslash]),
  },
  {
    title: 'Ctrl-S and Ctrl-Q act in the container',
    args: script('stty raw -echo; echo ready; head -c 3 | od -An -tx1', '-it'),
    terminal: typing(['ready', '\x13\x11a']),
  },
  {
    title: 'a command that exits while no key is typed',
    args: script('echo ready; sleep 0.3; echo over; exit 6', '-it'),
    terminal: watch,
  },
]

const windows: readonly Case[] = [
  {
    title: 'the window size',
    args: script(`${untilSized}; stty size`, '-it'),
    window: { columns: 99, rows: 33 },
    terminal: watch,
  },
  {
    title: 'the window size without stdin attached',
    args: script(`${untilSized}; stty size`, '-t'),
    window: { columns: 99, rows: 33 },
    terminal: watch,
  },
  {
    title: 'a window that is resized',
    args: script(
      `${untilSized}; echo ready; ` +
        'while [ "$(stty size)" = "24 80" ]; do sleep 0.05; done; stty size',
      '-it',
    ),
    async terminal(terminal) {
      await terminal.waitFor('ready')
      terminal.resize(132, 43)
    },
  },
  {
    title: 'a command that handles SIGWINCH',
    args: script(
      `${untilSized}; trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.1; done`,
      '-it',
    ),
    async terminal(terminal) {
      await terminal.waitFor('ready')
      terminal.resize(40, 10)
    },
  },
]

const detaching: readonly Case[] = [
  {
    title: 'ctrl-p ctrl-q detaches, and the command keeps running',
    args: script('echo ready; sleep 777', '-it'),
    ownContainer: true,
    terminal: typing(['ready', ctrlP + ctrlQ]),
    afterwards: leftBehind,
  },
  {
    title: 'ctrl-p and ctrl-q in two reads detach',
    args: script('echo ready; sleep 777', '-it'),
    ownContainer: true,
    async terminal(terminal) {
      await terminal.waitFor('ready')
      terminal.type(ctrlP)
      // The two keys must arrive in two reads. The first one has no visible
      // effect.
      await new Promise((resolve) => setTimeout(resolve, 200))
      terminal.type(ctrlQ)
    },
    afterwards: leftBehind,
  },
  {
    title: 'keys before the detach keys still arrive',
    args: script('echo ready; read line; echo "$line" >/tmp/line; sleep 777', '-it'),
    ownContainer: true,
    terminal: typing(['ready', `hello${enter}`], ['hello', ctrlP + ctrlQ]),
    afterwards: 'until [ -s /tmp/line ]; do sleep 0.05; done; cat /tmp/line',
  },
  {
    title: 'custom detach keys',
    args: script('echo ready; sleep 777', '-it', '--detach-keys=ctrl-x,x'),
    ownContainer: true,
    terminal: typing(['ready', `${ctrlX}x`]),
    afterwards: leftBehind,
  },
  {
    title: 'a single letter as the detach key',
    args: script('echo ready; sleep 777', '-it', '--detach-keys', 'a'),
    ownContainer: true,
    terminal: typing(['ready', 'a']),
  },
  {
    title: 'with custom detach keys the default ones are ordinary input',
    args: script(showThreeBytes, '-it', '--detach-keys=ctrl-x,x'),
    terminal: typing(['ready', `${ctrlP}${ctrlQ}a`]),
  },
  {
    title: 'detach keys from the config file',
    args: script('echo ready; sleep 777', '-it'),
    files: { 'config.json': '{"detachKeys":"ctrl-x,x"}' },
    env: ({ folder }) => ({ DOCKER_CONFIG: folder }),
    ownContainer: true,
    terminal: typing(['ready', `${ctrlX}x`]),
  },
  {
    title: 'the option overrides the config file',
    args: script('echo ready; sleep 777', '-it', '--detach-keys=ctrl-a'),
    files: { 'config.json': '{"detachKeys":"ctrl-x,x"}' },
    env: ({ folder }) => ({ DOCKER_CONFIG: folder }),
    ownContainer: true,
    terminal: typing(['ready', '\x01']),
  },
  {
    title: 'half of the detach keys and another key reach the command',
    args: script(showThreeBytes, '-it'),
    terminal: typing(['ready', `${ctrlP}xy`]),
  },
  {
    title: 'ctrl-p ctrl-p ctrl-q does not detach',
    args: script(showThreeBytes, '-it'),
    terminal: typing(['ready', ctrlP + ctrlP + ctrlQ]),
  },
  {
    title: 'detach keys in the wrong order do not detach',
    args: script(showThreeBytes, '-it'),
    terminal: typing(['ready', `${ctrlQ}${ctrlP}a`]),
  },
]

const halves: readonly Case[] = [
  {
    title: '-t without -i: the local terminal handles the keys',
    args: script('echo ready; sleep 1; echo over', '-t'),
    terminal: typing(['ready', 'x']),
  },
  {
    title: '-i without -t: the local terminal echoes and edits',
    args: ['-i', 'BOX', 'cat'],
    terminal: async (terminal) => {
      terminal.type('hello\r')
      await terminal.waitFor('hello\r\nhello\r\n')
      terminal.type(ctrlD)
    },
  },
  {
    title: 'Ctrl-C without -t interrupts the client',
    args: script('echo ready; sleep 777', '-i'),
    ownContainer: true,
    terminal: typing(['ready', ctrlC]),
    afterwards: leftBehind,
  },
  {
    title: 'NORAW leaves the terminal’s modes alone',
    args: script('echo ready; head -n 1', '-it'),
    env: { NORAW: '1' },
    terminal: typing(['ready', `hello${enter}`]),
  },
  {
    title: '-it with redirected input',
    args: ['-it', 'BOX', 'cat'],
    shell: '"$@" </dev/null',
    terminal: watch,
  },
  {
    title: '-it with redirected output',
    args: script('echo one; echo two; exit 3', '-it'),
    env: ({ folder }) => ({ OUTPUT: `${folder}/output` }),
    shell: '"$@" >"$OUTPUT.$$"; code=$?; cat "$OUTPUT.$$"; exit $code',
    terminal: watch,
  },
  {
    title: 'with a tty, errors go to the screen even if stderr is redirected',
    args: script('echo out; sleep 0.2; echo err >&2', '-it'),
    shell: '"$@" 2>/dev/null',
    terminal: watch,
  },
  {
    title: 'detached in a terminal',
    args: ['-dit', 'BOX', 'sleep', '1'],
    terminal: watch,
  },
]

// Clients before 28 keep trying to resize a command that has ended, and
// sometimes print an error about it. Their screens differ from run to run.
export const terminal: readonly Case[] = [
  ...output,
  ...keys,
  ...windows,
  ...detaching,
  ...halves,
].map((each) => sinceDocker28({ ...each, title: `in a terminal: ${each.title}` }))
