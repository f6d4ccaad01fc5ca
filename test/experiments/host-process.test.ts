/**
 * Looking at a process from outside, on Linux.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { findHostProcess, namespacesOf } from '../../src/experiments/host-process.ts'

const word = process.argv.at(-1) ?? ''

describe.skipIf(process.platform !== 'linux')('a process in /proc (on Linux)', () => {
  test('is found by its process ID and a word of its command line', () => {
    expect(findHostProcess(process.pid, word)).toMatchObject({
      pid: process.pid,
      parent: process.ppid,
    })
  })

  test('is not the command if it has another command line', () => {
    expect(findHostProcess(process.pid, 'WORKBOOK_BENCH=0')).toContain('is not the command')
  })

  test('is not the command if there is no such process', () => {
    expect(findHostProcess(2 ** 30, word)).toContain('on another machine')
  })

  test('has a number for each namespace', () => {
    const namespaces = namespacesOf('self')
    expect(Object.keys(namespaces)).toEqual(expect.arrayContaining(['mnt', 'net', 'pid', 'user']))
    for (const number of Object.values(namespaces)) expect(number).toMatch(/^\d+$/)
  })

  test.skipIf(process.getuid?.() === 0)(
    'hides its namespaces from other users (not as root)',
    () => {
      expect(() => namespacesOf(1)).toThrow('cannot read /proc/1/ns')
    },
  )
})
