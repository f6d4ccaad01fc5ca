/**
 * What a relay can do wrong that the practice daemon doesn't do: about sixty
 * faults, most of them with each message of an exec.
 *
 * @module
 */

import { encodeFrame } from '../../src/stream/frames.ts'
import type { Delivery, Message, RelayFault } from './relay.ts'

/** A fault of one message. */
export type MessageFault = {
  /** `cuts it in half and closes` */
  readonly name: string
  /** Whether a client should not even notice. */
  readonly isHarmless?: true
  /** Whether a client waits until its user gives up. */
  readonly isEndless?: true
  /** The messages that it changes. All, if not given. */
  readonly of?: readonly Message[]
  readonly deliver: (bytes: Buffer, earlier: Buffer) => Delivery
}

const answers = ['ping', 'container', 'create', 'start', 'resize', 'inspect'] as const
const bodies = ['container', 'create', 'inspect'] as const

function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length >> 1)
}

/** Changes the text of an answer. */
function changed(change: (text: string) => string): (bytes: Buffer) => Delivery {
  return (bytes) => ({ pieces: [Buffer.from(change(bytes.toString('latin1')), 'latin1')] })
}

/** Replaces the body, with the right length. */
function withBody(body: string | Uint8Array): (bytes: Buffer) => Delivery {
  return (bytes) => {
    const head = bytes.toString('latin1', 0, bytes.indexOf('\r\n\r\n'))
    const kept = head.replaceAll(/\r\n(?:content-length|transfer-encoding):[^\r]*/gi, '')
    const bytesOfBody = Buffer.from(body as string)
    const whole = `${kept}\r\nContent-Length: ${bytesOfBody.length}\r\n\r\n`
    return { pieces: [Buffer.concat([Buffer.from(whole, 'latin1'), bytesOfBody])] }
  }
}

/** Replaces a field of a JSON body. */
function withField(name: string, value: unknown): (bytes: Buffer) => Delivery {
  return (bytes) => {
    const body = bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)
    const json = body.toString().replace(/^[^{]*|[^}]*$/g, '')
    const fields = { ...(JSON.parse(json) as object), [name]: value }
    return withBody(JSON.stringify(fields))(bytes)
  }
}

function withHeader(...lines: string[]): (bytes: Buffer) => Delivery {
  return changed((text) => text.replace('\r\n', `\r\n${lines.join('\r\n')}\r\n`))
}

function instead(answer: string): () => Delivery {
  return () => ({ pieces: [Buffer.from(answer, 'latin1')] })
}

/** Changes the length in the header of the first frame. */
function withFrameLength(change: (length: number) => number): (bytes: Buffer) => Delivery {
  return (bytes) => {
    const copy = Buffer.from(bytes)
    if (copy.length >= 8) copy.writeUInt32BE(change(copy.readUInt32BE(4)) >>> 0, 4)
    return { pieces: [copy] }
  }
}

const everyByte = (bytes: Buffer): Buffer[] => [...bytes].map((byte) => Buffer.of(byte))

/** The faults. */
export const messageFaults: readonly MessageFault[] = [
  // When and in which packets it arrives.
  {
    name: 'passes it on byte by byte',
    isHarmless: true,
    deliver: (bytes) => ({ pieces: everyByte(bytes) }),
  },
  {
    name: 'passes it on in two halves',
    isHarmless: true,
    deliver: (bytes) => ({ pieces: [half(bytes), bytes.subarray(half(bytes).length)], pause: 20 }),
  },
  {
    name: 'is 200 ms late',
    isHarmless: true,
    deliver: (bytes) => ({ pieces: ['', bytes], pause: 200 }),
  },
  { name: 'never passes it on', isEndless: true, deliver: () => ({ pieces: [], after: 'stall' }) },
  {
    name: 'stops in the middle',
    isEndless: true,
    deliver: (bytes) => ({ pieces: [half(bytes)], after: 'stall' }),
  },

  // It breaks off.
  { name: 'closes instead', deliver: () => ({ pieces: [], after: 'end' }) },
  { name: 'resets instead', deliver: () => ({ pieces: [], after: 'reset' }) },
  { name: 'dies instead', deliver: () => ({ pieces: [], after: 'die' }) },
  { name: 'closes in the middle', deliver: (bytes) => ({ pieces: [half(bytes)], after: 'end' }) },
  { name: 'resets in the middle', deliver: (bytes) => ({ pieces: [half(bytes)], after: 'reset' }) },
  {
    name: 'closes before the last byte',
    deliver: (bytes) => ({ pieces: [bytes.subarray(0, -1)], after: 'end' }),
  },
  { name: 'closes after it', deliver: (bytes) => ({ pieces: [bytes], after: 'end' }) },
  { name: 'resets after it', deliver: (bytes) => ({ pieces: [bytes], after: 'reset' }) },
  { name: 'dies after it', deliver: (bytes) => ({ pieces: [bytes], after: 'die' }) },

  // Its bytes are others.
  { name: 'passes it on twice', deliver: (bytes) => ({ pieces: [bytes, bytes] }) },
  { name: 'repeats the last byte', deliver: (bytes) => ({ pieces: [bytes, bytes.subarray(-1)] }) },
  { name: 'loses the first byte', deliver: (bytes) => ({ pieces: [bytes.subarray(1)] }) },
  {
    name: 'puts garbage before it',
    deliver: (bytes) => ({ pieces: ['\x16\x03\x01\0garbage\r\n', bytes] }),
  },
  { name: 'puts garbage after it', deliver: (bytes) => ({ pieces: [bytes, 'garbage\r\n\r\n'] }) },
  {
    name: 'sends zeros',
    deliver: (bytes) => ({ pieces: [Buffer.alloc(bytes.length)], after: 'end' }),
  },
  {
    name: 'sends its halves in the wrong order',
    deliver: (bytes) => ({ pieces: [bytes.subarray(half(bytes).length), half(bytes)] }),
  },
  { name: 'reverses it', deliver: (bytes) => ({ pieces: [Buffer.from(bytes).reverse()] }) },
  { name: 'sends an earlier message again', deliver: (_, earlier) => ({ pieces: [earlier] }) },

  // Its head is wrong.
  {
    name: 'ends lines with LF alone',
    of: answers,
    deliver: changed((text) => text.replaceAll('\r\n', '\n')),
  },
  {
    name: 'says HTTP/1.0',
    of: answers,
    deliver: changed((text) => text.replace('HTTP/1.1', 'HTTP/1.0')),
  },
  {
    name: 'says HTTP/2',
    of: answers,
    deliver: changed((text) => text.replace('HTTP/1.1', 'HTTP/2.0')),
  },
  { name: 'has no status', of: answers, deliver: changed((text) => text.replace(/ \d{3}/, '')) },
  {
    name: 'has status 999',
    of: answers,
    deliver: changed((text) => text.replace(/ \d{3}/, ' 999')),
  },
  {
    name: 'has status 204',
    of: answers,
    deliver: changed((text) => text.replace(/ \d{3}/, ' 204')),
  },
  {
    name: 'has status 101',
    of: answers,
    deliver: changed((text) => text.replace(/ \d{3}/, ' 101')),
  },
  {
    name: 'has status 100 and nothing else',
    of: answers,
    deliver: instead('HTTP/1.1 100 Continue\r\n\r\n'),
    isEndless: true,
  },
  {
    name: 'redirects',
    of: answers,
    deliver: instead('HTTP/1.1 301 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n'),
  },
  {
    name: 'wants a password',
    of: answers,
    deliver: instead(
      'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 3\r\n\r\nno\n',
    ),
  },
  {
    name: 'is a gateway without a daemon',
    of: answers,
    deliver: instead(
      'HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>',
    ),
  },
  {
    name: 'fails without a word',
    of: answers,
    deliver: instead('HTTP/1.1 500\r\nContent-Length: 0\r\n\r\n'),
  },
  {
    name: 'answers with a TLS alert',
    of: answers,
    deliver: () => ({ pieces: [Buffer.from('15030300020228', 'hex')], after: 'end' }),
  },
  {
    name: 'answers like an SSH server',
    of: answers,
    deliver: () => ({ pieces: ['SSH-2.0-OpenSSH_9.6\r\n'], after: 'end' }),
  },
  {
    name: 'announces a byte too many',
    of: bodies,
    deliver: changed((text) =>
      text.replace(
        /(length: *)(\d+)/i,
        (_, name: string, length: string) => name + (Number(length) + 1),
      ),
    ),
    isEndless: true,
  },
  {
    name: 'announces a byte too few',
    of: bodies,
    deliver: changed((text) =>
      text.replace(
        /(length: *)(\d+)/i,
        (_, name: string, length: string) => name + (Number(length) - 1),
      ),
    ),
  },
  {
    name: 'announces a negative length',
    of: answers,
    deliver: changed((text) => text.replace(/length: *\d+/i, 'Length: -5')),
  },
  {
    name: 'announces no number',
    of: answers,
    deliver: changed((text) => text.replace(/length: *\d+/i, 'Length: abc')),
  },
  { name: 'announces two lengths', of: bodies, deliver: withHeader('Content-Length: 3') },
  {
    name: 'announces chunks and sends none',
    of: bodies,
    deliver: withHeader('Transfer-Encoding: chunked'),
  },
  {
    name: 'has a header of 100 KB',
    of: answers,
    deliver: withHeader(`X-Long: ${'x'.repeat(100_000)}`),
  },
  { name: 'has NUL in a header', of: answers, deliver: withHeader('X-Nul: a\0b') },
  { name: 'has a header without a colon', of: answers, deliver: withHeader('no colon here') },
  { name: 'has a folded header', of: answers, deliver: withHeader('X-Folded: a', '  b') },
  {
    name: 'has a header that no one knows',
    isHarmless: true,
    of: answers,
    deliver: withHeader('X-Unknown: yes', '__proto__: x', 'constructor: y'),
  },

  // Its body is wrong.
  ...['null', '[]', '3', '"text"', '{}', '{"Id":', '<html></html>', '\0', '[['.repeat(50_000)].map(
    (body): MessageFault => ({
      name: `has the body ${body.slice(0, 20)}`,
      of: bodies,
      deliver: withBody(body),
    }),
  ),
  { name: 'has no body', of: bodies, deliver: withBody('') },
  {
    name: 'has a body that is not UTF-8',
    of: bodies,
    deliver: withBody(Buffer.from('7b224964223a22fffe', 'hex')),
  },
  ...[7, null, '', ['a'], '../../x', 'a b\r\nX: y', 'é\u001b[2J', 'x'.repeat(100_000)].map(
    (id): MessageFault => ({
      name: `has the ID ${JSON.stringify(id).slice(0, 20)}`,
      of: ['create'],
      deliver: withField('Id', id),
    }),
  ),
  ...[7.5, 256, 1e300, '3', 'three', [], {}, true].map(
    (code): MessageFault => ({
      name: `has the exit code ${JSON.stringify(code)}`,
      of: ['inspect'],
      deliver: withField('ExitCode', code),
    }),
  ),
  { name: 'says Running "no"', of: ['inspect'], deliver: withField('Running', 'no') },

  // Its frames are wrong.
  { name: 'adds 1 to a length', of: ['session'], deliver: withFrameLength((length) => length + 1) },
  {
    name: 'takes 1 from a length',
    of: ['session'],
    deliver: withFrameLength((length) => length - 1),
  },
  { name: 'announces an empty frame', of: ['session'], deliver: withFrameLength(() => 0) },
  { name: 'announces 4 GiB', of: ['session'], deliver: withFrameLength(() => 2 ** 32 - 1) },
  {
    name: 'sends a frame on stream 9',
    of: ['session'],
    deliver: (bytes) => ({ pieces: [Buffer.concat([Buffer.of(9), bytes.subarray(1)])] }),
  },
  {
    name: 'sends a message of the daemon',
    of: ['session'],
    deliver: (bytes) => ({ pieces: [bytes, encodeFrame('systemError', Buffer.from('disk full'))] }),
  },
  { name: 'sends no output', of: ['session'], deliver: () => ({ pieces: [], after: 'end' }) },
]

/** Returns a relay's fault that changes one message of a run. */
export function faultOf(message: Message, { deliver }: MessageFault): RelayFault {
  let earlier: Buffer = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK')
  return {
    deliver(arrived, bytes) {
      const delivery = arrived === message ? deliver(bytes, earlier) : undefined
      earlier = bytes
      return delivery
    },
  }
}

/** Cuts a message after a number of bytes. */
export function cutAfter(message: Message, count: number, after: 'end' | 'reset'): RelayFault {
  return {
    deliver: (arrived, bytes) =>
      arrived === message ? { pieces: [bytes.subarray(0, count)], after } : undefined,
  }
}

/**
 * Sends the head of the 101, the session and its end in a single write. The
 * engine has to end the session by itself.
 */
export function mergedWrites(): RelayFault {
  let head: Buffer = Buffer.alloc(0)
  return {
    deliver(message, bytes) {
      if (message === 'start') head = bytes
      if (message === 'start') return { pieces: [] }
      return message === 'session'
        ? { pieces: [Buffer.concat([head, bytes])], after: 'end' }
        : undefined
    },
  }
}
