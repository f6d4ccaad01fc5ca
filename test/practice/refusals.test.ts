import { expect, test } from 'vitest'
import { execOn, withPractice } from './daemon.ts'

const cannot = 'OCI runtime exec failed: exec failed: unable to start container process: exec:'

/** What dockerd 28.5 does with each of these, as `docker exec` shows it. */
const cases: readonly {
  readonly title: string
  readonly args: readonly string[]
  readonly code: number
  readonly said: string
}[] = [
  {
    title: 'detach keys with DEL in them are keys',
    args: ['--detach-keys', 'DEL,a', 'practice', 'true'],
    code: 0,
    said: '',
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
