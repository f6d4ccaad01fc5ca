/**
 * Parses HTTP/1.1 from bytes: where a head ends, its headers, and how long a
 * body is.
 *
 * An HTTP library hides the moment that this workbook is about, when a
 * connection stops being HTTP. So the recorder, the practice daemon and the
 * experiments parse the bytes themselves, with these functions.
 *
 * @module
 */

/** The lines above the blank line of a request or an answer. */
export type Head = {
  /** `POST /exec/…/start HTTP/1.1`, or `HTTP/1.1 101 UPGRADED`. */
  readonly firstLine: string
  /** The headers, unchanged and in order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** A head, and the bytes that came after its blank line. */
export type SplitHead = { readonly head: Head; readonly rest: Buffer }

/** Splits bytes at the first blank line. Undefined until it has arrived. */
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

/** The value of a header, or an empty string. Names are case-insensitive. */
export function headerOf({ headers }: Pick<Head, 'headers'>, name: string): string {
  return headers.find(([header]) => header.toLowerCase() === name.toLowerCase())?.[1] ?? ''
}

/**
 * Where a body ends: after a number of bytes, its last chunk, or with the
 * connection.
 */
export type BodyLength = number | 'chunked' | 'until the end'

/**
 * The length of the body after a head. A Content-Length that is not a number
 * tells nothing, so the body lasts until the end.
 *
 * @param otherwise - the length if both headers are missing: 0 for a request,
 * `until the end` for an answer
 */
export function bodyLengthOf(head: Pick<Head, 'headers'>, otherwise: BodyLength): BodyLength {
  if (/\bchunked\b/i.test(headerOf(head, 'Transfer-Encoding'))) return 'chunked'
  const length = headerOf(head, 'Content-Length')
  if (length === '') return otherwise
  return /^\d{1,15}$/.test(length) ? Number(length) : 'until the end'
}

/** Collects a body from bytes that arrive in pieces of any size. */
export type BodyReader = {
  /**
   * Takes more bytes.
   *
   * @returns the bytes after the body once it is complete; undefined before
   * that
   * @throws an Error if a chunk's length is not a hexadecimal number
   */
  readonly feed: (bytes: Buffer) => Buffer | undefined
  /** The body so far, without chunk lengths. */
  readonly body: () => Buffer
  /** The lengths of its chunks so far, without the last one, which is 0. */
  readonly chunks?: () => readonly number[]
}

/**
 * Starts to read a body. Feed it even an empty rest, because the body may be
 * empty.
 */
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
 * A chunk is a line with its length in hexadecimal, that many bytes, and a
 * line end. The last chunk has length 0. Trailers may follow it, then a blank
 * line.
 */
function createChunkReader(): BodyReader {
  const pieces: Buffer[] = []
  let kept: Buffer = Buffer.alloc(0)

  /**
   * Takes one chunk. Returns the bytes after the body if it was the last one.
   */
  function takeChunk(): Buffer | 'more' | 'incomplete' {
    const lineEnd = kept.indexOf('\r\n')
    if (lineEnd < 0) return 'incomplete'
    const line = kept.toString('latin1', 0, lineEnd)
    if (!/^[0-9a-f]+\s*(;.*)?$/i.test(line)) throw new Error(`malformed chunk length: ${line}`)
    const length = Number.parseInt(line, 16)
    const start = lineEnd + 2
    if (length === 0) {
      // Without trailers the blank line follows immediately.
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
    chunks: () => pieces.map(({ length }) => length),
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
 * The message in the body of an error answer, or an empty string. A daemon
 * sends JSON with a message; a proxy often sends plain text.
 */
export function messageOf(reply: { readonly body: string }): string {
  const text = reply.body.trim()
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return text
  }
  // As in docker, the letter case does not matter, and the last one counts.
  const fields = Object.entries(value ?? {})
  const message = fields.findLast(([name]) => name.toLowerCase() === 'message')?.[1]
  return typeof message === 'string' ? message.trim() : ''
}
