/**
 * Wrong solutions of the exercises of chapter 5, each a misconception, and
 * right ones that look different from ours.
 *
 * @module
 */

import type { Attempts } from '../../exercises/attempts.ts'

const makesSearch = 'raw.tty ? createDetachSearch(detachKeysOf(raw, engine)) : undefined'
const detaches = "if (detached) resolve('detach keys')"
/** The half-close at the end of the input. */
const announces = 'socket.end()\n      resolve'
/** The half-close when stdin is not attached. */
const announcesAtOnce = "socket.end()\n    return 'end'"
const writes = 'writeChunks([chunk], socket, resume)'

/** The attempts at the exercises of chapter 5. */
export const attempts: Attempts = {
  '05-copy-loops': [
    {
      name: 'starts a new search with every chunk',
      verdict: 'Use the same search for every chunk',
      changes: [
        [
          `const search = ${makesSearch}`,
          `const search = raw.tty
             ? (chunk: Uint8Array) => createDetachSearch(detachKeysOf(raw, engine))(chunk)
             : undefined`,
        ],
      ],
    },
    {
      name: 'closes the connection when the input ends',
      verdict: 'you closed both directions of the connection',
      changes: [[announces, 'socket.destroy()\n      resolve']],
    },
    {
      name: 'treats the detach keys as the end of the input',
      verdict: 'you treated them as the end of the input',
      changes: [[detaches, "if (detached) { socket.end(); resolve('end') }"]],
    },
    {
      name: 'drops the detach keys but does not detach',
      verdict: 'were typed and the session went on',
      changes: [[detaches, '']],
    },
    {
      name: 'searches for detach keys without a tty',
      verdict: 'without a tty 10 11 is ordinary data',
      changes: [[makesSearch, 'createDetachSearch(detachKeysOf(raw, engine))']],
    },
    {
      name: 'sends the detach keys and then detaches',
      verdict: 'the daemon got the detach keys',
      changes: [['writeChunks(pass,', 'writeChunks([chunk],']],
    },
    {
      name: 'half-closes before it sends the input',
      verdict: 'after a half-close you can’t write',
      changes: [['const socket = raw.wire.value', 'const socket = raw.wire.value\n  socket.end()']],
    },
    {
      name: 'decodes the input as text',
      verdict: 'Treat input as bytes, not text',
      changes: [
        [
          `if (!search) return ${writes}`,
          'if (!search) return writeChunks([Buffer.from(`${Buffer.from(chunk)}`)], socket, resume)',
        ],
      ],
    },
    {
      name: 'pauses for a slow daemon and never resumes',
      verdict: 'and nothing resumed it',
      changes: [['(): void => input.resume()', '(): void => {}']],
    },
    {
      name: 'does not announce the end of the input',
      verdict: 'you did not half-close',
      changes: [[announces, 'resolve']],
    },
    {
      name: 'ignores what writeChunks returns',
      verdict: 'you kept reading while earlier chunks were still unsent',
      changes: [
        [`return ${writes}`, `{ ${writes}; return true }`],
        ['return written', 'return written || true'],
      ],
    },
    {
      name: 'hard-codes the detach keys',
      verdict: 'in a session whose detach keys are ctrl-x q',
      changes: [[makesSearch, 'raw.tty ? createDetachSearch(Uint8Array.of(16, 17)) : undefined']],
    },
    {
      name: 'uses only the configured detach keys',
      verdict: 'in a session whose detach keys are ctrl-x q',
      changes: [
        [
          makesSearch,
          "raw.tty ? createDetachSearch(detachKeysOf({ detachKeys: '' }, engine)) : undefined",
        ],
      ],
    },
    {
      name: 'drops what was typed before the detach keys',
      verdict: 'you lost the line',
      changes: [
        [
          'const written = writeChunks(pass, socket, resume)',
          "if (detached) { resolve('detach keys'); return true }\n      const written = writeChunks(pass, socket, resume)",
        ],
      ],
    },
    {
      name: 'sends each chunk unchanged until the detach keys are complete',
      verdict: 'the first of the detach keys',
      changes: [
        [
          'writeChunks(pass, socket, resume)',
          'writeChunks(detached ? pass : [chunk], socket, resume)',
        ],
      ],
    },
    {
      name: 'searches by hand and swallows a lone ctrl-p',
      verdict: 'A ctrl-p alone doesn’t detach',
      changes: [
        [makesSearch, 'raw.tty'],
        [
          'const { pass, detached } = search(chunk)',
          `const keys = detachKeysOf(raw, engine)
           const pass = [Buffer.from(chunk.filter((byte) => byte !== keys[0] && byte !== keys[1]))]
           const detached = chunk.includes(keys[1]!)`,
        ],
      ],
    },
    {
      name: 'reads all of the input before it sends any',
      verdict: 'you kept reading while earlier chunks were still unsent',
      bodyOf: 'copyInput',
      body: `
  const chunks: Buffer[] = []
  await input?.read((chunk) => { chunks.push(Buffer.from(chunk)); return true })
  raw.wire.value.write(Buffer.concat(chunks))
  raw.wire.value.end()
  return 'end'`,
    },
    {
      name: 'copies each chunk and never waits',
      verdict: 'you kept reading while earlier chunks were still unsent',
      changes: [[`return ${writes}`, '{ socket.write(Buffer.from(chunk)); return true }']],
    },
    {
      name: 'writes without a copy and never waits',
      verdict: 'you kept reading while earlier chunks were still unsent',
      changes: [[`return ${writes}`, '{ socket.write(chunk); return true }']],
    },
    {
      name: 'reads process.stdin instead of the input',
      verdict: 'you half-closed before you sent the input',
      bodyOf: 'copyInput',
      body: `
  if (input) for await (const chunk of process.stdin) raw.wire.value.write(chunk)
  raw.wire.value.end()
  return 'end'`,
    },
    {
      name: 'does not wait for the end of the input',
      verdict: 'after a half-close you can’t write',
      bodyOf: 'copyInput',
      body: `
  void input?.read((chunk) => writeChunks([chunk], raw.wire.value, () => input.resume()))
  raw.wire.value.end()
  return 'end'`,
    },
    {
      name: 'sends only whole lines',
      verdict: 'Send every chunk whole',
      changes: [
        [
          `if (!search) return ${writes}`,
          'if (!search) return writeChunks([chunk.subarray(0, chunk.lastIndexOf(10) + 1)], socket, resume)',
        ],
      ],
    },
    {
      name: 'sends Ctrl-D instead of a half-close',
      verdict: 'you did not half-close',
      changes: [[announces, "socket.write('\\x04')\n      resolve"]],
    },
    {
      name: 'sends Ctrl-D before it half-closes',
      verdict: 'Ctrl-D ends the input only on a terminal',
      changes: [[announces, "socket.end('\\x04')\n      resolve"]],
    },
    {
      name: 'puts the input into frames',
      verdict: 'Only the daemon’s output is framed',
      changes: [
        [
          `if (!search) return ${writes}`,
          'const frame = Buffer.alloc(8)\n      frame.writeUInt32BE(chunk.length, 4)\n      if (!search) return writeChunks([frame, chunk], socket, resume)',
        ],
      ],
    },
    {
      name: 'turns Enter into a line feed',
      verdict: 'you changed the bytes',
      changes: [
        [
          'search(chunk)',
          "search(Buffer.from(Buffer.from(chunk).toString('latin1').replaceAll('\\r', '\\n'), 'latin1'))",
        ],
      ],
    },
    {
      name: 'closes the connection when stdin is not attached',
      verdict: 'without -i only our direction has ended',
      changes: [[announcesAtOnce, "socket.destroy()\n    return 'end'"]],
    },
    {
      name: 'half-closes only without a tty',
      verdict: 'Half-close under a tty too',
      changes: [[announces, 'if (!raw.tty) socket.end()\n      resolve']],
    },
    {
      name: 'closes the terminal and waits for the end of its input',
      verdict: 'Resolve with "detach keys" yourself',
      bodyOf: 'copyInput',
      body: `
  const socket = raw.wire.value
  if (!input) {
    socket.end()
    return 'end'
  }
  let left = false
  const search = createDetachSearch(detachKeysOf(raw, engine))
  await input.read((chunk) => {
    if (!raw.tty) return writeChunks([chunk], socket, () => input.resume())
    const { pass, detached } = search(chunk)
    if (detached) {
      left = true
      input.close()
      return false
    }
    return writeChunks(pass, socket, () => input.resume())
  })
  if (left) return 'detach keys'
  socket.end()
  return 'end'`,
    },
    {
      name: 'throws an error of its own',
      verdict: 'I have no idea',
      bodyOf: 'copyInput',
      body: "  throw new Error('I have no idea')",
    },
    {
      name: 'uses the wire as a socket',
      verdict: 'Cannot read properties of undefined',
      changes: [['raw.wire.value\n', '(raw.wire as any).socket\n']],
    },
    {
      name: 'throws in the middle of a chunk',
      verdict: 'trim is not a function',
      changes: [
        [`if (!search) return ${writes}`, '(chunk as any).trim()\n      if (!search) return true'],
      ],
    },
    {
      name: 'forgets the await',
      verdict: 'you did not half-close',
      bodyOf: 'copyInput',
      body: `
  input?.read((chunk) => writeChunks([chunk], raw.wire.value, () => input.resume()))
  return 'end'`,
    },
    {
      name: 'swallows an error of the search',
      verdict: 'the daemon got none of the keys',
      changes: [
        [
          'const { pass, detached } = search(chunk)',
          'const { pass, detached } = ((): any => { try { return (search as any)(chunk.toString()) } catch { return { pass: [], detached: false } } })()',
        ],
      ],
    },
    {
      name: 'returns what write returns, and waits for drain',
      verdict: 'writeChunks tells you when the chunk has left',
      changes: [
        [
          `if (!search) return ${writes}`,
          "socket.once('drain', resume)\n      if (!search) return socket.write(chunk)",
        ],
      ],
    },
    {
      name: 'pauses the input after every chunk and resumes when it is written',
      changes: [
        [
          `if (!search) return ${writes}`,
          'if (!search) { socket.write(chunk, resume); return false }',
        ],
      ],
    },
    {
      name: 'half-closes after the detach keys',
      verdict: 'you half-closed at the detach keys',
      changes: [[detaches, "if (detached) { socket.end(); resolve('detach keys') }"]],
    },
    {
      name: 'half-closes at the detach keys and then sends what came before them',
      verdict: 'you half-closed at the detach keys',
      changes: [
        [
          'const written = writeChunks(pass, socket, resume)',
          'if (detached) socket.end()\n      const written = writeChunks(pass, socket, resume)',
        ],
      ],
    },
    {
      name: 'does not half-close when stdin is not attached',
      verdict: 'half-close before you do anything else',
      changes: [[announcesAtOnce, "return 'end'"]],
    },
    {
      name: 'awaits the end of the input before it half-closes',
      changes: [
        ['return new Promise((resolve) => {', 'const end = await new Promise((resolve) => {'],
        [
          `void ended.then(() => {\n      ${announces}('end')\n    })\n  })`,
          `void ended.then(() => resolve('end'))
           })
           if (end === 'end') socket.end()
           return end`,
        ],
      ],
    },
  ],

  '05-copy-loops-header': [
    {
      name: 'treats every stream but stderr as stdout',
      verdict: 'stream 35 does not exist',
      changes: [['streams[number]', "streams[number] ?? 'stdout'"]],
    },
    {
      name: 'reads from the start of the underlying buffer',
      verdict: 'starts at byteOffset in its buffer',
      changes: [['(header.buffer, header.byteOffset, header.byteLength)', '(header.buffer)']],
    },
    {
      name: 'reads the length as little-endian',
      verdict: 'the last four bytes are the length, most significant byte first',
      changes: [['view.getUint32(4)', 'view.getUint32(4, true)']],
    },
    {
      name: 'rejects stream 0',
      verdict: 'stream 0 is stdin',
      changes: [["['stdin', 'stdout'", "[undefined, 'stdout'"]],
    },
    {
      name: 'reads only the last byte of the length',
      verdict: 'the length starts with its most significant byte',
      changes: [['view.getUint32(4)', 'view.getUint8(7)']],
    },
    {
      name: 'reads the length as a signed number',
      verdict: 'the length is unsigned',
      changes: [['view.getUint32(4)', 'view.getInt32(4)']],
    },
    {
      name: 'reads only the last two bytes of the length',
      verdict: 'the length uses all four bytes',
      changes: [['view.getUint32(4)', 'view.getUint16(6)']],
    },
    {
      name: 'adds the header to the length',
      verdict: 'returned {"length":14',
      changes: [['view.getUint32(4)', 'view.getUint32(4) + 8']],
    },
    {
      name: 'returns undefined for an unknown stream',
      verdict: 'stream 35 does not exist',
      changes: [
        [
          'if (!stream) throw new Error(`Unrecognized input header: ${number}`)',
          'if (!stream) return undefined as never',
        ],
      ],
    },
    {
      name: 'throws an error without the number',
      verdict: 'stream 35 does not exist',
      changes: [['`Unrecognized input header: ${number}`', "'bad header'"]],
    },
    {
      name: 'reads the length from byte 0',
      verdict: 'the last four bytes are the length',
      changes: [['view.getUint32(4)', 'view.getUint32(0)']],
    },
    {
      name: 'computes the length by hand, with another error message',
      body: `
  const [number = 0, , , , a = 0, b = 0, c = 0, d = 0] = header
  const stream = (['stdin', 'stdout', 'stderr', 'system error'] as const)[number]
  if (!stream) throw new RangeError(\`invalid frame: no stream has number \${number}\`)
  return { stream, length: ((a * 256 + b) * 256 + c) * 256 + d }`,
    },
  ],
}
