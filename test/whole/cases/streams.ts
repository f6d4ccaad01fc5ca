/**
 * Input and output without a terminal.
 *
 * @module
 */

import { type Case, script } from './case.ts'

const mebibyte = 1024 * 1024

/** Pseudo-random bytes, the same in each run. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = 1
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}

const everyByte = Uint8Array.from({ length: 256 }, (_, value) => value)

export const streams: readonly Case[] = [
  { title: 'standard output', args: ['BOX', 'echo', 'hello'] },
  { title: 'output without a final line feed', args: ['BOX', 'printf', 'hello'] },
  { title: 'no output at all', args: ['BOX', 'printf', ''] },
  { title: 'standard error stays standard error', args: script('echo out; echo err >&2; exit 4') },
  {
    title: '10 MiB on both streams at once',
    args: script(
      `yes output | head -c ${10 * mebibyte} & yes error | head -c ${10 * mebibyte} >&2; wait`,
    ),
  },
  {
    title: '300,000 writes of one line',
    args: script('seq 1 300000'),
  },
  { title: 'binary output is not changed', args: ['BOX', 'cat', '/bin/busybox'] },
  {
    title: 'output and errors keep their order in one pipe',
    args: script('for n in 1 2 3; do echo out $n; sleep 0.2; echo err $n >&2; sleep 0.2; done'),
    shell: '"$@" 2>&1',
  },
  {
    title: 'a tty merges errors into the output',
    args: script('echo out; sleep 0.2; echo err >&2', '-t'),
  },
  {
    title: 'a tty turns line ends into \\r\\n, and the client keeps them',
    args: ['-t', 'BOX', 'printf', 'a\nb\n'],
  },
  {
    title: 'input goes to cat, and EOF ends cat',
    args: ['-i', 'BOX', 'cat'],
    stdin: 'one\ntwo',
  },
  { title: 'an empty input', args: ['-i', 'BOX', 'cat'], stdin: '' },
  { title: 'input from /dev/null', args: ['-i', 'BOX', 'wc', '-c'], stdin: 'ignore' },
  { title: 'input without -i is not read', args: ['BOX', 'cat'], stdin: 'unread' },
  { title: 'every byte value through cat', args: ['-i', 'BOX', 'cat'], stdin: everyByte },
  { title: '8 MiB through cat', args: ['-i', 'BOX', 'cat'], stdin: noise(8 * mebibyte) },
  { title: '8 MiB, counted', args: ['-i', 'BOX', 'wc', '-c'], stdin: noise(8 * mebibyte) },
  {
    title: 'input from a file',
    args: ['-i', 'BOX', 'md5sum'],
    files: { input: noise(3 * mebibyte + 1) },
    stdin: ({ folder }) => ({ file: `${folder}/input` }),
  },
  {
    title: 'a command that exits does not wait for endless input',
    args: script('echo bye; exit 4', '-i'),
    stdin: 'open',
  },
  {
    title: 'input in small pieces is answered piece by piece',
    args: ['-i', 'BOX', 'cat'],
    stdin: 'open',
    async during(running) {
      running.write('first\n')
      await running.waitFor('first\n')
      running.write('second\n')
      await running.waitFor('second\n')
      running.endInput()
    },
  },
  {
    title: 'EOF is a half-close: output continues after it',
    args: script('cat; sleep 0.3; echo still here', '-i'),
    stdin: 'input\n',
  },
  {
    title: 'a command that stops reading does not lose its output',
    args: ['-i', 'BOX', 'head', '-n', '1'],
    stdin: `first\n${'more\n'.repeat(400_000)}`,
  },
  {
    title: 'a reader of the output that leaves breaks the pipe',
    args: ['BOX', 'yes'],
    shell: '{ "$@"; echo "code $?" >&2; } | head -n 1',
    ownContainer: true,
  },
  {
    title: 'a reader of the errors that leaves breaks the pipe',
    args: script('sleep 0.3; echo error >&2; sleep 0.3; echo error >&2; sleep 5'),
    shell: '{ { "$@"; echo "code $?" >&3; } 2>&1 >/dev/null | true; } 3>&1',
    ownContainer: true,
  },
  {
    title: 'a full disk is reported by the client',
    args: ['BOX', 'echo', 'hello'],
    shell: '"$@" >/dev/full',
  },
  {
    title: 'errors that cannot be written also end the output',
    args: script('echo error >&2; sleep 0.3; echo output'),
    shell: '"$@" 2>/dev/full',
    ownContainer: true,
  },
  {
    title: 'help that cannot be written is not a failure',
    since: 28,
    args: ['--help'],
    shell: '"$@" >/dev/full',
  },
]
