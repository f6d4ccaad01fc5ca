/**
 * How long it takes until something happens: a short exec, and the first
 * screen of the workbook.
 *
 * @module
 */

import { closeSync, openSync } from 'node:fs'
import { spawn } from '@lydell/node-pty'
import { script } from '../support/scripts.ts'
import { names } from './contenders.ts'
import { measure } from './measure.ts'
import { median, ratio } from './statistics.ts'
import { type Case, createRows, type Row, valuesOf } from './table.ts'

const node = 'node -e 0'
const npmAlone = 'npm alone, with nothing to run'
const wall = { key: 'wall', title: 'wall, s', digits: 3 }

/** `exec true` as a process of its own. */
export const start: Case = {
  name: 'start',
  about: '`exec true` as a process',
  needsEngine: true,
  async run(bench) {
    const tables = []
    for (const engine of bench.engines) {
      const env = bench.environmentFor(engine)
      const lines = new Map<string, readonly string[]>([
        ...bench.contenders.map(({ name, words }): [string, readonly string[]] => [
          name,
          words(engine.container, { command: ['true'] }),
        ]),
        [node, [process.execPath, '-e', '0']],
      ])
      const results = createRows([...lines.keys()])
      const rounds = bench.isQuick ? 5 : 21
      for (let round = 0; round <= rounds; round += 1) {
        bench.say(`start, ${engine.name}: round ${round} of ${rounds}`)
        for (const [name, words] of lines) {
          if (!results.isIn(name)) continue
          const input = openSync('/dev/null', 'r')
          try {
            const sample = await measure(words, { stdio: [input, 'ignore', 'ignore'], env })
            if (round > 0) results.add(name, sample)
          } catch (error) {
            results.drop(name, (error as Error).message)
          } finally {
            closeSync(input)
          }
        }
      }
      const rows = results.rows()
      const docker = valuesOf(rows, names.docker, 'wall')
      tables.push({
        name: 'start',
        title: '`exec true` as a process',
        engine: engine.name,
        columns: [wall, { key: 'cpu', title: 'CPU, s', digits: 2 }],
        rows,
        base: names.docker,
        targets: [
          {
            what: `wall, to the ${names.docker}`,
            value: ratio(valuesOf(rows, names.ours, 'wall'), docker),
            limit: { atMost: 2.2 },
          },
        ],
        note: `${share(rows, node, names.ours)} are the start of Node alone, and ${share(rows, names.bare, names.ours)} a bare socket with the same requests. The rest is the workbook's modules.`,
      })
    }
    return tables
  },
}

/** `npm run chapter` in a terminal, until its first screen is drawn. */
export const screen: Case = {
  name: 'screen',
  about: 'the first screen of `npm run chapter` in a terminal',
  needsEngine: true,
  async run(bench) {
    const [engine] = bench.engines
    if (!engine) return []
    const env = bench.environmentFor(engine)
    const lines = new Map<string, readonly string[]>([
      [node, [process.execPath, '-e', '0']],
      ['npm run chapter', ['npm', 'run', 'chapter']],
      ['without npm', script('chapter')],
      [npmAlone, ['npm', 'run', '--if-present', 'no-such-script']],
    ])
    const results = createRows([...lines.keys()])
    const rounds = bench.isQuick ? 3 : 11
    for (let round = 0; round <= rounds; round += 1) {
      bench.say(`screen: round ${round} of ${rounds}`)
      for (const [name, words] of lines) {
        const seconds = await untilFirstScreen(words, env, name === node || name === npmAlone)
        if (round > 0) results.add(name, { wall: seconds })
      }
    }
    const rows = results.rows()
    const base = valuesOf(rows, node, 'wall')
    return [
      {
        name: 'screen',
        title: 'The first screen of `npm run chapter`',
        engine: engine.name,
        columns: [wall],
        rows,
        base: node,
        targets: [
          {
            what: `wall, to ${node}`,
            value: ratio(valuesOf(rows, 'npm run chapter', 'wall'), base),
            limit: { atMost: 4 },
          },
        ],
        note: `${share(rows, npmAlone, 'npm run chapter')} are npm itself, which starts a Node of its own and a shell.`,
      },
    ]
  },
}

/** `0.060 s of the 0.150 s` */
function share(rows: readonly Row[], part: string, whole: string): string {
  const [some, all] = [part, whole].map((name) => median(valuesOf(rows, name, 'wall')).toFixed(3))
  return `${some} s of the ${all} s`
}

/** The list of the seven chapters. */
const lastWords = /Which chapter.*7 exit code/s

/** Returns the seconds until the first screen is drawn, or until the end. */
function untilFirstScreen(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  untilEnd: boolean,
): Promise<number> {
  const [command = '', ...args] = words
  const began = performance.now()
  const terminal = spawn(command, args, { cols: 80, rows: 24, name: 'xterm', env })
  return new Promise((resolve, reject) => {
    let shown = ''
    let seconds = 0
    const seen = (): void => {
      seconds ||= (performance.now() - began) / 1000
    }
    const stuck = setTimeout(() => terminal.kill('SIGKILL'), 30_000)
    terminal.onData((text) => {
      shown += text
      if (untilEnd || seconds > 0 || !lastWords.test(shown)) return
      seen()
      terminal.write('q')
    })
    terminal.onExit(() => {
      clearTimeout(stuck)
      if (untilEnd) seen()
      if (seconds > 0) resolve(seconds)
      else reject(new Error(`${command} drew no first screen: ${JSON.stringify(shown)}`))
    })
  })
}
