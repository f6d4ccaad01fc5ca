import { describe, expect, onTestFinished, test } from 'vitest'
import type { Ending } from '../../../chapters/05-copy-loops/stage.ts'
import type { Resizing } from '../../../chapters/06-resize/stage.ts'
import { companion } from '../../../chapters/07-exit-code/companion.ts'
import { type Exited, exitCode } from '../../../chapters/07-exit-code/stage.ts'
import { Failure } from '../../../src/process/failure.ts'
import { asked, makeKit } from '../../support/kit.ts'
import {
  type Answer,
  breakOff,
  engineRoutes,
  json,
  refusal,
  startServer,
} from '../../support/server.ts'

const inspectLine = 'GET /exec/e1/json'

/** Runs chapter 7 after an ending. The daemon gives these answers in turn. */
async function exitedWith(ending: Ending, ...answers: Answer[]) {
  let asks = 0
  const server = await startServer([
    { on: inspectLine, answer: () => answers[Math.min(asks++, answers.length - 1)] as Answer },
    ...engineRoutes,
  ])
  onTestFinished(server.stop)
  const kit = await makeKit(server.host)
  const rawMode = kit.scope.hold('raw mode', 'raw' as const, () => void kit.terminalActions)
  const state = { ...asked(), execId: 'e1', rawMode, resizes: null, ended: Promise.resolve(ending) }
  const exited = (await exitCode.run(state as unknown as Resizing, kit)) as Exited
  return { exited, kit, asks: () => asks }
}

const note = (Running: boolean, ExitCode: number | null): Answer =>
  json('200 OK', { ID: 'e1', Running, ExitCode })

describe('exit code', () => {
  test.each([0, 5, 126, 137, 255])(
    'is %i if that is the command’s own (getExecExitCode)',
    async (code) => {
      const { exited } = await exitedWith({ by: 'daemon' }, note(false, code))
      expect(exited).toMatchObject({ exitCode: code, message: '' })
    },
  )

  test('is summarized with its signal, or after the message', async () => {
    const summary = async (ending: Ending, code: number): Promise<string> =>
      companion.summarize((await exitedWith(ending, note(false, code))).exited)
    expect(await summary({ by: 'daemon' }, 5)).toBe('The exit code is 5.')
    expect(await summary({ by: 'daemon' }, 137)).toBe(
      'The exit code is 137, which is 128 + 9: the conventional code of a command that SIGKILL killed.',
    )
    expect(await summary({ by: 'detach keys' }, 0)).toBe(
      'read escape sequence. Our exit code is 1.',
    )
  })

  test('is requested after raw mode is released', async () => {
    const { exited } = await exitedWith({ by: 'daemon' }, note(false, 0))
    expect(exited.rawMode?.isLive()).toBe(false)
  })

  test('is requested again if the stream ends before the daemon has it', async () => {
    const { exited, asks } = await exitedWith(
      { by: 'daemon' },
      note(true, null),
      note(true, null),
      note(false, 3),
    )
    expect(exited.exitCode).toBe(3)
    expect(asks()).toBe(3)
  })

  test('is not 0 if the command is still running', async () => {
    const { exited } = await exitedWith({ by: 'daemon' }, note(true, null))
    expect(exited.exitCode).toBe(1)
    expect(exited.message).toMatch(/still running in box/)
  })

  test('is 1 with docker’s message after the detach keys, without a request', async () => {
    const { exited, asks } = await exitedWith({ by: 'detach keys' }, note(true, null))
    expect(exited).toMatchObject({ exitCode: 1, message: 'read escape sequence' })
    expect(asks()).toBe(0)
  })

  test('is 1 with the reason if the connection broke', async () => {
    const error = new Failure('lost the connection to the daemon: read ECONNRESET')
    const { exited } = await exitedWith({ by: 'error', error }, note(true, null))
    expect(exited).toMatchObject({ exitCode: 1, message: error.message })
  })

  test.each([
    ['is gone', breakOff()],
    ['has forgotten the exec', refusal('404 Not Found', 'No such exec instance: e1')],
  ])('is 255 with a message if the daemon %s', async (_, answered) => {
    const { exited } = await exitedWith({ by: 'daemon' }, answered)
    expect(exited.exitCode).toBe(255)
    expect(exited.message).toMatch(/exit code is unknown/)
  })
})
