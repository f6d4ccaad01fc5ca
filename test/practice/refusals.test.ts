import { expect, test } from 'vitest'
import { execOn, withPractice } from './daemon.ts'

const inRange = 'Error response from daemon: uids and gids must be in range 0-2147483647\n'
const cannot = 'OCI runtime exec failed: exec failed: unable to start container process: exec:'
const long = `/${'x'.repeat(300)}`

/** What dockerd 28.5 does with each of these, as `docker exec` shows it. */
const cases: readonly {
  readonly title: string
  readonly args: readonly string[]
  readonly code: number
  readonly said: string
}[] = [
  {
    title: 'a user with too large a number',
    args: ['-u', '2147483648', 'practice', 'true'],
    code: 1,
    said: inRange,
  },
  {
    title: 'a group with too large a number',
    args: ['-u', '0:99999999999', 'practice', 'true'],
    code: 1,
    said: inRange,
  },
  { title: 'a user below zero', args: ['-u', '-1', 'practice', 'true'], code: 1, said: inRange },
  {
    title: 'detach keys with DEL in them are keys',
    args: ['--detach-keys', 'DEL,a', 'practice', 'true'],
    code: 0,
    said: '',
  },
  {
    title: 'a command whose name has what cannot be seen in it',
    args: ['practice', 'no\n\x01such'],
    code: 127,
    said: `${cannot} "no\\n\\x01such": executable file not found in $PATH\r\n`,
  },
  {
    title: 'a command with too long a name',
    args: ['practice', long],
    code: 128,
    said: `${cannot} "${long}": stat ${long}: file name too long\r\n`,
  },
  {
    title: 'a command below a file',
    args: ['practice', '/etc/passwd/x'],
    code: 127,
    said:
      `${cannot} "/etc/passwd/x": stat /etc/passwd/x: not a directory: Are you trying to mount a ` +
      'directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type\r\n',
  },
  {
    title: 'a command that is a file and is asked for as a directory',
    args: ['practice', '/etc/passwd/'],
    code: 127,
    said:
      `${cannot} "/etc/passwd/": stat /etc/passwd/: not a directory: Are you trying to mount a ` +
      'directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type\r\n',
  },
  {
    title: 'a command whose name has a space that does not break, a bell and quotation marks in it',
    args: ['practice', 'a\u00a0\x07"b"\u{1f600}'],
    code: 127,
    said: `${cannot} "a\\u00a0\\a\\"b\\"\u{1f600}": executable file not found in $PATH\r\n`,
  },
  {
    title: 'a working directory with too long a name',
    args: ['-w', long, 'practice', 'true'],
    code: 128,
    said: `${cannot.replace(/exec:$/, '')}chdir to cwd ("${long}") set in config.json failed: file name too long\r\n`,
  },
  {
    title: 'a working directory with a line feed in its name',
    args: ['-w', '/no\nsuch', 'practice', 'true'],
    code: 127,
    said: `${cannot.replace(/exec:$/, '')}chdir to cwd ("/no\\nsuch") set in config.json failed: no such file or directory\r\n`,
  },
  {
    title: 'a group with a colon in it',
    args: ['-u', '0:0:0', 'practice', 'true'],
    code: 1,
    said: 'Error response from daemon: unable to find group 0:0: no matching entries in group file\n',
  },
  {
    title: 'a container with a slash in its name',
    args: ['a/b', 'true'],
    code: 1,
    said: 'Error response from daemon: No such container: a/b\n',
  },
]

test.skipIf(process.platform === 'win32').each(cases)(
  'the practice daemon answers as dockerd does: $title',
  async ({ args, code, said }) => {
    await withPractice([], async (daemon) => {
      const ran = await execOn(daemon, args)
      expect(ran.stdout.toString() + ran.stderr.toString()).toBe(said)
      expect(ran.code).toBe(code)
    })
  },
)
