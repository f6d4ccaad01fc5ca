/**
 * Wrong solutions of the exercises of chapter 5, each a misconception, and right ones that look
 * different from ours.
 *
 * @module
 */

import type { Attempts } from '../../exercises/attempts.ts'

const makesSearch = 'raw.tty ? createDetachSearch(detachKeysOf(raw, engine)) : undefined'
const detaches = "if (detached) resolve('detach keys')"
/** What happens when the input is over. */
const announces = 'socket.end()\n      resolve'
/** What happens where there is no input. */
const announcesAtOnce = "socket.end()\n    return 'end'"
const writes = 'writeChunks([chunk], socket, resume)'

/** The attempts at the exercises of chapter 5. */
export const attempts: Attempts = {
  '05-copy-loops': [
    {
      name: 'begins the search anew with every chunk',
      verdict: 'it has to be the same search for every chunk',
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
      name: 'closes the connection when there is nothing more to send',
      verdict: 'you cut the connection in both directions',
      changes: [[announces, 'socket.destroy()\n      resolve']],
    },
    {
      name: 'takes the detach keys for the end of the input',
      verdict: 'you ended the input as if it were over',
      changes: [[detaches, "if (detached) { socket.end(); resolve('end') }"]],
    },
    {
      name: 'drops the detach keys and stays',
      verdict: 'were typed and the session went on',
      changes: [[detaches, '']],
    },
    {
      name: 'looks for detach keys in a file too',
      verdict: 'without a tty 10 11 are data like any other',
      changes: [[makesSearch, 'createDetachSearch(detachKeysOf(raw, engine))']],
    },
    {
      name: 'sends the detach keys on, and then leaves',
      verdict: 'the daemon got the detach keys',
      changes: [['writeChunks(pass,', 'writeChunks([chunk],']],
    },
    {
      name: 'half-closes first, because it has no more to say than what it has',
      verdict: 'behind a half-close nothing more can be written',
      changes: [['const socket = raw.wire.value', 'const socket = raw.wire.value\n  socket.end()']],
    },
    {
      name: 'reads the input as text',
      verdict: 'Input is bytes, and not text',
      changes: [
        [
          `if (!search) return ${writes}`,
          'if (!search) return writeChunks([Buffer.from(`${Buffer.from(chunk)}`)], socket, resume)',
        ],
      ],
    },
    {
      name: 'waits for a slow daemon, and is never told to go on',
      verdict: 'and nobody said go on',
      changes: [['(): void => input.resume()', '(): void => {}']],
    },
    {
      name: 'believes that the daemon sees the end of our input by itself',
      verdict: 'you did not half-close',
      changes: [[announces, 'resolve']],
    },
    {
      name: 'reads on, whatever the socket says',
      verdict: 'you read on while the daemon had not taken what you wrote',
      changes: [
        [`return ${writes}`, `{ ${writes}; return true }`],
        ['return written', 'return written || true'],
      ],
    },
    {
      name: 'knows the detach keys by heart',
      verdict: 'the session has other detach keys',
      changes: [[makesSearch, 'raw.tty ? createDetachSearch(Uint8Array.of(16, 17)) : undefined']],
    },
    {
      name: 'takes the keys of the configuration only',
      verdict: 'the session has other detach keys',
      changes: [
        [
          makesSearch,
          "raw.tty ? createDetachSearch(detachKeysOf({ detachKeys: '' }, engine)) : undefined",
        ],
      ],
    },
    {
      name: 'drops what was typed before the keys',
      verdict: 'the line is lost',
      changes: [
        [
          'const written = writeChunks(pass, socket, resume)',
          "if (detached) { resolve('detach keys'); return true }\n      const written = writeChunks(pass, socket, resume)",
        ],
      ],
    },
    {
      name: 'sends each chunk as it is until the keys are complete',
      verdict: 'the first of the detach keys',
      changes: [
        [
          'writeChunks(pass, socket, resume)',
          'writeChunks(detached ? pass : [chunk], socket, resume)',
        ],
      ],
    },
    {
      name: 'looks for the keys by hand, and swallows a lone ctrl-p',
      verdict: 'alone it is no detach key',
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
      name: 'reads all of the input before it sends it',
      verdict: 'you read on while the daemon had not taken what you wrote',
      bodyOf: 'copyInput',
      body: `
  const chunks: Buffer[] = []
  await input?.read((chunk) => { chunks.push(Buffer.from(chunk)); return true })
  raw.wire.value.write(Buffer.concat(chunks))
  raw.wire.value.end()
  return 'end'`,
    },
    {
      name: 'writes without looking back',
      verdict: 'you read on while the daemon had not taken what you wrote',
      changes: [[`return ${writes}`, '{ socket.write(Buffer.from(chunk)); return true }']],
    },
    {
      name: 'keeps what it cannot write at once, and the memory is written over',
      verdict: 'you read on while the daemon had not taken what you wrote',
      changes: [[`return ${writes}`, '{ socket.write(chunk); return true }']],
    },
    {
      name: 'reads the standard input of the process',
      verdict: 'you half-closed before the input had gone to the daemon',
      bodyOf: 'copyInput',
      body: `
  if (input) for await (const chunk of process.stdin) raw.wire.value.write(chunk)
  raw.wire.value.end()
  return 'end'`,
    },
    {
      name: 'does not wait for the end of the input',
      verdict: 'behind a half-close nothing more can be written',
      bodyOf: 'copyInput',
      body: `
  void input?.read((chunk) => writeChunks([chunk], raw.wire.value, () => input.resume()))
  raw.wire.value.end()
  return 'end'`,
    },
    {
      name: 'sends only whole lines',
      verdict: 'each chunk goes out whole',
      changes: [
        [
          `if (!search) return ${writes}`,
          'if (!search) return writeChunks([chunk.subarray(0, chunk.lastIndexOf(10) + 1)], socket, resume)',
        ],
      ],
    },
    {
      name: 'sends Ctrl-D, the key that ends an input',
      verdict: 'you did not half-close',
      changes: [[announces, "socket.write('\\x04')\n      resolve"]],
    },
    {
      name: 'sends Ctrl-D before it half-closes',
      verdict: 'Ctrl-D ends an input only in a terminal',
      changes: [[announces, "socket.end('\\x04')\n      resolve"]],
    },
    {
      name: 'puts the input into frames, as the output is',
      verdict: 'only what comes from the daemon is in frames',
      changes: [
        [
          `if (!search) return ${writes}`,
          'const frame = Buffer.alloc(8)\n      frame.writeUInt32BE(chunk.length, 4)\n      if (!search) return writeChunks([frame, chunk], socket, resume)',
        ],
      ],
    },
    {
      name: 'makes a line feed of Enter',
      verdict: 'the bytes changed on the way',
      changes: [
        [
          'search(chunk)',
          "search(Buffer.from(Buffer.from(chunk).toString('latin1').replaceAll('\\r', '\\n'), 'latin1'))",
        ],
      ],
    },
    {
      name: 'cuts the connection where nothing is attached',
      verdict: 'without -i only our direction is over',
      changes: [[announcesAtOnce, "socket.destroy()\n    return 'end'"]],
    },
    {
      name: 'half-closes only where there is no tty',
      verdict: 'with a tty as without one the daemon is told',
      changes: [[announces, 'if (!raw.tty) socket.end()\n      resolve']],
    },
    {
      name: 'closes the terminal, and waits for the end of its input',
      verdict: 'Resolve "detach keys" yourself',
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
      name: 'throws because it is not ready yet',
      verdict: 'I have no idea',
      bodyOf: 'copyInput',
      body: "  throw new Error('I have no idea')",
    },
    {
      name: 'takes the wire for the socket',
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
      verdict: 'nothing of what was typed went to the daemon',
      changes: [
        [
          'const { pass, detached } = search(chunk)',
          'const { pass, detached } = ((): any => { try { return (search as any)(chunk.toString()) } catch { return { pass: [], detached: false } } })()',
        ],
      ],
    },
    {
      name: 'returns what write says, and waits for drain',
      verdict: 'pour says when the chunk is gone',
      changes: [
        [
          `if (!search) return ${writes}`,
          "socket.once('drain', resume)\n      if (!search) return socket.write(chunk)",
        ],
      ],
    },
    {
      name: 'pauses the input at every chunk, and goes on when it is written',
      changes: [
        [
          `if (!search) return ${writes}`,
          'if (!search) { socket.write(chunk, resume); return false }',
        ],
      ],
    },
    {
      name: 'half-closes behind the detach keys too: the session is left anyway',
      verdict: 'you half-closed at the detach keys',
      changes: [[detaches, "if (detached) { socket.end(); resolve('detach keys') }"]],
    },
    {
      name: 'half-closes at the detach keys, and then sends what came before them',
      verdict: 'you half-closed at the detach keys',
      changes: [
        [
          'const written = writeChunks(pass, socket, resume)',
          'if (detached) socket.end()\n      const written = writeChunks(pass, socket, resume)',
        ],
      ],
    },
    {
      name: 'says nothing if nothing is attached',
      verdict: 'the half-close is the first thing that we send',
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
      name: 'takes everything that is not stderr for stdout',
      verdict: 'there is no stream 35',
      changes: [['streams[number]', "streams[number] ?? 'stdout'"]],
    },
    {
      name: 'reads from the buffer behind the view',
      verdict: 'its buffer begins earlier, at byteOffset',
      changes: [['(header.buffer, header.byteOffset, header.byteLength)', '(header.buffer)']],
    },
    {
      name: 'takes the least significant byte first, as most processors do',
      verdict: 'the length is in the last four bytes, the most significant first',
      changes: [['view.getUint32(4)', 'view.getUint32(4, true)']],
    },
    {
      name: 'knows the three streams that come, and not the one that goes',
      verdict: 'stream 0 is stdin',
      changes: [["['stdin', 'stdout'", "[undefined, 'stdout'"]],
    },
    {
      name: 'takes the last byte for the length',
      verdict: 'the most significant byte of the length comes first',
      changes: [['view.getUint32(4)', 'view.getUint8(7)']],
    },
    {
      name: 'shifts, as in C',
      verdict: 'a length has no sign',
      changes: [['view.getUint32(4)', 'view.getInt32(4)']],
    },
    {
      name: 'takes the last two bytes for the length: who would write more at once?',
      verdict: 'the length has four bytes',
      changes: [['view.getUint32(4)', 'view.getUint16(6)']],
    },
    {
      name: 'counts the header among the bytes',
      verdict: 'gave {"length":14',
      changes: [['view.getUint32(4)', 'view.getUint32(4) + 8']],
    },
    {
      name: 'gives undefined where there is no frame',
      verdict: 'there is no stream 35',
      changes: [
        [
          'if (!stream) throw new Error(`Unrecognized input header: ${number}`)',
          'if (!stream) return undefined as never',
        ],
      ],
    },
    {
      name: 'says that something is wrong, and not what',
      verdict: 'there is no stream 35',
      changes: [['`Unrecognized input header: ${number}`', "'bad header'"]],
    },
    {
      name: 'reads the length from the beginning',
      verdict: 'the length is in the last four bytes',
      changes: [['view.getUint32(4)', 'view.getUint32(0)']],
    },
    {
      name: 'says it in other words, and counts by hand',
      body: `
  const [number = 0, , , , a = 0, b = 0, c = 0, d = 0] = header
  const stream = (['stdin', 'stdout', 'stderr', 'system error'] as const)[number]
  if (!stream) throw new RangeError(\`this is no frame: no stream has number \${number}\`)
  return { stream, length: ((a * 256 + b) * 256 + c) * 256 + d }`,
    },
  ],
}
