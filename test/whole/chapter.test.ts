/**
 * `npm run chapter N` on an engine: in a pipe, as JSON, with a sandbox.
 *
 * @module
 */

import { expect, onTestFinished, test } from 'vitest'
import { call } from '../support/api.ts'
import { describeWithEngine, startContainer, withoutLimitsNotice } from '../support/engine.ts'
import { temporaryFolder } from '../support/folder.ts'
import { openTerminal } from '../support/pty.ts'
import { type RunOptions, run, start } from '../support/run.ts'
import { script } from '../support/scripts.ts'

const titles = ['create', 'start', 'hijack', 'raw mode', 'copy loops', 'resize', 'exit code']

/** The values that each stage adds to the state. */
const added = [
  ['execId'],
  ['reply', 'connection'],
  ['wire', 'early', 'framing'],
  ['rawMode'],
  ['ended'],
  ['size', 'resizes'],
  ['exitCode', 'message'],
]

describeWithEngine('npm run chapter', (engine) => {
  const env = { DOCKER_HOST: engine.host }

  function chapter(args: string[], options: RunOptions = {}) {
    const [command, ...words] = script('chapter', ...args)
    return run(command, words, { ...options, env: { ...env, ...options.env } })
  }

  /** Returns all sandboxes on the daemon, including those of other users. */
  async function sandboxes(): Promise<string[]> {
    const filters = encodeURIComponent('{"label":["docker-exec-workbook=sandbox"]}')
    const { body } = await call(engine.host, 'GET', `/containers/json?all=1&filters=${filters}`)
    return (JSON.parse(body) as { Names: string[] }[]).map(({ Names }) => Names[0]?.slice(1) ?? '')
  }

  /** Returns the sandbox named in the output of a run. */
  function sandboxOf(output: Buffer): string {
    const [, name] = /^sandbox\s+(workbook-\w+),/m.exec(output.toString()) ?? []
    if (name === undefined) throw new Error(`no sandbox in ${output}`)
    return name
  }

  test.each([1, 2, 3, 4, 5, 6, 7])(
    '%i shows every stage up to it and the next step',
    async (last) => {
      const place = engine.container === undefined ? [] : [engine.container]
      const input = { stdin: 'echo hi\nexit 5\n' }
      const { stdout, stderr, code } = await chapter([String(last), ...place], input)
      const text = stdout.toString()
      expect(withoutLimitsNotice(engine, stderr.toString())).toBe('')
      expect(code).toBe(last === 7 ? 5 : 0)
      expect([...text.matchAll(/^── (\d) (\w+ ?\w*) ─/gm)].map(([, , name]) => name)).toEqual(
        titles.slice(0, last),
      )
      expect(text).toMatch(
        last === 7 ? /This was the last chapter/ : `Next: npm run chapter ${last + 1}`,
      )
      expect(text, 'colour in a pipe').not.toContain('\x1b[')
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80 + 64)
    },
  )

  test('removes its sandbox', async () => {
    const { stdout } = await chapter(['1'])
    expect(await sandboxes()).not.toContain(sandboxOf(stdout))
  })

  test('removes the sandbox of a killed run and no other container', async () => {
    const [command, ...words] = script('chapter', '7')
    const killed = start(command, words, { env, stdin: 'open' })
    await killed.waitFor('── the session')
    const other = await startContainer()
    onTestFinished(other.release)
    await killed.stop()
    const left = sandboxOf((await killed.ended).stdout)
    expect(await sandboxes()).toContain(left)

    await chapter(['1'])
    expect(await sandboxes()).not.toContain(left)
    expect((await call(engine.host, 'GET', `/containers/${other.id}/json`)).status).toBe(200)
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'removes its sandbox on %s',
    async (signal) => {
      const [command, ...words] = script('chapter', '7')
      const running = start(command, words, { env, stdin: 'open' })
      onTestFinished(running.stop)
      await running.waitFor('── the session')
      process.kill(running.pid, signal)
      const { code, stdout, stderr } = await running.ended
      expect(code).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal])
      expect(stderr.toString()).toContain(signal)
      expect(await sandboxes()).not.toContain(sandboxOf(stdout))
    },
  )

  test.skipIf(process.platform !== 'linux')(
    'removes its sandbox if the window closes at a menu',
    async () => {
      const [command, ...words] = script('chapter', '1')
      const settings = { ...env, CI: '', ACCESSIBLE: undefined, XDG_STATE_HOME: temporaryFolder() }
      // In its own session it gets no signal: it only sees that the terminal
      // is gone.
      const terminal = openTerminal('setsid', ['-w', command, ...words], { env: settings })
      onTestFinished(terminal.stop)
      await terminal.waitFor('Enter run it')
      terminal.type('\r')
      await terminal.waitFor('Show the answer')
      const sandbox = sandboxOf(terminal.screen())
      expect(await sandboxes()).toContain(sandbox)
      await terminal.stop()
      await expect.poll(() => sandboxes()).not.toContain(sandbox)
    },
  )

  test('ends its command in your container if it stops before chapter 5', async () => {
    const box = await startContainer()
    onTestFinished(box.release)
    for (const last of ['2', '3', '4']) await chapter([last, box.name], { stdin: 'open' })
    const processes = async (): Promise<unknown[]> => {
      const { body } = await call(engine.host, 'GET', `/containers/${box.id}/top`)
      return (JSON.parse(body) as { Processes: unknown[] }).Processes
    }
    await expect.poll(processes).toHaveLength(1)
  })

  test('prints one complete document as JSON', async () => {
    const box = await startContainer()
    onTestFinished(box.release)
    const command = ['sh', '-c', 'echo out; echo err >&2; exit 3']
    const { stdout, stderr, code } = await chapter(['7', '--json', box.name, ...command])
    expect(code).toBe(3)
    expect(stderr.toString().split('\n').sort()).toEqual(['', 'err', 'out'])
    const document = JSON.parse(stdout.toString())
    expect(Object.keys(document)).toEqual(['daemon', 'stages', 'terminal', 'tasks', 'exitCode'])
    expect(document).toMatchObject({
      daemon: { host: engine.host, apiVersion: expect.stringMatching(/^1\.\d+$/) },
      terminal: null,
      exitCode: 3,
    })
    expect(document.stages.map((stage: { name: string }) => stage.name)).toEqual(titles)
    expect(document.stages.map((stage: { added: string[] }) => stage.added)).toEqual(added)
    for (const stage of document.stages) {
      expect(Object.keys(stage)).toEqual([
        'number',
        'name',
        'title',
        'added',
        'state',
        'wire',
        'teardown',
        'held',
        'milliseconds',
      ])
    }
    expect(document.stages[1].state.connection).toBe('<connection: live>')
    expect(document.stages[1].wire).toMatchObject([
      { kind: 'request', method: 'POST', connection: 2 },
      { kind: 'answer', status: 101, connection: 2 },
    ])
    const bytes = document.stages
      .flatMap(({ wire }: { wire: { kind: string; hex?: string }[] }) => wire)
      .flatMap(({ kind, hex }: { kind: string; hex?: string }) => (kind === 'received' ? hex : []))
      .join('')
    expect(bytes).toContain('01000000000000046f75740a')
    expect(bytes).toContain('02000000000000046572720a')
  })

  test('has a null exit code in JSON if the walk stops early', async () => {
    const { stdout, code } = await chapter(['3', '--json'])
    expect(JSON.parse(stdout.toString())).toMatchObject({ exitCode: null })
    expect(code).toBe(0)
  })

  test('ends after chapter 2 with --detach', async () => {
    const { stdout, code } = await chapter(['7', '--detach', '--json'])
    const document = JSON.parse(stdout.toString())
    expect(document.stages.map((stage: { name: string }) => stage.name)).toEqual([
      'create',
      'start',
    ])
    expect([document.exitCode, code]).toEqual([0, 0])
  })

  test('creates its sandbox from the given image, and reports a missing one', async () => {
    const { stdout } = await chapter(['1', '--image', engine.image])
    expect(stdout.toString()).toContain(`from ${engine.image}`)
    const missing = await chapter(['1', '--image', 'workbook/no-such-image'])
    expect(missing.code).toBe(1)
    expect(missing.stderr.toString()).toMatch(
      /^the image workbook\/no-such-image does not exist on this engine\n.*--pull/,
    )
  })
})

test('npm run chapter without a number lists the chapters', async () => {
  const [command, ...words] = script('chapter')
  const { stdout, code } = await run(command, words)
  expect(code).toBe(0)
  for (const title of titles) expect(stdout.toString()).toContain(title)
})
