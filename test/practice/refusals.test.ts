import { expect, test } from 'vitest'
import { execOn, withPractice } from './daemon.ts'

const cannot = 'OCI runtime exec failed: exec failed: unable to start container process: exec:'

/** How dockerd 28.5 answers, as `docker exec` shows it. */
const cases: readonly {
  readonly title: string
  readonly args: readonly string[]
  readonly code: number
  readonly said: string
}[] = [
  {
    title: 'detach keys that contain DEL',
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
    title: 'a file with a trailing slash as the command',
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
  'the practice daemon answers like dockerd: $title',
  async ({ args, code, said }) => {
    await withPractice([], async (daemon) => {
      const ran = await execOn(daemon, args)
      expect(ran.stdout.toString() + ran.stderr.toString()).toBe(said)
      expect(ran.code).toBe(code)
    })
  },
)
