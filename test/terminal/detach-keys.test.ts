import { describe, expect, test } from 'vitest'
import {
  createDetachSearch,
  detachKeysOf,
  parseDetachKeys,
} from '../../src/terminal/detach-keys.ts'

/** Types chunks and tells what goes on to the daemon, and whether the session was left. */
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
  test('are written as single characters and as ctrl- with a letter or a sign', () => {
    expect(parseDetachKeys('ctrl-p,ctrl-q')).toEqual(Uint8Array.of(0x10, 0x11))
    expect(parseDetachKeys('ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_')).toEqual(
      Uint8Array.of(0x00, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f),
    )
    expect(parseDetachKeys('a,b')).toEqual(Uint8Array.of(0x61, 0x62))
    expect(parseDetachKeys('DEL,a')).toEqual(Uint8Array.of(0x7f, 0x61))
  })

  test.each(['ctrl-!!', 'ctrl-!', 'ctrl-P', 'ab', '', 'a,,b', 'é'])('%j names no keys', (text) => {
    expect(parseDetachKeys(text)).toBeUndefined()
  })

  test('of the command line win over those of the configuration, and those over docker’s', () => {
    const engine = { config: { detachKeys: 'ctrl-a' } }
    expect(detachKeysOf({ detachKeys: 'ctrl-b' }, engine)).toEqual(Uint8Array.of(2))
    expect(detachKeysOf({ detachKeys: '' }, engine)).toEqual(Uint8Array.of(1))
    expect(detachKeysOf({ detachKeys: '' }, { config: { detachKeys: '' } })).toEqual(
      Uint8Array.of(0x10, 0x11),
    )
  })

  test('leave the session, and what was typed before them goes on', () => {
    expect(type('ctrl-p,ctrl-q', 'ls\x10\x11rest')).toEqual({ passed: 'ls', detached: true })
  })

  test('leave the session also when they come key by key', () => {
    expect(type('ctrl-p,ctrl-q', 'a', '\x10', '\x11')).toEqual({ passed: 'a', detached: true })
  })

  test('a lone ctrl-p is held back until the next key tells what it was', () => {
    expect(type('ctrl-p,ctrl-q', '\x10')).toEqual({ passed: '', detached: false })
    expect(type('ctrl-p,ctrl-q', '\x10', 'x')).toEqual({ passed: '\x10x', detached: false })
    expect(type('ctrl-p,ctrl-q', 'a\x10x')).toEqual({ passed: 'a\x10x', detached: false })
  })

  test('a key that breaks a sequence does not begin a new one', () => {
    const keys = '\x10\x10\x11'
    expect(type('ctrl-p,ctrl-q', keys)).toEqual({ passed: keys, detached: false })
    expect(type('ctrl-p,ctrl-q', ...keys)).toEqual({ passed: keys, detached: false })
  })

  test('nothing is lost or doubled, however the input is cut', () => {
    const input = 'x\x01\x02y\x01\x02z\x01'
    for (let cut = 0; cut <= input.length; cut += 1) {
      const { passed } = type('ctrl-a,ctrl-b,ctrl-c', input.slice(0, cut), input.slice(cut), '!')
      expect(passed, `cut behind ${cut}`).toBe(`${input}!`)
    }
  })
})
