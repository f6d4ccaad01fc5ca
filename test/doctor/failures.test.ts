import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { failureNamed, failures, systemOf } from '../../src/doctor/failures.ts'
import { root } from '../support/scripts.ts'

describe.each(failures.map((failure) => [failure.name, failure] as const))(
  '%s',
  (name, failure) => {
    test('has what it means, and a fix for each system', () => {
      expect(failure.means).toMatch(/^[A-Z].*\.$/s)
      expect(Object.keys(failure.fix)).toEqual(['linux', 'darwin', 'win32'])
      for (const fix of Object.values(failure.fix)) expect(fix.length).toBeGreaterThan(5)
    })

    test('is one that the doctor can come to', () => {
      const folder = join(root, 'src', 'doctor')
      const sources = readdirSync(folder)
        .filter((file) => !file.endsWith('failures.ts'))
        .map((file) => readFileSync(join(folder, file), 'utf8'))
      expect(sources.some((source) => source.includes(`'${name}'`))).toBe(true)
    })

    test('is found by its name', () => {
      expect(failureNamed(name)).toBe(failure)
    })
  },
)

test('no two failures have the same name', () => {
  const names = failures.map(({ name }) => name)
  expect([...new Set(names)]).toEqual(names)
})

test('a system without fixes of its own gets those of Linux', () => {
  expect((['linux', 'darwin', 'win32', 'freebsd'] as const).map(systemOf)).toEqual([
    'linux',
    'darwin',
    'win32',
    'linux',
  ])
})
