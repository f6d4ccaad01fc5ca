/**
 * `npm run chapter -- --experiment NAME`, as a learner meets it.
 *
 * @module
 */

import { expect, onTestFinished, test } from 'vitest'
import { experiments } from '../../chapters/commands/experiments.ts'
import { call } from '../support/api.ts'
import { describeWithEngine, withoutLimitsNotice } from '../support/engine.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { run } from '../support/run.ts'
import { script } from '../support/scripts.ts'

/** Runs the command without an engine. */
async function withoutEngine(...args: string[]) {
  const [command, ...words] = script('chapter', ...args)
  const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
  const { code, stdout, stderr } = await run(command, words, { env })
  return { code, stdout: stdout.toString(), stderr: stderr.toString() }
}

test('lists all experiments by chapter, or those of one chapter', async () => {
  const all = await withoutEngine('--experiment', 'list')
  expect(all.code).toBe(0)
  for (const { name, title } of experiments) {
    expect(all.stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'))
    expect(all.stdout).toContain(title)
  }
  for (const line of all.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)

  const second = await withoutEngine('2', '--experiment', 'list')
  expect(second.stdout).toContain('started-twice')
  expect(second.stdout).not.toContain('never-started')
})

test('lists experiments as JSON', async () => {
  const { stdout } = await withoutEngine('--experiment', 'list', '--json')
  const { experiments: listed } = JSON.parse(stdout) as { experiments: { name: string }[] }
  expect(listed.map(({ name }) => name)).toEqual(experiments.map(({ name }) => name))
})

test('suggests similar names for an unknown experiment', async () => {
  const { code, stdout, stderr } = await withoutEngine('--experiment', 'startd-twice')
  expect(code).toBe(125)
  expect(stdout).toBe('')
  expect(stderr.split('\n')[0]).toBe(
    'unknown experiment "startd-twice": did you mean started-twice?',
  )
})

test('shows the choices for an invalid guess', async () => {
  const { code, stderr } = await withoutEngine('--experiment', 'early-input', '--guess', '9')
  expect(code).toBe(125)
  expect(stderr).toContain('"9" matches none of the answers')
  expect(stderr).toMatch(/^ {2}1\. /m)
})

test('takes a guess without an experiment for a question of the chapter', async () => {
  const { code, stderr } = await withoutEngine('3', '--guess', '1')
  expect(code).toBe(125)
  expect(stderr).toMatch(/^chapter 3 has no question "1"; choose one of: hijack-requests, /)
})

test('needs no engine for an experiment with a faulty daemon', async () => {
  const { code, stdout } = await withoutEngine('--experiment', 'proxy-drops-upgrade')
  expect(code).toBe(0)
  expect(stdout).toContain('← 200')
})

describeWithEngine('an experiment', (engine) => {
  const env = { DOCKER_HOST: engine.host, NO_COLOR: '1' }

  async function chapter(...args: string[]) {
    const [command, ...words] = script('chapter', ...args)
    const { code, stdout, stderr } = await run(command, words, { env })
    return { code, stdout: stdout.toString(), stderr: stderr.toString() }
  }

  /** Whether the sandbox named in the output still exists. */
  async function isLeft(output: string): Promise<boolean> {
    const name = /workbook-[0-9a-f]+/.exec(output)?.[0]
    expect(name, output).toBeDefined()
    return (await call(engine.host, 'GET', `/containers/${name}/json`)).status === 200
  }

  function open(...args: string[]): Terminal {
    const [command, ...words] = script('chapter', ...args)
    const terminal = openTerminal(command, words, { env: { ...env, CI: '', ACCESSIBLE: '1' } })
    onTestFinished(terminal.stop)
    return terminal
  }

  test('asks nothing in a pipe and prints the whole story', async () => {
    const { code, stdout, stderr } = await chapter('--experiment', 'short-id')
    expect(withoutLimitsNotice(engine, stderr)).toBe('')
    expect(code).toBe(0)
    const parts = ['what do you expect?', 'what happened', 'why', 'seen in the wild']
    const places = parts.map((part) => stdout.indexOf(`── ${part} ─`))
    expect(places).toEqual([...places].sort((one, other) => one - other))
    expect(places[0]).toBeGreaterThan(0)
    expect(stdout).toContain('← 404')
    expect(stdout).toContain('To guess first, add --guess')
    expect(stdout).toMatch(/\nNext: npm run chapter -- --experiment text-plain\n$/)
    for (const line of stdout.split('\n').filter((text) => !text.includes('unix://'))) {
      expect(line.length, line).toBeLessThanOrEqual(80)
    }
    expect(await isLeft(stdout)).toBe(false)
  })

  test('judges a guess by number and by words', async () => {
    const right = await chapter('1', '--experiment', 'short-id', '--guess', '404')
    expect(right.stdout).toContain('You were right: 404: it needs all 64 digits.')
    const wrong = await chapter('--experiment', 'short-id', '--guess', '1')
    expect(wrong.code).toBe(0)
    expect(wrong.stdout).toMatch(
      /You guessed: 200: .* The answer: 404: it\s+needs all 64 digits\./s,
    )
  })

  test('prints one JSON document', async () => {
    const args = ['--experiment', 'short-id', '--guess', '1', '--json']
    const { code, stdout, stderr } = await chapter(...args)
    expect(withoutLimitsNotice(engine, stderr)).toBe('')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'short-id',
      chapter: 1,
      facts: { container: 200, exec: { status: 404 } },
      answer: '404: it needs all 64 digits',
      guess: '200: a prefix is enough, as for a container',
      right: false,
      evidence: expect.arrayContaining([expect.stringContaining('404')]),
      why: expect.any(String),
      seen: { what: expect.any(String), url: expect.stringMatching(/^https:/) },
      docker: expect.any(String),
    })
  })

  test('asks in a terminal and restores it', async () => {
    const terminal = open('--experiment', 'short-id')
    await terminal.waitFor('Number from 1 to 3')
    terminal.type('2\r')
    const { code, screen, modesBefore, modesAfter } = await terminal.ended
    expect(code).toBe(0)
    expect(screen.toString()).toContain('You were right')
    expect(modesAfter).toBe(modesBefore)
  })

  test('leaves no container after Ctrl-C at its question', async () => {
    const terminal = open('--experiment', 'short-id')
    await terminal.waitFor('Number from 1 to 3')
    terminal.type('\x03')
    const { code, screen, modesBefore, modesAfter } = await terminal.ended
    expect(code).toBe(130)
    expect(modesAfter).toBe(modesBefore)
    expect(await isLeft(screen.toString())).toBe(false)
  })

  test('removes the container and restores the terminal after Ctrl-C', async () => {
    const terminal = open('--plain', '--experiment', 'cooked-ctrl-c')
    await terminal.waitFor('To guess first, add --guess')
    terminal.type('\x03')
    const { code, screen, modesBefore, modesAfter } = await terminal.ended
    expect(code).toBe(130)
    expect(screen.toString()).not.toContain('what happened')
    expect(modesAfter).toBe(modesBefore)
    expect(await isLeft(screen.toString())).toBe(false)
  })
})
