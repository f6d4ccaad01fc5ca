import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Hijacked } from '../../../chapters/03-hijack/stage.ts'
import { type Raw, rawMode } from '../../../chapters/04-raw-mode/stage.ts'
import { asked, makeKit } from '../../support/kit.ts'
import { engineRoutes, startServer } from '../../support/server.ts'

async function runRawMode(changes: object, isTerminal: boolean) {
  const server = await startServer(engineRoutes)
  onTestFinished(server.stop)
  const kit = await makeKit(server.host, { isTerminal })
  const raw = (await rawMode.run({ ...asked(changes) } as Hijacked, kit)) as Raw
  return { kit, raw }
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('raw mode', () => {
  test('is set with stdin attached, a tty and a terminal, and is restored once', async () => {
    const { kit, raw } = await runRawMode({ interactive: true, tty: true }, true)
    expect(kit.scope.live()).toEqual(['raw mode'])
    await raw.rawMode?.release()
    await raw.rawMode?.release()
    await kit.scope.releaseAll()
    expect(kit.terminalActions).toEqual(['raw', 'restore'])
  })

  test.each([
    ['without stdin', { interactive: false, tty: true }, true],
    ['without a tty', { interactive: true, tty: false }, true],
    ['without a terminal', { interactive: true, tty: true }, false],
  ])('is not set %s', async (_, changes, isTerminal) => {
    const { kit, raw } = await runRawMode(changes, isTerminal)
    expect(raw.rawMode).toBeNull()
    expect(kit.terminalActions).toEqual([])
  })

  test('is not set with NORAW in the environment', async () => {
    vi.stubEnv('NORAW', '1')
    const { raw } = await runRawMode({ interactive: true, tty: true }, true)
    expect(raw.rawMode).toBeNull()
  })
})
