import { describe, expect, test } from 'vitest'
import { run } from '../support/run.ts'
import { script } from '../support/scripts.ts'
import { performancePage } from './page.ts'
import { plot } from './plot.ts'
import { median, percentile, ratio, withSpread } from './statistics.ts'
import { createRows, type Table } from './table.ts'

describe('the arithmetic', () => {
  test('takes the middle value, or the mean of the two in the middle', () => {
    expect(median([9, 1, 2])).toBe(2)
    expect(median([10, 1, 2, 4])).toBe(3)
  })

  test('interpolates a percentile between its neighbours', () => {
    const values = Array.from({ length: 101 }, (_, at) => 100 - at)
    expect(percentile(values, 99)).toBe(99)
    expect(percentile([0, 10], 25)).toBe(2.5)
  })

  test('compares round by round, so that one slow round changes nothing', () => {
    expect(ratio([2, 200, 4], [1, 100, 2])).toBe(2)
    expect(ratio([1, 2, 90], [1, 1, 1])).toBe(2)
  })

  test('shows the median with the smallest and the largest value', () => {
    expect(withSpread([3, 1, 2], 1)).toBe('2.0 (1.0 to 3.0)')
    expect(withSpread([3], 1)).toBe('3.0')
  })
})

describe('the page', () => {
  const results = createRows(['docker client', 'this workbook', 'a peer'])
  results.add('docker client', { cpu: 2 })
  results.add('this workbook', { cpu: 1 })
  results.drop('a peer', 'has no standard input')
  const table = (value: number): Table => ({
    name: 'out',
    title: 'Output',
    engine: 'dockerd 1',
    columns: [{ key: 'cpu', title: 'CPU, s', digits: 1 }],
    rows: results.rows(),
    base: 'docker client',
    targets: [{ what: 'CPU', value, limit: { atMost: 1 } }],
  })
  const page = (value: number): string =>
    performancePage([table(value)], { versions: { Node: '20' }, isQuick: false }, new Map())

  test('shows ratios to the base, and why a peer takes no part', () => {
    expect(page(1)).toContain('| this workbook | 1.0 | 0.50 |')
    expect(page(1)).toContain('| a peer (has no standard input) | – | – |')
  })

  test('says whether a target is reached', () => {
    expect(page(1)).toContain('| 1.00 | ≤ 1 | reached |')
    expect(page(1.01)).toContain('| 1.01 | ≤ 1 | missed |')
    expect(page(Number.NaN)).toContain('| – | ≤ 1 | not measured |')
  })

  test('draws a bar for each row with values, and says the same in words', () => {
    const picture = plot(table(1), 'this workbook')
    expect(picture.match(/<rect/g)).toHaveLength(2)
    expect(picture).toContain('docker client 2.0; this workbook 1.0')
  })
})

const bench = (...words: string[]) => {
  const [command, ...args] = script('bench', ...words)
  return run(command, args)
}

describe.skipIf(process.platform !== 'linux')('npm run bench (on Linux only)', () => {
  test('measures the frames without a daemon', async () => {
    const { stdout, stderr, code } = await bench('--quick', '--only', 'frames', '--no-peers')
    expect(`${stderr}`).toContain('frames of 64 bytes')
    expect(`${stdout}`).toMatch(/\| this workbook \| \d+\.\d{3} \(\d+\.\d{3} to \d+\.\d{3}\)/)
    expect(`${stdout}`).not.toContain('fails')
    expect(code).toBe(0)
  })

  test('names the cases when one does not exist', async () => {
    const { stderr, code } = await bench('--only', 'speed')
    expect(`${stderr}`).toMatch(/^unknown case: speed\n.*The cases are out, tty,/)
    expect(code).toBe(125)
  })
})
