/**
 * Wrong solutions to the exercises of chapter 3. Each shows one
 * misconception.
 *
 * @module
 */

import type { Attempts } from '../../exercises/attempts.ts'

const refuses = 'if (started.reply.status !== 101 || !socket) throw notUpgraded(started)'
const keepsAlive = 'if (isTcp(socket)) socket.setKeepAlive(true, keepAliveDelay)'

/** The wrong solutions, by the name of the exercise. */
export const attempts: Attempts = {
  '03-hijack': [
    {
      name: 'expects a 200 to have a socket',
      verdict: 'Note: the answer was 200 instead of 101: throw notUpgraded(started)',
      changes: [
        [refuses, 'if (started.reply.status >= 300) throw notUpgraded(started)'],
        ['started.connection?.value', 'started.connection!.value'],
      ],
    },
    {
      name: 'prints the early bytes before chapter 5 does',
      verdict: 'in a session they would appear twice',
      changes: [
        [
          'return {\n      ...started,',
          'const early = takeEarlyBytes(socket)\n    process.stdout.write(early)\n    return {\n      ...started,',
        ],
        ['early: takeEarlyBytes(socket),', 'early,'],
      ],
    },
    {
      name: 'ends the socket at once',
      verdict: 'you half-closed before anything was typed',
      changes: [['socket.allowHalfOpen = true', 'socket.allowHalfOpen = true\n    socket.end()']],
    },
    {
      name: 'takes the early bytes with one read',
      bodyOf: 'takeEarlyBytes',
      body: '  return socket.read() ?? new Uint8Array()',
    },
    {
      name: 'treats all output as raw',
      verdict: 'you passed on framing "raw" for a session without a tty',
      changes: [["started.tty ? 'raw' : 'stdcopy'", "'raw'"]],
    },
    {
      name: 'accepts any 2xx',
      verdict: 'the answer was 200 instead of 101, and you went on',
      changes: [
        [
          refuses,
          `if (started.reply.status >= 300) throw notUpgraded(started)
           if (!socket) return { ...started, wire: null, early: new Uint8Array(), framing: 'raw' }`,
        ],
      ],
    },
    {
      name: 'drops what the HTTP parser has already read',
      verdict: 'The HTTP parser had read them and put them back',
      changes: [['takeEarlyBytes(socket),', '(takeEarlyBytes(socket), new Uint8Array()),']],
    },
    {
      name: 'trusts the Content-Type',
      verdict: 'Before API 1.42 the Content-Type is raw-stream with and without a tty',
      changes: [['started.tty ?', "!started.reply.contentType.includes('multiplexed') ?"]],
    },
    {
      name: 'counts the keep-alive in seconds',
      verdict: 'Node counts in milliseconds',
      changes: [['setKeepAlive(true, keepAliveDelay)', 'setKeepAlive(true, 30)']],
    },
    {
      name: 'sets a keep-alive on every socket',
      verdict: 'you set a keep-alive on a Unix socket',
      changes: [['if (isTcp(socket)) ', '']],
    },
    {
      name: 'waits for the first output',
      verdict: 'your stage waits for output',
      changes: [
        [
          'early: takeEarlyBytes(socket),',
          `early: await new Promise<Uint8Array>((resolve) => {
             const piece = socket.read()
             if (piece === null) socket.once('data', resolve)
             else resolve(piece)
           }),`,
        ],
      ],
    },
    {
      name: 'listens for 50 milliseconds',
      verdict: 'you left the socket flowing',
      changes: [
        [
          'early: takeEarlyBytes(socket),',
          `early: await new Promise<Uint8Array>((resolve) => {
             const pieces: Buffer[] = []
             const take = (piece: Buffer) => void pieces.push(piece)
             socket.on('data', take)
             setTimeout(() => {
               socket.off('data', take)
               resolve(Buffer.concat(pieces))
             }, 50)
           }),`,
        ],
      ],
    },
    {
      name: 'releases the wire with destroy()',
      verdict: 'you released the wire without a half-close',
      changes: [['() => socket.end()', '() => socket.destroy()']],
    },
    {
      name: 'decodes the early bytes as text',
      verdict: 'a byte that is not valid UTF-8 becomes three others',
      changes: [
        ['takeEarlyBytes(socket),', 'Buffer.from(Buffer.from(takeEarlyBytes(socket)).toString()),'],
      ],
    },
    {
      name: 'leaves allowHalfOpen off',
      verdict: 'allowHalfOpen is off',
      changes: [['socket.allowHalfOpen = true', '']],
    },
    {
      name: 'puts the early bytes back and also passes them on',
      verdict: 'stdout got them twice',
      changes: [
        [
          'return {\n      ...started,',
          'const early = takeEarlyBytes(socket)\n    socket.unshift(early)\n    return {\n      ...started,',
        ],
        ['early: takeEarlyBytes(socket),', 'early,'],
      ],
    },
    {
      name: 'takes early bytes only with a tty',
      verdict: 'you lost early bytes. Without a tty they begin',
      changes: [
        [
          'early: takeEarlyBytes(socket),',
          'early: started.tty ? takeEarlyBytes(socket) : (takeEarlyBytes(socket), new Uint8Array()),',
        ],
      ],
    },
    {
      name: 'derives the framing from our own terminal',
      verdict: 'derive the framing from the tty you asked for',
      changes: [["started.tty ? 'raw'", "kit.terminal.inputIsTerminal ? 'raw'"]],
    },
    {
      name: 'guesses the framing from the first byte',
      verdict: "a terminal's output has no frames",
      changes: [
        [
          'return {\n      ...started,',
          'const early = takeEarlyBytes(socket)\n    return {\n      ...started,',
        ],
        ['early: takeEarlyBytes(socket),', 'early,'],
        ["started.tty ? 'raw'", "(early[0] ?? 0) > 2 ? 'raw'"],
      ],
    },
    {
      name: 'holds the wire under the label of the connection',
      verdict: 'you hold the wire as "connection"',
      changes: [["hold('wire'", "hold('connection'"]],
    },
    {
      name: 'passes on the held connection of chapter 2 as the wire',
      verdict: 'you did not hold the wire',
      changes: [["kit.scope.hold('wire', socket, () => socket.end())", 'started.connection!']],
    },
    {
      name: 'passes on null if nothing arrived early',
      verdict: 'if none arrived, pass on an empty Uint8Array',
      changes: [['takeEarlyBytes(socket),', '(socket.read() as never),']],
    },
    {
      name: 'sets a keep-alive without a delay',
      verdict: 'the keep-alive is 0 ms',
      changes: [['setKeepAlive(true, keepAliveDelay)', 'setKeepAlive(true)']],
    },
    {
      name: 'sets a timeout instead of a keep-alive',
      verdict: 'you set no keep-alive on a TCP connection',
      changes: [['socket.setKeepAlive(true, keepAliveDelay)', 'socket.setTimeout(keepAliveDelay)']],
    },
    {
      name: 'throws a plain error if the status is not 101',
      verdict: 'throw notUpgraded(started), a Failure',
      changes: [
        [refuses, "if (started.reply.status !== 101 || !socket) throw new Error('not upgraded')"],
      ],
    },
    {
      name: 'throws a Failure in its own words',
      verdict: 'a Failure with the status and the reason',
      changes: [
        [refuses, "if (started.reply.status !== 101 || !socket) throw new Failure('no session')"],
        [
          'import { notWritten }',
          "import { Failure } from '../../../src/process/failure.ts'\nimport { notWritten }",
        ],
      ],
    },
    {
      name: 'uses the socket before it checks the status',
      verdict: 'Cannot set properties of undefined',
      changes: [
        [
          refuses,
          'socket!.allowHalfOpen = false\n    if (started.reply.status !== 101 || !socket) throw notUpgraded(started)',
        ],
      ],
    },
    {
      name: 'reads once, which returns everything a paused socket has',
      changes: [
        ['takeEarlyBytes(socket),', '(socket.read() as Buffer | null) ?? new Uint8Array(),'],
      ],
    },
    {
      name: 'sets no keep-alive',
      verdict: 'you set no keep-alive on a TCP connection',
      changes: [[keepsAlive, '']],
    },
  ],

  '03-hijack-split': [
    {
      name: 'assumes a 101 without reading the status',
      verdict: 'read the status from the first line',
      changes: [['status: Number(status)', 'status: 101']],
    },
    {
      name: 'decodes the whole packet as text',
      verdict: 'a byte that is not valid UTF-8 becomes ef bf bd',
      changes: [
        [
          'Uint8Array.from(bytes.subarray(end + blankLine.length))',
          'Buffer.from(bytes.toString().slice(end + blankLine.length))',
        ],
      ],
    },
    {
      name: 'splits before the blank line',
      verdict: 'everything after the blank line is early',
      changes: [['end + blankLine.length', 'end']],
    },
    {
      name: 'leaves the status a string',
      verdict: '"status":"101"',
      changes: [['status: Number(status)', 'status: status as never']],
    },
    {
      name: 'trims the bytes after the head',
      verdict: 'but it has to return {"early":"2320"',
      changes: [
        [
          'Uint8Array.from(bytes.subarray(end + blankLine.length))',
          "Buffer.from(bytes.subarray(end + blankLine.length).toString('latin1').trim(), 'latin1')",
        ],
      ],
    },
    {
      name: 'searches for a line feed too early',
      verdict: 'but it has to return {"early":"2320"',
      changes: [
        ["const blankLine = '\\r\\n\\r\\n'", "const blankLine = '\\n\\r\\n'"],
        ['end + blankLine.length', 'end + 4'],
      ],
    },
    {
      name: 'splits at every blank line',
      verdict: 'the next one belongs to the session',
      changes: [
        [
          'Uint8Array.from(bytes.subarray(end + blankLine.length))',
          "Buffer.from(bytes.toString('latin1').split(blankLine)[1] ?? '', 'latin1')",
        ],
      ],
    },
    {
      name: 'searches for the last blank line',
      verdict: 'only the first blank line ends the head',
      changes: [['bytes.indexOf', 'bytes.lastIndexOf']],
    },
  ],
}
