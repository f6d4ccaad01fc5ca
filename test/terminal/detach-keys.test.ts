import { describe, expect, test } from 'vitest'
import {
  createDetachSearch,
  detachKeysOf,
  parseDetachKeys,
} from '../../src/terminal/detach-keys.ts'

/**
 * Types chunks and returns what goes to the daemon and whether we detached.
 */
function type(keys: string, ...chunks: string[]): { passed: string; detached: boolean } {
  const scan = createDetachSearch(parseDetachKeys(keys) ?? new Uint8Array())
  let passed = ''
  for (const chunk of chunks) {
    const { pass, detached } = scan(Buffer.from(chunk, 'latin1'))
    passed += Buffer.concat(pass).toString('latin1')
    if (detached) return { passed, detached }
  }
  return { passed, detached: false }
}

describe('detach keys', () => {
  test('parse as single characters and as ctrl- with a letter or a sign', () => {
    expect(parseDetachKeys('ctrl-p,ctrl-q')).toEqual(Uint8Array.of(0x10, 0x11))
    expect(parseDetachKeys('ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_')).toEqual(
      Uint8Array.of(0x00, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f),
    )
    expect(parseDetachKeys('a,b')).toEqual(Uint8Array.of(0x61, 0x62))
    expect(parseDetachKeys('DEL,a')).toEqual(Uint8Array.of(0x7f, 0x61))
  })

  test.each(['ctrl-!!', 'ctrl-!', 'ctrl-P', 'ab', '', 'a,,b', 'é'])(
    'do not parse from %j',
    (text) => {
      expect(parseDetachKeys(text)).toBeUndefined()
    },
  )

  test('come from the command line, then the configuration, then docker’s default', () => {
    const engine = { config: { detachKeys: 'ctrl-a' } }
    expect(detachKeysOf({ detachKeys: 'ctrl-b' }, engine)).toEqual(Uint8Array.of(2))
    expect(detachKeysOf({ detachKeys: '' }, engine)).toEqual(Uint8Array.of(1))
    expect(detachKeysOf({ detachKeys: '' }, { config: { detachKeys: '' } })).toEqual(
      Uint8Array.of(0x10, 0x11),
    )
  })

  test('detach, and input before them is passed on', () => {
    expect(type('ctrl-p,ctrl-q', 'ls\x10\x11rest')).toEqual({ passed: 'ls', detached: true })
  })

  test('detach when they arrive key by key', () => {
    expect(type('ctrl-p,ctrl-q', 'a', '\x10', '\x11')).toEqual({ passed: 'a', detached: true })
  })

  test('hold back a lone ctrl-p until the next key', () => {
    expect(type('ctrl-p,ctrl-q', '\x10')).toEqual({ passed: '', detached: false })
    expect(type('ctrl-p,ctrl-q', '\x10', 'x')).toEqual({ passed: '\x10x', detached: false })
    expect(type('ctrl-p,ctrl-q', 'a\x10x')).toEqual({ passed: 'a\x10x', detached: false })
  })

  test('do not restart at a key that breaks the sequence', () => {
    const keys = '\x10\x10\x11'
    expect(type('ctrl-p,ctrl-q', keys)).toEqual({ passed: keys, detached: false })
    expect(type('ctrl-p,ctrl-q', ...keys)).toEqual({ passed: keys, detached: false })
  })

  test('lose and duplicate nothing for any split of the input', () => {
    const input = 'x\x01\x02y\x01\x02z\x01'
    for (let cut = 0; cut <= input.length; cut += 1) {
      const { passed } = type('ctrl-a,ctrl-b,ctrl-c', input.slice(0, cut), input.slice(cut), '!')
      expect(passed, `split after ${cut}`).toBe(`${input}!`)
    }
  })
})
