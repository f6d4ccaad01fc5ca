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
      name: 'looks for the socket of a 200',
      verdict: 'And the daemon answered 200 and not 101: notUpgraded(started) is the Failure',
      changes: [
        [refuses, 'if (started.reply.status >= 300) throw notUpgraded(started)'],
        ['started.connection?.value', 'started.connection!.value'],
      ],
    },
    {
      name: 'prints the early bytes, so that they do not have to wait for chapter 5',
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
      name: 'ends the socket as soon as it has it',
      verdict: 'you half-closed before anything was typed',
      changes: [['socket.allowHalfOpen = true', 'socket.allowHalfOpen = true\n    socket.end()']],
    },
    {
      name: 'takes the early bytes with one read',
      bodyOf: 'takeEarlyBytes',
      body: '  return socket.read() ?? new Uint8Array()',
    },
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
      name: 'waits for the first output, because something has to come',
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
      name: 'gives the wire back with a cut',
      verdict: 'you gave the wire back without a half-close',
      changes: [['() => socket.end()', '() => socket.destroy()']],
    },
    {
      name: 'takes the early bytes as text',
      verdict: 'a byte that is no UTF-8 becomes three others',
      changes: [
        ['takeEarlyBytes(socket),', 'Buffer.from(Buffer.from(takeEarlyBytes(socket)).toString()),'],
      ],
    },
    {
      name: 'forgets that the daemon may end first',
      verdict: 'allowHalfOpen is off',
      changes: [['socket.allowHalfOpen = true', '']],
    },
    {
      name: 'puts the early bytes back, and passes them on as well',
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
      name: 'knows early bytes only of a terminal',
      verdict: 'early bytes come without a tty too',
      changes: [
        [
          'early: takeEarlyBytes(socket),',
          'early: started.tty ? takeEarlyBytes(socket) : (takeEarlyBytes(socket), new Uint8Array()),',
        ],
      ],
    },
    {
      name: 'asks our own terminal how output comes',
      verdict: 'what tells is the tty that was asked for',
      changes: [["started.tty ? 'raw'", "kit.terminal.inputIsTerminal ? 'raw'"]],
    },
    {
      name: 'tells the framing from the first byte',
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
      name: 'keeps the label that the socket had',
      verdict: 'you hold the wire as "connection"',
      changes: [["hold('wire'", "hold('connection'"]],
    },
    {
      name: 'passes on the held connection of chapter 2 as the wire',
      verdict: 'you did not hold the wire',
      changes: [["kit.scope.hold('wire', socket, () => socket.end())", 'started.connection!']],
    },
    {
      name: 'passes on null where nothing came early',
      verdict: 'where none came, it is an empty Uint8Array',
      changes: [['takeEarlyBytes(socket),', '(socket.read() as never),']],
    },
    {
      name: 'switches the keep-alive on, without a time',
      verdict: 'the keep-alive is 0 ms',
      changes: [['setKeepAlive(true, keepAliveDelay)', 'setKeepAlive(true)']],
    },
    {
      name: 'sets a time limit in place of a keep-alive',
      verdict: 'you set no keep-alive on a TCP connection',
      changes: [['socket.setKeepAlive(true, keepAliveDelay)', 'socket.setTimeout(keepAliveDelay)']],
    },
    {
      name: 'throws an error of its own where there is no 101',
      verdict: 'notUpgraded(started) is the Failure that says so',
      changes: [
        [refuses, "if (started.reply.status !== 101 || !socket) throw new Error('not upgraded')"],
      ],
    },
    {
      name: 'refuses in words of its own',
      verdict: 'with the status and the reason',
      changes: [
        [refuses, "if (started.reply.status !== 101 || !socket) throw new Failure('no session')"],
        [
          'import { notWritten }',
          "import { Failure } from '../../../src/process/failure.ts'\nimport { notWritten }",
        ],
      ],
    },
    {
      name: 'takes the socket before it looks at the status',
      verdict: 'Cannot set properties of undefined',
      changes: [
        [
          refuses,
          'socket!.allowHalfOpen = false\n    if (started.reply.status !== 101 || !socket) throw notUpgraded(started)',
        ],
      ],
    },
    {
      name: 'reads once: in a paused socket that gives all there is',
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
      name: 'leaves the status as the text that it was',
      verdict: '"status":"101"',
      changes: [['status: Number(status)', 'status: status as never']],
    },
    {
      name: 'trims what stands behind the head',
      verdict: 'and it is {"early":"2320"',
      changes: [
        [
          'Uint8Array.from(bytes.subarray(end + emptyLine.length))',
          "Buffer.from(bytes.subarray(end + emptyLine.length).toString('latin1').trim(), 'latin1')",
        ],
      ],
    },
    {
      name: 'looks for line feeds alone',
      verdict: 'and it is {"early":"2320"',
      changes: [
        ["const emptyLine = '\\r\\n\\r\\n'", "const emptyLine = '\\n\\r\\n'"],
        ['end + emptyLine.length', 'end + 4'],
      ],
    },
    {
      name: 'splits at every empty line',
      verdict: 'the next one belongs to the session',
      changes: [
        [
          'Uint8Array.from(bytes.subarray(end + emptyLine.length))',
          "Buffer.from(bytes.toString('latin1').split(emptyLine)[1] ?? '', 'latin1')",
        ],
      ],
    },
    {
      name: 'looks for the end of the head from behind',
      verdict: 'only the first empty line ends the head',
      changes: [['bytes.indexOf', 'bytes.lastIndexOf']],
    },
  ],
}
