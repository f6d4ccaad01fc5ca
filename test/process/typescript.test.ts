/**
 * How Node loads the workbook's TypeScript, and what it remembers of it.
 *
 * @module
 */

import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { run } from '../support/run.ts'
import { root } from '../support/scripts.ts'

const loader = 'src/process/typescript.cjs'

/** A file that changed less than two seconds ago is not remembered. */
const settled = 2100

/** A project with two modules. Its main module prints what the other one says. */
function makeProject() {
  const folder = temporaryFolder('wbts')
  const at = (path: string): string => join(folder, path)
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true })
    writeFileSync(at(path), text)
  }
  mkdirSync(at('src/process'), { recursive: true })
  copyFileSync(join(root, loader), at(loader))
  symlinkSync(join(root, 'node_modules'), at('node_modules'))
  put('package.json', '{ "type": "commonjs" }')
  put('chapters/said.ts', "export const said: string = 'one'\n")
  put(
    'chapters/main.ts',
    [
      "import { said } from './said.ts'",
      'type Words = readonly string[]',
      '',
      'const words: Words = process.argv.slice(2)',
      "if (words.includes('fail')) throw new Error('on line 5')",
      "if (words.includes('later')) void import('diff').then((diff) => console.log(typeof diff.diffLines))",
      "if (words.includes('thread')) {",
      "  const { Worker } = require('node:worker_threads')",
      `  const thread = new Worker('./chapters/thread.ts', { execArgv: ['-r', './${loader}'] })`,
      "  thread.once('message', (said: string) => { console.log(said); void thread.terminate() })",
      '}',
      "if (words.includes('own')) console.log(require('./mine/own.ts').own)",
      'console.log(said)',
      '',
    ].join('\n'),
  )
  const start = async (...words: string[]) => {
    const { stdout, stderr, code } = await run(
      process.execPath,
      ['-r', `./${loader}`, '--', 'chapters/main.ts', ...words],
      { cwd: folder },
    )
    return { stdout: stdout.toString(), stderr: stderr.toString(), code }
  }
  const store = (): string => {
    const [name = ''] = readdirSync(at('.cache'))
    return at(join('.cache', name))
  }
  return { at, put, start, store }
}

function makeFolderAt(path: string): void {
  rmSync(path)
  mkdirSync(path)
}

/** A project whose files are old enough, after one start. */
async function startedProject() {
  const project = makeProject()
  await wait(settled)
  expect(await project.start()).toEqual({ stdout: 'one\n', stderr: '', code: 0 })
  return project
}

// Each test waits until its files are old enough, so they wait together.
describe.concurrent('a start', () => {
  test('needs neither tsx nor any other package if nothing has changed', async () => {
    const { at, start } = await startedProject()
    rmSync(at('node_modules'))
    expect(await start()).toEqual({ stdout: 'one\n', stderr: '', code: 0 })
  })

  test('sees an edit at once, even one that keeps the size and the time', async () => {
    const { at, put, start } = await startedProject()
    const { atime, mtime } = statSync(at('chapters/said.ts'))
    put('chapters/said.ts', "export const said: string = 'two'\n")
    utimesSync(at('chapters/said.ts'), atime, mtime)
    expect((await start()).stdout).toBe('two\n')
    put('chapters/said.ts', "export const said: string = 'six'\n")
    expect((await start()).stdout).toBe('six\n')
  })

  test('does not remember a file that has only just changed', async (context) => {
    const { put, start, store } = await startedProject()
    // A slow start may remember its file, so each has a text of its own.
    for (const text of ['two', 'three', 'four', 'five', 'six']) {
      const began = Date.now()
      put('chapters/said.ts', `export const said: string = '${text}'\n`)
      await start()
      if (Date.now() - began >= settled - 100) continue
      expect(readFileSync(store(), 'utf8')).not.toContain(`"${text}"`)
      return
    }
    context.skip('a start takes two seconds here, so no file is new')
  })

  test('does not remember the learner’s own files', async () => {
    const { put, start, store } = await startedProject()
    put('chapters/mine/own.ts', "export const own: string = 'mine'\n")
    await wait(settled)
    expect((await start('own')).stdout).toBe('mine\none\n')
    expect(readFileSync(store(), 'utf8')).not.toContain('"mine"')
    expect((await start('own')).stdout).toBe('mine\none\n')
  })

  test('reports an error with the line of the TypeScript', async () => {
    const { at, start } = await startedProject()
    for (let times = 0; times < 2; times += 1) {
      const { stderr, code } = await start('fail')
      expect(stderr).toContain(`${at('chapters/main.ts')}:5:`)
      expect(code).toBe(1)
    }
  })

  test('imports a package while it runs', async () => {
    const { start } = await startedProject()
    for (let times = 0; times < 2; times += 1) {
      expect(await start('later')).toEqual({ stdout: 'one\nfunction\n', stderr: '', code: 0 })
    }
  })

  test('runs from bytecode', async () => {
    const { start, store } = await startedProject()
    const bytes = readFileSync(store())
    // The text of the module is damaged, but its bytecode is not.
    bytes.write('"two"', bytes.indexOf('"one"'))
    writeFileSync(store(), bytes)
    expect((await start()).stdout).toBe('one\n')
  })

  test('remembers the modules of a thread that was stopped', async () => {
    const { at, put, start } = makeProject()
    put(
      'chapters/thread.ts',
      [
        "import { said } from './said.ts'",
        "setInterval(() => require('node:worker_threads').parentPort.postMessage(said), 100)",
        '',
      ].join('\n'),
    )
    await wait(settled)
    expect((await start('thread')).stdout).toBe('one\none\n')
    rmSync(at('node_modules'))
    expect(await start('thread')).toEqual({ stdout: 'one\none\n', stderr: '', code: 0 })
  })

  test.each([
    ['is empty', (store: string) => truncateSync(store)],
    ['was cut off', (store: string) => truncateSync(store, statSync(store).size - 1)],
    ['is not ours', (store: string) => writeFileSync(store, '{"size":0}\n')],
    ['is a folder', makeFolderAt],
  ])('compiles everything again if the store %s', async (_, damage) => {
    const { start, store } = await startedProject()
    damage(store())
    expect(await start()).toEqual({ stdout: 'one\n', stderr: '', code: 0 })
  })

  test('compiles everything again if a new version of the loader finds the old store', async () => {
    const { at, put, start, store } = await startedProject()
    const old = readFileSync(store(), 'latin1').replaceAll('"bounds":', '"at":')
    put(loader, readFileSync(at(loader), 'utf8'))
    writeFileSync(store(), old, 'latin1')
    expect(await start()).toEqual({ stdout: 'one\n', stderr: '', code: 0 })
  })

  test('works without a store if the folder cannot be written', async () => {
    const { at, put, start } = await startedProject()
    rmSync(at('.cache'), { recursive: true })
    put('.cache', 'a file')
    expect(await start()).toEqual({ stdout: 'one\n', stderr: '', code: 0 })
    expect(readFileSync(at('.cache'), 'utf8')).toBe('a file')
  })

  test('leaves a complete store when many start at once', async () => {
    const { at, start } = makeProject()
    await wait(settled)
    const ends = await Promise.all(Array.from({ length: 6 }, () => start()))
    expect(new Set(ends.map(({ stdout, code }) => `${stdout}${code}`))).toEqual(new Set(['one\n0']))
    expect(readdirSync(at('.cache'))).toHaveLength(1)
    rmSync(at('node_modules'))
    expect((await start()).stdout).toBe('one\n')
  })
})
