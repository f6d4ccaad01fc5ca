/**
 * The first minute with the workbook: command lines that go through npm
 * itself.
 *
 * @module
 */

import { execFileSync } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { widthOf } from '../../src/text/width.ts'
import { temporaryFolder } from '../support/folder.ts'
import { openTerminal } from '../support/pty.ts'
import { run } from '../support/run.ts'
import { root, script } from '../support/scripts.ts'

/** The environment without the variables that npm sets for the tests. */
const env = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => name.startsWith('npm_'))
    .map((name) => [name, undefined]),
)

/**
 * A state folder of its own, because other tests run chapters and the map
 * shows progress.
 */
const state = { XDG_STATE_HOME: temporaryFolder('wbnpm') }

async function npm(...words: string[]) {
  const { stdout, stderr, code } = await run('npm', words, { cwd: root, env: { ...env, ...state } })
  return { stdout: stdout.toString(), stderr: stderr.toString(), code }
}

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}
const helpful = ['chapter', 'check', 'daemon', 'doctor', 'exec', 'replay'] as const

async function helpOf(name: (typeof helpful)[number]): Promise<string> {
  const [command, ...words] = script(name, '--help')
  return (await run(command, words)).stdout.toString()
}

describe.skipIf(process.platform === 'win32')('npm', () => {
  test('start shows the map and the next command in a pipe', async () => {
    const { stdout, stderr, code } = await npm('start')
    expect(stdout).toMatch(/^ +questions +experiments +exercises\n {2}1 create .*\n {2}2 start /)
    expect(stdout).toContain('npm run chapter 1 ')
    expect([stderr, code]).toEqual(['', 0])
  })

  test('run chapter4 starts chapter 4', async () => {
    const { stdout, code } = await npm('run', 'chapter4', '--', '--view', 'source')
    expect(stdout).toMatch(/4-raw-mode|04-raw-mode/)
    expect(code).toBe(0)
  })

  test('run with a typo suggests the right script, and npm adds no error', async () => {
    const { stdout, stderr, code } = await npm('run', 'chaper', '4')
    expect(stderr.split('\n')[0]).toBe('unknown script chaper: did you mean npm run chapter 4?')
    expect([stdout, code]).toEqual(['', 1])
  })

  test('run with an option before -- shows the correct command', async () => {
    const { stderr, code } = await npm('run', 'chapter', '2', '--guess', 'start-status=2')
    expect(stderr).toContain('\nnpm run chapter -- 2 --guess start-status=2\n')
    expect(code).toBe(125)
    expect((await npm('run', 'chapter', '1', '--view', 'wire')).stderr).toContain(
      '\nnpm run chapter -- --view=wire 1\n',
    )
  })

  test('run with --json prints no JSON of its own after our error on a terminal', async () => {
    const terminal = openTerminal('npm', ['run', 'chapter', '4', '--json'], {
      cwd: root,
      env: { ...env, ...state },
    })
    onTestFinished(terminal.stop)
    const { screen } = await terminal.ended
    expect(screen.toString().trim().split('\r\n')).toEqual([
      expect.stringContaining('npm took --json for itself.'),
      'npm run chapter -- --json 4',
    ])
  })
})

test('package.json maps every missing or swapped letter of chapter to chapter', () => {
  const word = 'chapter'
  const slips = [...word].flatMap((letter, at) => {
    const next = word[at + 1] ?? ''
    const [before, after] = [word.slice(0, at), word.slice(at + 1)]
    return [before + after, ...(next ? [before + next + letter + after.slice(1)] : [])]
  })
  expect(slips.filter((slip) => scripts[slip] !== scripts.chapter)).toEqual([])
})

describe.each(helpful)('the help of %s', (name) => {
  test('fits 80 columns and lists each option once', async () => {
    const lines = (await helpOf(name)).split('\n')
    expect(lines.filter((line) => widthOf(line) > 80)).toEqual([])
    const options = lines.flatMap((line) => /^ +(?:-\w, )?(--[\w-]+)/.exec(line)?.[1] ?? [])
    expect(options).toEqual([...new Set(options)])
  })
})

/** npm's own options. It also accepts an unambiguous prefix of one. */
function optionsOfNpm(): string[] {
  const program = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim()
  const folder = join(dirname(realpathSync(program)), '..', 'node_modules', '@npmcli', 'config')
  const text = readFileSync(join(folder, 'lib', 'definitions', 'definitions.js'), 'utf8')
  return [...text.matchAll(/new Definition\('([\w-]+)'/g)].map(([, name = '']) => name)
}

test('npm takes only two options of ours for prefixes of its own', async () => {
  const theirs = optionsOfNpm()
  expect(theirs).toContain('viewer')
  const texts = await Promise.all(helpful.map(helpOf))
  const ours = new Set(texts.join('\n').match(/(?<=--)(?!no-)[a-z][\w-]+/g))
  const abbreviations = [...ours].filter(
    (name) =>
      !theirs.includes(name) && theirs.filter((other) => other.startsWith(name)).length === 1,
  )
  expect(abbreviations.sort()).toEqual(['edit', 'view'])
})
