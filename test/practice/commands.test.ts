import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { create, frames, inspect, start, type Target } from '../conformance/raw.ts'
import { temporaryFolder } from '../support/folder.ts'
import { execOn, withPractice } from './daemon.ts'

const out = { AttachStdout: true, AttachStderr: true }
const tty = { Detach: false, Tty: true }

async function exitCode(target: Target, id: string): Promise<unknown> {
  return expect
    .poll(async () => (await inspect(target, id)).ExitCode)
    .not.toBeNull()
    .then(async () => (await inspect(target, id)).ExitCode)
}

describe.skipIf(process.platform === 'win32')('a command of the practice daemon', () => {
  // Linux reopens the pipe here. Other systems duplicate the handle.
  test.each(['cat /dev/stdin', 'sleep 0.5; cat /dev/stdin; cat /dev/stdin'])(
    'can reopen its input even after the client has closed it: %s',
    async (script) => {
      await withPractice([], async (daemon) => {
        const ran = await execOn(daemon, ['-i', 'practice', 'sh', '-c', script], { stdin: 'in\n' })
        expect({ stdout: String(ran.stdout), code: ran.code }).toEqual({ stdout: 'in\n', code: 0 })
      })
    },
  )

  test('creates files that other users may read, as in a container', async () => {
    await withPractice([], async (daemon) => {
      const ran = await execOn(daemon, ['practice', 'sh', '-c', 'umask'])
      expect(String(ran.stdout).trim()).toMatch(/^0*22$/)
    })
  })

  test('reads EOF and never blocks on its output if it is detached', async () => {
    await withPractice([], async (target) => {
      for (const Tty of [false, true]) {
        const Cmd = ['sh', '-c', `${Tty ? '' : 'cat; '}head -c 300000 /dev/zero; exit 5`]
        const id = await create(target, { ...out, AttachStdin: true, Tty, Cmd })
        await start(target, id, { headers: {}, body: { Detach: true, Tty } })
        expect(await exitCode(target, id)).toBe(5)
      }
    })
  })

  test.each([
    [{ AttachStderr: true, Tty: true }, tty, ''],
    [{ AttachStdout: true, Tty: true }, tty, 'out\r\nerr\r\n'],
    [{ AttachStdout: true, AttachStderr: true }, tty, 'out\n'],
    [{ AttachStderr: true, Tty: true }, { Tty: false }, 'nothing'],
  ])(
    'sends the right streams if created with %j and started with %j: %j',
    async (body, started, expected) => {
      await withPractice([], async (target) => {
        const id = await create(target, { ...body, Cmd: ['sh', '-c', 'echo out; echo err >&2'] })
        const { rest } = await start(target, id, { body: started })
        expect(started === tty ? String(rest) : frames(rest)).toBe(expected)
      })
    },
  )

  test.each([
    [[24, 80], '24 80'],
    [[0, 80], '0 0'],
    [[24, 0], '0 0'],
    [[65_537, 65_538], '1 2'],
    [[65_536, 1], '0 0'],
  ])('sees the size %j as %s', async (ConsoleSize, expected) => {
    await withPractice([], async (target) => {
      const body = { AttachStdout: true, Tty: true, Cmd: ['stty', 'size'] }
      const id = await create(target, body, '/v1.51')
      const said = await start(target, id, { version: '/v1.51', body: { ...tty, ConsoleSize } })
      expect(String(said.rest)).toBe(`${expected}\r\n`)
    })
  })

  test.each([[[]], [['-t']]])('reports a missing interpreter, with %j', async (options) => {
    const script = join(temporaryFolder(), 'script')
    writeFileSync(script, '#!/no/such/interpreter\n')
    chmodSync(script, 0o755)
    await withPractice([], async (daemon) => {
      const ran = await execOn(daemon, [...options, 'practice', script])
      const said = `${ran.stdout}${ran.stderr}`.trim()
      expect(said).toBe(`exec ${script}: no such file or directory`)
      expect(ran.code).toBe(1)
    })
  })
})
