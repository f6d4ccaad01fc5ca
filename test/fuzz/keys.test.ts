/**
 * Detach keys and command lines, against docker's rules written a second
 * time.
 *
 * @module
 */

import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { execOptions } from '../../chapters/commands/asked.ts'
import { Failure } from '../../src/process/failure.ts'
import { parseCommandLine } from '../../src/process/options.ts'
import { createDetachSearch, parseDetachKeys } from '../../src/terminal/detach-keys.ts'
import {
  type CutBytes,
  cutAnywhere,
  feedReused,
  fuzz,
  nastyText,
  piecesOf,
} from '../support/fuzz.ts'

type Typed = { readonly passed: number[]; readonly detached: boolean }

/** Takes one key after the other, so it doesn't know how they were read. */
function expectedFor(keys: Uint8Array, input: Uint8Array): Typed {
  const passed: number[] = []
  let held: number[] = []
  for (const key of input) {
    held.push(key)
    const isPart = held.every((each, at) => each === keys[at])
    if (isPart && held.length === keys.length) return { passed, detached: true }
    if (isPart) continue
    // The key that breaks the sequence doesn't begin a new one.
    passed.push(...held)
    held = []
  }
  return { passed, detached: false }
}

describe('detach keys', () => {
  // Few different keys, so that sequences begin often.
  const key = fc.constantFrom(0x10, 0x11, 0x61)
  const keys = fc.uint8Array({ minLength: 1, maxLength: 4, max: 2 })
  const input = fc.array(key, { maxLength: 24 }).map((typed) => Uint8Array.from(typed))
  type Session = readonly [keys: Uint8Array, input: CutBytes]
  const session: fc.Arbitrary<Session> = fc.tuple(
    keys.map((places) => places.map((place) => [0x10, 0x11, 0x61][place] ?? 0)),
    cutAnywhere(input),
  )

  fuzz(
    'are found, and everything else is passed on once, however the keys arrive',
    session,
    ([sequence, cut]) => {
      const scan = createDetachSearch(sequence)
      const passed: number[] = []
      let detached = false
      feedReused(piecesOf(cut), (chunk) => {
        if (detached) return
        const result = scan(chunk)
        for (const part of result.pass) passed.push(...part)
        detached = result.detached
      })
      expect({ passed, detached }).toEqual(expectedFor(sequence, cut.bytes))
    },
    { runs: 1000 },
  )

  /** docker's table of the keys that have a name. */
  const controls = [...'@abcdefghijklmnopqrstuvwxyz[\\]^_'].map((sign) => `ctrl-${sign}`)
  const word = fc.oneof(
    fc.constantFrom(...controls, 'DEL', 'del', 'ctrl-', 'ctrl-A', 'ctrl-é', 'ctrl-ab', 'é', ''),
    fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 2 }),
    nastyText,
  )
  const words = fc.array(word, { minLength: 1, maxLength: 4 }).map((all) => all.join(','))
  fuzz('parse as in docker', words, (text) => {
    const codes = text.split(',').map((name) => {
      if (Buffer.byteLength(name) === 1) return name.charCodeAt(0)
      if (name === 'DEL') return 127
      return controls.indexOf(name)
    })
    const expected = codes.includes(-1) ? undefined : Uint8Array.from(codes)
    expect(parseDetachKeys(text)).toEqual(expected)
  })
})

type Line =
  | { readonly options: object; readonly words: readonly string[] }
  | { readonly error: string }

const letters: Readonly<Record<string, keyof typeof execOptions>> = {
  d: 'detach',
  e: 'env',
  i: 'interactive',
  t: 'tty',
  u: 'user',
  w: 'workdir',
}

/** The rules of pflag, which docker's client uses, for these options. */
function parseLikePflag(args: readonly string[]): Line {
  const options: Record<string, unknown> = {}
  const rest = [...args]
  try {
    for (let word = rest[0]; word !== undefined; word = rest[0]) {
      if (word.length < 2 || !word.startsWith('-')) return { options, words: rest }
      rest.shift()
      if (word === '--') return { options, words: rest }
      if (word.startsWith('--')) takeLong(word)
      else takeLetters(word.slice(1))
    }
    return { options, words: [] }
  } catch (error) {
    return { error: (error as Error).message }
  }

  function takeLong(word: string): void {
    const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? []
    if (/^--[-=]/.test(word)) throw new Error(`bad flag syntax: ${word}`)
    if (!Object.hasOwn(execOptions, name)) throw new Error(`unknown flag: --${name}`)
    const known = name as keyof typeof execOptions
    const given = value ?? (execOptions[known].type === 'switch' ? 'true' : rest.shift())
    if (given === undefined) throw new Error(`flag needs an argument: --${name}`)
    set(known, given)
  }

  function takeLetters(shorthands: string): void {
    const letter = shorthands[0] ?? ''
    const name = Object.hasOwn(letters, letter) ? letters[letter] : undefined
    if (!name) {
      const first = String.fromCharCode(Buffer.from(shorthands)[0] ?? 0)
      throw new Error(`unknown shorthand flag: '${first}' in -${shorthands}`)
    }
    if (shorthands.length > 2 && shorthands[1] === '=') set(name, shorthands.slice(2))
    else if (execOptions[name].type === 'switch') {
      set(name, 'true')
      if (shorthands.length > 1) takeLetters(shorthands.slice(1))
    } else {
      const value = shorthands.length > 1 ? shorthands.slice(1) : rest.shift()
      if (value === undefined) {
        throw new Error(`flag needs an argument: '${letter}' in -${shorthands}`)
      }
      set(name, value)
    }
  }

  function set(name: keyof typeof execOptions, value: string): void {
    const option = execOptions[name]
    const short = Object.entries(letters).find(([, long]) => long === name)?.[0]
    const invalid = (reason: string): Error =>
      new Error(
        `invalid argument ${JSON.stringify(value)} for "${short ? `-${short}, ` : ''}--${name}" flag: ${reason}`,
      )
    if (option.type === 'switch') {
      const isTrue = ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)
      if (!isTrue && !['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value)) {
        throw invalid(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`)
      }
      options[name] = isTrue
    } else if (option.type === 'list') {
      if (name === 'env' && /^(=|$)/.test(value)) {
        throw invalid(`invalid environment variable: ${value}`)
      }
      options[name] = [...((options[name] as string[] | undefined) ?? []), value]
    } else options[name] = value
  }
}

describe('a command line', () => {
  const option = fc.constantFrom(
    ...['-d', '-e', '-i', '-t', '-u', '-w', '-it', '-dit', '-itd=0', '-iw', '-we', '-e=', '-iw='],
    ...['-eA=1', '-e=A=1', '-w/tmp', '-itx', '-é', '-i-t', '-i=', '-t=false', '-it=false', '-t=x'],
    ...['--tty', '--tty=0', '--tty=', '--env', '--env=A=b', '--env=', '--env==x', '--user', '--i'],
    ...['--workdir==x', '--detach-keys', '--detach-keys=a,b', '--env-file', '--env-file=x'],
    ...['--privileged', '--privileged=maybe', '--no-tty', '--', '---', '--=', '-', '-=', '-=x'],
    ...['box', 'sh', 'true', 'A=1', '', '=x', '-1', '--__proto__', '--toString=1', '-ti-', '-t-i'],
  )
  const letterSoup = fc.string({ unit: fc.constantFrom(...'ditewu=-0x'), maxLength: 6 })
  const word = fc.oneof(
    { weight: 6, arbitrary: option },
    { weight: 2, arbitrary: letterSoup.map((soup) => `-${soup}`) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 5 }) },
  )
  fuzz(
    'is parsed, or refused, as in docker',
    fc.array(word, { maxLength: 5 }),
    (args) => {
      const parsed = (): Line => {
        try {
          const { options, words } = parseCommandLine(execOptions, args)
          return { options, words }
        } catch (error) {
          expect(error).toBeInstanceOf(Failure)
          return { error: (error as Error).message }
        }
      }
      expect(parsed()).toEqual(parseLikePflag(args))
    },
    { runs: 2000, found: [['-d', '-='], ['-i=i=']] },
  )
})
