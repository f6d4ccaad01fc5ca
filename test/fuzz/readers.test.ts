/**
 * Files and settings that come from anywhere: a tape, docker's configuration,
 * a context, an env-file, an address. Each is read, or refused with one
 * sentence. What was read can be exported and read again.
 *
 * @module
 */

import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { chosenAddress } from '../../src/engine/address.ts'
import { type DockerConfig, readDockerConfig } from '../../src/engine/config-file.ts'
import { type Address, parseHost } from '../../src/engine/parse-host.ts'
import { castOf } from '../../src/export/cast.ts'
import { timelineHtml } from '../../src/export/page.ts'
import { compareTapes } from '../../src/guide/differences.ts'
import { readVariables } from '../../src/process/environment.ts'
import { Failure } from '../../src/process/failure.ts'
import { sequenceLines } from '../../src/show/sequence.ts'
import { fieldsIn } from '../../src/tape/fields.ts'
import { tapeText } from '../../src/tape/keep.ts'
import { momentsOf } from '../../src/tape/moments.ts'
import { narrate } from '../../src/tape/narrate.ts'
import { parseTape } from '../../src/tape/read.ts'
import { everything, wireJson, wireLines } from '../../src/tape/wire.ts'
import { plainStyle } from '../../src/text/style.ts'
import { temporaryFolder } from '../support/folder.ts'
import { fuzz, nastyText } from '../support/fuzz.ts'
import { terminalTape } from '../support/tapes.ts'

/**
 * Returns the value, or undefined if it was refused with one sentence. Any
 * other error is a defect.
 */
function readOrRefuse<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    expect(error.message.trim()).not.toBe('')
    return undefined
  }
}

const json = fc.json({ maxDepth: 3, stringUnit: 'binary' })
const value = fc.oneof(
  nastyText,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, [], {}, -1, 1e300, ['x'], [['a', 'b']], [1, 2]),
)

describe('a tape', () => {
  const page = { width: 80, style: plainStyle }
  const lines = tapeText(terminalTape()).trimEnd().split('\n')

  /** Shows and exports a tape in every form. */
  function useTape(text: string): void {
    const tape = readOrRefuse(() => parseTape(text, 'x.tape'))
    if (!tape) return
    const { head, events } = tape
    const again = parseTape(tapeText({ head, events }), 'x.tape')
    expect([again.head, again.events]).toEqual([head, events])
    const cast = castOf(tape).trimEnd().split('\n')
    for (const line of cast) JSON.parse(line)
    expect(timelineHtml(tape)).toMatch(/^<!doctype html>/)
    for (const moment of momentsOf(events)) narrate(moment)
    fieldsIn(events)
    sequenceLines(events, page)
    wireLines(events, { ...everything, width: 80 })
    JSON.stringify(wireJson(events))
    compareTapes(tape, terminalTape())
  }

  type Change = readonly [line: number, path: number, value: unknown]
  const change: fc.Arbitrary<Change> = fc.tuple(fc.nat(lines.length - 1), fc.nat(), value)

  /** Replaces one field of a line, or adds one. */
  function changed(text: string, path: number, next: unknown): string {
    const event = JSON.parse(text) as Record<string, unknown>
    const names = [...Object.keys(event), 'at', 'kind', 'extra']
    return JSON.stringify({ ...event, [names[path % names.length] ?? '']: next })
  }

  fuzz(
    'is read, or refused, with any of its fields changed',
    fc.array(change, { minLength: 1, maxLength: 3 }),
    (changes) => {
      const copy = [...lines]
      for (const [line, path, next] of changes) copy[line] = changed(copy[line] ?? '{}', path, next)
      useTape(`${copy.join('\n')}\n`)
    },
    { runs: 80 },
  )

  fuzz(
    'is read, or refused, with its lines in any order, missing or cut',
    fc.tuple(fc.array(fc.nat(lines.length - 1), { maxLength: 40 }), fc.nat(40)),
    ([order, lost]) => {
      const text = [lines[0], ...order.map((at) => lines[at])].join('\n')
      useTape(text.slice(0, text.length - lost))
    },
    { runs: 30 },
  )

  fuzz(
    'is refused if it is something else',
    fc.oneof(
      nastyText,
      json,
      fc.array(json, { maxLength: 4 }).map((all) => all.join('\n')),
    ),
    useTape,
  )
})

describe('docker’s configuration', () => {
  const folder = temporaryFolder('wbfuzz')
  const name = fc.constantFrom(
    ...['HttpHeaders', 'httpheaders', 'detachKeys', 'DETACHKEYS', 'currentContext', 'auths', 'x'],
  )
  const file = fc.oneof(
    nastyText,
    json,
    fc
      .dictionary(name, fc.oneof(value, fc.dictionary(nastyText, value, { maxKeys: 3 })))
      .map((fields) => JSON.stringify(fields)),
  )
  const read = (text: string): DockerConfig => {
    writeFileSync(join(folder, 'config.json'), text)
    const warnings: string[] = []
    const config = readDockerConfig({ DOCKER_CONFIG: folder }, (line) => void warnings.push(line))
    for (const line of warnings) expect(line).toMatch(/^WARNING: Error \w+ing config file.*: ./s)
    return config
  }

  fuzz(
    'has fields of the right type, whatever is in the file',
    file,
    (text) => {
      const { httpHeaders, detachKeys, currentContext } = read(text)
      for (const header of Object.values(httpHeaders)) expect(header).toBeTypeOf('string')
      expect([typeof detachKeys, typeof currentContext]).toEqual(['string', 'string'])
      expect(
        read(JSON.stringify({ detachKeys, currentContext, HttpHeaders: httpHeaders })),
      ).toEqual({
        ...{ folder, detachKeys, currentContext, httpHeaders },
      })
    },
    { runs: 100 },
  )

  const endpoint = fc.record(
    { Host: fc.oneof(value, fc.constant('tcp://h:1')), SkipTLSVerify: value },
    { requiredKeys: [] },
  )
  const context = fc.oneof(
    file,
    fc.oneof(endpoint, value).map((docker) => JSON.stringify({ Endpoints: { docker } })),
    value.map((Endpoints) => JSON.stringify({ Endpoints })),
  )
  fuzz(
    'leads through a context to an address, or a sentence',
    context,
    (text) => {
      const hash = createHash('sha256').update('some').digest('hex')
      const meta = join(folder, 'contexts', 'meta', hash)
      mkdirSync(meta, { recursive: true })
      writeFileSync(join(meta, 'meta.json'), text)
      const config = { folder, httpHeaders: {}, detachKeys: '', currentContext: '' }
      const found = readOrRefuse(() => chosenAddress({ DOCKER_CONTEXT: 'some' }, config))
      if (found) expectSame(found.address)
    },
    { runs: 100 },
  )
})

/** The form that messages show leads to the same address. */
function expectSame(address: Address): void {
  expect({ ...parseHost(address.host), tls: undefined }).toEqual({ ...address, tls: undefined })
}

describe('a host', () => {
  const part = fc.oneof(
    nastyText,
    fc.constantFrom(
      ...['unix://', 'tcp://', 'http://', 'fd://', 'npipe://', '://', '/', ':', '@', '[', ']', '%'],
      ...['%25', '?q', '#f', '::1', '127.0.0.1', 'box', '2375', '65536', '-1', '/var/run', '..'],
    ),
    fc.webUrl(),
  )
  fuzz(
    'is an address that reads the same again, or a sentence',
    fc.array(part, { maxLength: 6 }).map((parts) => parts.join('')),
    (text) => {
      const address = readOrRefuse(() => parseHost(text))
      if (address) expectSame(address)
    },
    { runs: 2000 },
  )
})

describe('an env-file', () => {
  const file = join(temporaryFolder('wbfuzz'), 'env')
  const line = fc.oneof(
    nastyText,
    fc.constantFrom(
      ...['A=1', ' B=2', '\tC', 'HERE', '#D', '=E', 'F G=1', 'H= #x', '', '  ', 'I\r'],
    ),
  )

  /** docker's rules for valid UTF-8, written a second time. */
  function expected(text: string): string[] | undefined {
    const variables: string[] = []
    for (const [at, raw] of text.split('\n').entries()) {
      const first = at === 0 && raw.startsWith('\ufeff') ? raw.slice(1) : raw
      const line = first
        .replace(/\r$/, '')
        .replace(/^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/, '')
      if (line === '' || line.startsWith('#')) continue
      const [name = ''] = line.split('=')
      if (name === '' || name.includes(' ') || name.includes('\t')) return undefined
      if (line.includes('=')) variables.push(line)
      else if (name === 'HERE') variables.push('HERE=here')
    }
    return variables
  }

  fuzz(
    'has the variables that docker reads, or is refused',
    fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n')),
    (text) => {
      const bytes = Buffer.from(text)
      writeFileSync(file, bytes)
      const read = readOrRefuse(() => readVariables([file], [], { HERE: 'here' }))
      expect(read).toEqual(expected(bytes.toString()))
    },
    { runs: 200, found: ['__proto__', 'toString'] },
  )

  fuzz(
    'is read, or refused, whatever its bytes are',
    fc.uint8Array({ maxLength: 60 }),
    (bytes) => {
      writeFileSync(file, bytes)
      readOrRefuse(() => readVariables([file], [], {}))
    },
    { runs: 100 },
  )
})
