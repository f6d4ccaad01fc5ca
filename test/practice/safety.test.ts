import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { makePracticeFolder } from '../../src/practice/server.ts'
import { type PracticeDaemon, startPracticeDaemon } from '../../src/practice/spawn.ts'
import { call } from '../support/api.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { start } from '../support/run.ts'
import { script } from '../support/scripts.ts'
import { execOn, program } from './daemon.ts'

const isWindows = process.platform === 'win32'

/** Seconds that no other test run sleeps for, to find a process by. */
const nap = (test: number): string => `${test}${String(process.pid).padStart(8, '0')}`

describe.skipIf(isWindows)('the practice daemon', () => {
  let daemon: PracticeDaemon
  beforeEach(async () => {
    daemon = await startPracticeDaemon({ program })
  })
  afterEach(() => daemon.close())

  const socketPath = (): string => daemon.host.replace('unix://', '')

  test('listens in a folder that other users cannot open', () => {
    expect(statSync(dirname(socketPath())).mode & 0o777).toBe(0o700)
    expect(statSync(socketPath()).mode & 0o077).toBe(0)
  })

  test('runs commands in an empty directory, with a small environment', async () => {
    const { stdout } = await execOn(daemon, ['practice', 'sh', '-c', 'ls -A; env'])
    const names = String(stdout)
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0])
      .sort()
    expect(names.filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name ?? ''))).toEqual([
      'HOME',
      'HOSTNAME',
      'PATH',
    ])
  })

  test.each(['/images/json', '/containers/create', '/info', '/build', '/volumes'])(
    'answers %s with 404',
    async (path) => {
      for (const method of ['GET', 'POST', 'DELETE'] as const) {
        const { status, body } = await call(daemon.host, method, path)
        expect(status).toBe(404)
        expect(String(body)).toContain('the practice daemon has only one container, practice')
      }
    },
  )

  test('kills the processes that it started, including those in their own sessions', async () => {
    await execOn(daemon, ['-d', 'practice', 'sleep', nap(1)])
    await execOn(daemon, ['practice', 'sh', '-c', `setsid sleep ${nap(1)} >/dev/null 2>&1 &`])
    expect(sleepers(nap(1))).toHaveLength(2)
    await daemon.close()
    expect(sleepers(nap(1))).toHaveLength(0)
    expect(existsSync(dirname(socketPath()))).toBe(false)
  })

  test('is killed if it is stopped and cannot react', async () => {
    process.kill(daemon.pid, 'SIGSTOP')
    await daemon.close()
    expect(existsSync(dirname(socketPath()))).toBe(false)
  })

  test('reports why it cannot start', async () => {
    const [command, ...words] = script('daemon')
    const { code, stderr } = await start(command, words, { env: { TMPDIR: '/dev/null' } }).ended
    expect(stderr.toString()).toMatch(/^the practice daemon did not start: ENOTDIR: .*\n$/)
    expect(code).toBe(1)
  })

  test('uses a private folder elsewhere if TMPDIR is too long for a socket', async () => {
    const long = join(temporaryFolder('wbpractice'), 'x'.repeat(120))
    mkdirSync(long)
    vi.stubEnv('TMPDIR', long)
    onTestFinished(() => void vi.unstubAllEnvs())
    const folder = makePracticeFolder()
    onTestFinished(() => removeFolder(folder))
    expect(dirname(folder)).toBe(realpathSync('/tmp'))
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })

  test('leaves no processes and no folder if it is killed', async () => {
    await execOn(daemon, ['-d', 'practice', 'sleep', nap(2)])
    process.kill(daemon.pid, 'SIGKILL')
    await until(() => sleepers(nap(2)).length === 0 && !existsSync(dirname(socketPath())))
  })
})

test.skipIf(isWindows)(
  'the practice daemon ends with the workbook, even if that is killed',
  async () => {
    const [node, ...words] = script(
      'chapter',
      '--plain',
      '--practice',
      '7',
      'practice',
      'sleep',
      nap(3),
    )
    const workbook = start(node, words, { stdin: 'open' })
    onTestFinished(workbook.stop)
    await until(() => sleepers(nap(3)).length === 1)
    process.kill(workbook.pid, 'SIGKILL')
    await workbook.ended
    await until(() => sleepers(nap(3)).length === 0)
  },
)

/** Waits until a condition holds, or throws with the line of the call. */
function until(isSo: () => boolean): Promise<void> {
  return expect.poll(() => isSo()).toBe(true)
}

/** Returns the processes that sleep for this long. */
function sleepers(seconds: string): string[] {
  return execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\n')
    .filter((line) => line === `sleep ${seconds}`)
}
