import { describe, expect, test } from 'vitest'
import {
  type BodyLength,
  bodyLengthOf,
  createBodyReader,
  headerOf,
  splitHead,
} from '../../src/stream/http.ts'

const answer = 'HTTP/1.1 101 UPGRADED\r\nContent-Type: raw\r\nX: a: b\r\n\r\n# '

describe('a head', () => {
  test('ends at the first blank line, and what follows is returned', () => {
    const { head, rest } = splitHead(Buffer.from(answer)) ?? {}
    expect(head?.firstLine).toBe('HTTP/1.1 101 UPGRADED')
    expect(head?.headers).toEqual([
      ['Content-Type', 'raw'],
      ['X', 'a: b'],
    ])
    expect(rest?.toString()).toBe('# ')
  })

  test('is undefined before its blank line arrives', () => {
    expect(splitHead(Buffer.from(answer.slice(0, -3)))).toBeUndefined()
  })

  test('has case-insensitive names', () => {
    const headers = [['content-LENGTH', '3']] as const
    expect(headerOf({ headers }, 'Content-Length')).toBe('3')
    expect(headerOf({ headers }, 'Upgrade')).toBe('')
  })
})

describe('a body', () => {
  /**
   * Feeds the text in pieces of a size, and returns the body and what came
   * after it.
   */
  function read(text: string, size: number, length: BodyLength): [string, string | undefined] {
    const reader = createBodyReader(length)
    let rest = reader.feed(Buffer.alloc(0))?.toString()
    for (let at = 0; at < text.length; at += size) {
      const piece = text.slice(at, at + size)
      rest = rest === undefined ? reader.feed(Buffer.from(piece))?.toString() : rest + piece
    }
    return [reader.body().toString(), rest]
  }

  test.each([1, 2, 3, 100])('is reassembled from pieces of %i bytes', (size) => {
    expect(read('abcdNEXT', size, 4)).toEqual(['abcd', 'NEXT'])
    expect(read('NEXT', size, 0)).toEqual(['', 'NEXT'])
    expect(read('abcd', size, 'until the end')).toEqual(['abcd', undefined])
    const chunks = '3\r\nabc\r\nA;note=1\r\n0123456789\r\n0\r\n\r\nNEXT'
    expect(read(chunks, size, 'chunked')).toEqual(['abc0123456789', 'NEXT'])
    const trailers = '1\r\na\r\n0\r\nDigest: x\r\n\r\nNEXT'
    expect(read(trailers, size, 'chunked')).toEqual(['a', 'NEXT'])
  })

  test('is incomplete without its last chunk', () => {
    expect(read('3\r\nabc\r\n', 100, 'chunked')).toEqual(['abc', undefined])
  })

  test('throws on an invalid chunk length', () => {
    expect(() => read('zz\r\n', 100, 'chunked')).toThrow('malformed chunk length: zz')
  })

  test('has the length that the headers give', () => {
    expect(bodyLengthOf({ headers: [['Content-Length', '12']] }, 0)).toBe(12)
    expect(bodyLengthOf({ headers: [['transfer-encoding', 'Chunked']] }, 0)).toBe('chunked')
    expect(bodyLengthOf({ headers: [] }, 'until the end')).toBe('until the end')
  })
})
