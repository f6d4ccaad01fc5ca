/**
 * Wrong solutions of the exercises of chapter 3, each a misconception.
 *
 * @module
 */

import type { Attempts } from '../../exercises/attempts.ts'

const refuses = 'if (started.reply.status !== 101 || !socket) throw notUpgraded(started)'
const keepsAlive = 'if (isTcp(socket)) socket.setKeepAlive(true, keepAliveDelay)'

/** The attempts at the exercises of chapter 3. */
export const attempts: Attempts = {
  '03-hijack': [
    {
      name: 'takes all output as it comes',
      verdict: 'you passed on framing "raw" for a session without a tty',
      changes: [["started.tty ? 'raw' : 'stdcopy'", "'raw'"]],
    },
    {
      name: 'takes any 2xx for a yes',
      verdict: 'the daemon answered 200 and not 101, and you went on',
      changes: [
        [
          refuses,
          `if (started.reply.status >= 300) throw notUpgraded(started)
           if (!socket) return { ...started, wire: null, early: new Uint8Array(), framing: 'raw' }`,
        ],
      ],
    },
    {
      name: 'takes the socket and forgets what the HTTP parser has read already',
      verdict: 'the HTTP parser had read them already',
      changes: [['takeEarlyBytes(socket),', '(takeEarlyBytes(socket), new Uint8Array()),']],
    },
    {
      name: 'believes the Content-Type',
      verdict: 'before API 1.42 the Content-Type is raw-stream in both cases',
      changes: [['started.tty ?', "!started.reply.contentType.includes('multiplexed') ?"]],
    },
    {
      name: 'counts the keep-alive in seconds',
      verdict: 'Node counts milliseconds',
      changes: [['setKeepAlive(true, keepAliveDelay)', 'setKeepAlive(true, 30)']],
    },
    {
      name: 'sets the keep-alive on any socket',
      verdict: 'you set a keep-alive on a unix socket',
      changes: [['if (isTcp(socket)) ', '']],
    },
    {
      name: 'sets no keep-alive',
      verdict: 'you set no keep-alive on a TCP connection',
      changes: [[keepsAlive, '']],
    },
  ],

  '03-hijack-split': [
    {
      name: 'assumes the 101 without reading the status',
      verdict: 'the status is whatever the first line says',
      changes: [['status: Number(status)', 'status: 101']],
    },
    {
      name: 'makes a text of the whole packet',
      verdict: 'as text, a byte that is no UTF-8 becomes ef bf bd',
      changes: [
        [
          'Uint8Array.from(bytes.subarray(end + emptyLine.length))',
          'Buffer.from(bytes.toString().slice(end + emptyLine.length))',
        ],
      ],
    },
    {
      name: 'divides before the empty line',
      verdict: 'what stands behind the empty line is early',
      changes: [['end + emptyLine.length', 'end']],
    },
    {
      name: 'looks for the end of the head from behind',
      verdict: 'only the first empty line ends the head',
      changes: [['bytes.indexOf', 'bytes.lastIndexOf']],
    },
  ],
}
