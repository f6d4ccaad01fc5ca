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
const writes = 'pour([chunk], socket, resume)'

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
      changes: [['pour(pass,', 'pour([chunk],']],
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
          'if (!search) return pour([Buffer.from(`${Buffer.from(chunk)}`)], socket, resume)',
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
      name: 'says it in other words, and counts by hand',
      body: `
  const [number = 0, , , , a = 0, b = 0, c = 0, d = 0] = header
  const stream = (['stdin', 'stdout', 'stderr', 'system error'] as const)[number]
  if (!stream) throw new RangeError(\`this is no frame: no stream has number \${number}\`)
  return { stream, length: ((a * 256 + b) * 256 + c) * 256 + d }`,
    },
  ],
}
