import { describe, expect, onTestFinished, test } from 'vitest'
import type { Copying, Ending } from '../../../chapters/05-copy-loops/stage.ts'
import { type Resizing, resize } from '../../../chapters/06-resize/stage.ts'
import type { TerminalKind } from '../../../src/judging/memory-terminal.ts'
import { asked, makeKit, type TestKit } from '../../support/kit.ts'
import { answer, engineRoutes, type Route, refusal, startServer } from '../../support/server.ts'

const window = { rows: 69, columns: 236 }
const isResize = /^POST \/exec\/e1\/resize/

/** A session that is open until `end` is called. */
async function openSession(kind: TerminalKind, ...routes: Route[]) {
  const server = await startServer([...routes, ...engineRoutes])
  onTestFinished(server.stop)
  const kit = await makeKit(server.host, kind)
  let end: (ending: Ending) => void = () => {}
  const ended = new Promise<Ending>((resolve) => {
    end = resolve
  })
  const sizes = (): string[] =>
    server.requests.flatMap(({ path }) => /\/resize\?(.*)$/.exec(path)?.[1] ?? [])
  return {
    kit,
    sizes,
    end,
    copying: (tty: boolean) => ({ ...asked({ tty }), execId: 'e1', ended }),
  }
}

const run = (copying: object, kit: TestKit) =>
  resize.run(copying as Copying, kit) as Promise<Resizing>

describe('resize', () => {
  test('sends the height and the width of our window', async () => {
    const { kit, sizes, copying } = await openSession({ isTerminal: true, size: window })
    expect((await run(copying(true), kit)).size).toEqual(window)
    expect(sizes()).toEqual(['h=69&w=236'])
  })

  test('follows the window (SIGWINCH) until it is released', async () => {
    const { kit, sizes, copying } = await openSession({ isTerminal: true, size: window })
    await run(copying(true), kit)
    kit.user.resizeWindow({ rows: 24, columns: 80 })
    await expect.poll(() => sizes()).toEqual(['h=69&w=236', 'h=24&w=80'])
    await kit.scope.releaseAll()
    kit.user.resizeWindow({ rows: 10, columns: 10 })
    await kit.engine.request('GET', '/containers/box/json')
    expect(sizes()).toHaveLength(2)
  })

  test.each([
    ['without a tty', false, { isTerminal: true, size: window }],
    ['if our input is not a terminal', true, { isTerminal: false, size: window }],
    ['if our output is not a terminal', true, { isTerminal: true }],
    ['for a window of 0 by 0', true, { isTerminal: true, size: { rows: 0, columns: 0 } }],
  ])('sends nothing %s', async (_, tty, kind) => {
    const { kit, sizes, copying } = await openSession(kind)
    await run(copying(tty), kit)
    expect(sizes()).toEqual([])
  })

  test('retries if the process is not running yet', async () => {
    let refusals = 3
    const { kit, sizes, copying } = await openSession(
      { isTerminal: true, size: window },
      {
        on: isResize,
        answer: () =>
          refusals-- > 0
            ? refusal('500 Internal Server Error', 'no such exec')
            : answer('200 OK', 'text/plain', ''),
      },
    )
    await run(copying(true), kit)
    await expect.poll(() => sizes()).toHaveLength(4)
    expect(kit.stderr()).toBe('')
  })

  test('prints one line after ten failed retries', async () => {
    const { kit, sizes, copying } = await openSession(
      { isTerminal: true, size: window },
      { on: isResize, answer: refusal('500 Internal Server Error', 'no such exec') },
    )
    await run(copying(true), kit)
    await expect.poll(() => kit.stderr()).toBe('failed to resize tty, using default size\n')
    expect(sizes()).toHaveLength(11)
  })

  test('stops retrying when the session is over', async () => {
    const { kit, sizes, copying, end } = await openSession(
      { isTerminal: true, size: window },
      { on: isResize, answer: refusal('500 Internal Server Error', 'no such exec') },
    )
    await run(copying(true), kit)
    end({ by: 'daemon' })
    const tries = sizes().length
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(sizes().length).toBeLessThanOrEqual(tries + 1)
    expect(kit.stderr()).toBe('')
  })

  test('accepts Podman’s 201', async () => {
    const { kit, sizes, copying } = await openSession(
      { isTerminal: true, size: window },
      { on: isResize, answer: answer('201 Created', 'text/plain', '') },
    )
    await run(copying(true), kit)
    await kit.engine.request('GET', '/containers/box/json')
    expect(sizes()).toHaveLength(1)
  })
})
