/**
 * The views of a stage without a menu: `npm run chapter -- N --view NAME`.
 *
 * @module
 */

import { describe, expect, onTestFinished, test } from 'vitest'
import { describeWithEngine, isPodman, startContainer } from '../support/engine.ts'
import { type RunOptions, run } from '../support/run.ts'
import { script } from '../support/scripts.ts'

function chapter(args: readonly string[], options: RunOptions = {}) {
  const [command, ...words] = script('chapter', ...args)
  return run(command, words, options)
}

describeWithEngine('--view', (engine) => {
  const env = { DOCKER_HOST: engine.host }

  async function viewed(number: number, ...views: string[]): Promise<string> {
    const box = await startContainer()
    onTestFinished(box.release)
    const asked = views.flatMap((view) => ['--view', view])
    const command = ['sh', '-c', 'echo out; exit 3']
    const args = [String(number), '--no-tape', ...asked, box.name, ...command]
    const { stdout, code } = await chapter(args, { env })
    expect(code).toBe(number === 7 ? 3 : 0)
    return stdout.toString()
  }

  test('state shows the input, the added values and the open resources', async () => {
    const text = await viewed(2, 'state')
    expect(text).toMatch(/^in\n {2}container {4}"[^"]+"$/m)
    expect(text).toMatch(/^out: the same, plus\n\+ reply +\{ status: 101/m)
    expect(text).toMatch(/^held open\n {2}connection$/m)
    expect(text, 'a report').not.toContain('── 1 create ─')
  })

  test('wire shows only this stage, with the frames explained', async () => {
    const text = await viewed(5, 'wire')
    expect(text).toContain('[01 00 00 00 00 00 00 04]  stdout, 4 bytes')
    expect(text, 'the wire of an earlier stage').not.toContain('/start')
  })

  test('bytes shows every field of this stage with its meaning', async () => {
    const text = await viewed(1, 'bytes')
    expect(text).toMatch(/^0d 0a +line end: /m)
    expect(text).toMatch(/^22 54 74 79 22 3a 66 … +Tty: The command gets pipes/m)
    expect(text).toMatch(/^7d +JSON ends: /m)
  })

  test('bytes shows the fields of a frame', async () => {
    const text = await viewed(5, 'bytes')
    expect(text).toMatch(/^01 +stream: 1 is stdout\./m)
    expect(text).toMatch(/^00 00 00 04 +payload length: 4 bytes of payload follow\.$/m)
  })

  test('wire shows the teardown below its own heading', async () => {
    const text = await viewed(3, 'wire')
    expect(text).toMatch(/This stage sends and receives nothing/)
    expect(text).toMatch(
      /^teardown, after the last stage:\n2→ Half-close: we stop writing +[\d.]+ ms$/m,
    )
  })

  test('daemon shows the requests about the exec and the daemon’s events', async (context) => {
    const text = await viewed(7, 'daemon')
    expect(text).toMatch(/POST \/v[\d.]+\/containers\/.+\/exec$/m)
    if (isPodman(engine)) context.skip('Podman’s list of past events has no execs')
    expect(text).toMatch(/ms {2}exec_create: sh -c/)
    expect(text).toMatch(/ms {2}exec_die, exit code 3$/m)
  })

  test('shows several views in the given order', async () => {
    const text = await viewed(1, 'terminal', 'state')
    expect([...text.matchAll(/^── (\w+) ─/gm)].map(([, name]) => name)).toEqual([
      'terminal',
      'state',
    ])
    expect(text).toContain('There is no terminal here')
  })
})

describe('--view', () => {
  // No daemon is here, so any request fails.
  const env = { DOCKER_HOST: 'unix:///nobody/is/here.sock' }

  test('source and more need no daemon', async () => {
    const { stdout, stderr, code } = await chapter(['3', '--view', 'source', '--view', 'more'], {
      env,
    })
    expect([code, stderr.toString()]).toEqual([0, ''])
    const text = stdout.toString()
    expect(text).toContain('today: client/hijack.go, setupHijackConn')
    expect(text).toContain('export const hijack')
    expect(text).toContain('3 Hijack, in depth')
  })

  test.each([
    [['3', '--view', 'wires'], 'the views are state, wire, bytes, terminal, daemon, source, more'],
    [['--view', 'wire'], '--view requires a chapter number'],
    [
      ['3', '--json', '--view', 'wire'],
      'the JSON document has the state and the wire of every stage',
    ],
  ])('%j is rejected with a reason', async (args, sentence) => {
    const { stdout, stderr, code } = await chapter(args, { env })
    expect([code, stdout.toString()]).toEqual([125, ''])
    expect(stderr.toString()).toContain(sentence)
  })
})
