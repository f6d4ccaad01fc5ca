/**
 * HTTP/1.1 read from bytes: where a head ends, what its headers are, how long a body is.
 *
 * An HTTP library hides the moment this workbook is about, when a connection stops being HTTP. The
 * recorder, the practice daemon and the experiments watch the bytes themselves, so they read heads
 * and bodies with these functions.
 *
 * @module
 */

/** The lines above the blank line of a request or an answer. */
export type Head = {
  /** `POST /exec/…/start HTTP/1.1`, or `HTTP/1.1 101 UPGRADED`. */
  readonly firstLine: string
  /** The headers as they were written, in their order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** A head, and the bytes that came after its blank line. */
export type SplitHead = { readonly head: Head; readonly rest: Buffer }

/** Splits bytes at the first blank line. Undefined while it has not arrived. */
export function splitHead(bytes: Buffer): SplitHead | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [firstLine = '', ...fields] = bytes.toString('latin1', 0, end).split('\r\n')
  const headers = fields.map((field): [string, string] => {
    const colon = field.indexOf(':')
    return [field.slice(0, colon), field.slice(colon + 1).trim()]
  })
  return { head: { firstLine, headers }, rest: bytes.subarray(end + 4) }
}

/** The value of a header. Names are case-insensitive. Empty if the header is missing. */
export function headerOf({ headers }: Pick<Head, 'headers'>, name: string): string {
  return headers.find(([header]) => header.toLowerCase() === name.toLowerCase())?.[1] ?? ''
}

/** How a body ends: after so many bytes, after its last chunk, or with the connection. */
export type BodyLength = number | 'chunked' | 'until the end'

/**
 * How long the body after a head is.
 *
 * @param otherwise - what the absence of both headers means: 0 for a request, `until the end` for
 * an answer
 */
export function bodyLengthOf(head: Pick<Head, 'headers'>, otherwise: BodyLength): BodyLength {
  if (/\bchunked\b/i.test(headerOf(head, 'Transfer-Encoding'))) return 'chunked'
  const length = headerOf(head, 'Content-Length')
  return length === '' ? otherwise : Number(length)
}

/** Collects a body from bytes that arrive in pieces of any size. */
export type BodyReader = {
  /**
   * Takes more bytes.
   *
   * @returns the bytes after the body as soon as it is complete, before that undefined
   * @throws an Error if a chunk's length is not a hexadecimal number
   */
  readonly feed: (bytes: Buffer) => Buffer | undefined
  /** The body as far as it has come, without the lengths of its chunks. */
  readonly body: () => Buffer
}

/** Starts to read a body. Feed it also if the rest after the head is empty: a body may be. */
export function createBodyReader(length: BodyLength): BodyReader {
  return length === 'chunked' ? createChunkReader() : createLengthReader(length)
}

function createLengthReader(length: number | 'until the end'): BodyReader {
  const pieces: Buffer[] = []
  let missing = length === 'until the end' ? Number.POSITIVE_INFINITY : length
  return {
    body: () => Buffer.concat(pieces),
    feed(bytes) {
      const piece = bytes.subarray(0, missing)
      pieces.push(piece)
      missing -= piece.length
      return missing > 0 ? undefined : bytes.subarray(piece.length)
    },
  }
}

/**
 * A chunk is its length in hexadecimal on a line, so many bytes, and a line end. The one of length
 * 0 is the last; trailers may follow it, then a blank line.
 */
function createChunkReader(): BodyReader {
  const pieces: Buffer[] = []
  let kept: Buffer = Buffer.alloc(0)

  /** Takes one chunk out of what is kept. The bytes after the body if it was the last one. */
  function takeChunk(): Buffer | 'more' | 'incomplete' {
    const lineEnd = kept.indexOf('\r\n')
    if (lineEnd < 0) return 'incomplete'
    const line = kept.toString('latin1', 0, lineEnd)
    if (!/^[0-9a-f]+\s*(;.*)?$/i.test(line)) throw new Error(`malformed chunk length: ${line}`)
    const length = Number.parseInt(line, 16)
    const start = lineEnd + 2
    if (length === 0) {
      // Without trailers the blank line follows at once.
      const blank = kept.indexOf('\r\n\r\n', lineEnd)
      return blank < 0 ? 'incomplete' : kept.subarray(blank + 4)
    }
    if (kept.length < start + length + 2) return 'incomplete'
    pieces.push(kept.subarray(start, start + length))
    kept = kept.subarray(start + length + 2)
    return 'more'
  }

  return {
    body: () => Buffer.concat(pieces),
    feed(bytes) {
      kept = Buffer.concat([kept, bytes])
      for (;;) {
        const taken = takeChunk()
        if (taken === 'incomplete') return undefined
        if (taken !== 'more') return taken
      }
    },
  }
}

/**
 * The daemon's own sentence in the body of a refusal. A daemon sends JSON with a message, a proxy
 * often plain text. Empty if there is none.
 */
export function messageOf(reply: { readonly body: string }): string {
  const text = reply.body.trim()
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' ? message.trim() : ''
  } catch {
    return text
  }
}
