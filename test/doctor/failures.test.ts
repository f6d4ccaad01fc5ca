import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { failureNamed, failures, systemOf } from '../../src/doctor/failures.ts'
import { root } from '../support/scripts.ts'

const folder = join(root, 'src', 'doctor')
const sources = readdirSync(folder)
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('')

describe.each(failures.map((failure) => [failure.name, failure] as const))(
  '%s',
  (name, failure) => {
    test('has a meaning, and a fix for each system', () => {
      expect(failure.meaning).toMatch(/^[A-Z].*\.$/s)
      expect(Object.keys(failure.fix)).toEqual(['linux', 'darwin', 'win32'])
      for (const fix of Object.values(failure.fix)) expect(fix.length).toBeGreaterThan(5)
    })

    test('is reported by the doctor', () => {
      expect(sources).toMatch(new RegExp(`'${name}'(?!: {)`))
    })

    test('is found by its name', () => {
      expect(failureNamed(name)).toEqual(failure)
    })
  },
)

test('an unknown system gets the fixes of Linux', () => {
  expect((['linux', 'darwin', 'win32', 'freebsd'] as const).map(systemOf)).toEqual([
    'linux',
    'darwin',
    'win32',
    'linux',
  ])
})
