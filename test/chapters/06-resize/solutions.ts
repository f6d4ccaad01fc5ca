/**
 * Wrong solutions of the exercises of chapter 6, one for each misconception,
 * and right ones that differ from ours.
 *
 * @module
 */

import type { Attempts } from '../../exercises/attempts.ts'

const listens = 'const stop = kit.terminal.onResize(() => void sendSize(copying, kit))'
const holds = "const resizes = kit.scope.hold('window size', 'SIGWINCH' as const, stop)"
const sends = 'if (!(await sendSize(copying, kit))) void tryAgain(copying, kit)'

/** The attempts at the exercises of chapter 6. */
export const attempts: Attempts = {
  '06-resize': [
    {
      name: 'follows the window although the input is a pipe',
      verdict: 'our input is a pipe, but you follow the window',
      changes: [[' || !kit.terminal.inputIsTerminal', '']],
    },
    {
      name: 'listens and never stops',
      verdict: 'you still listen for SIGWINCH',
      changes: [[holds, holds.replace(', stop', ', () => void stop')]],
    },
    {
      name: 'tries once',
      verdict: 'and you did not retry',
      changes: [[sends, 'await sendSize(copying, kit)']],
    },
    {
      name: 'sends nothing before the window changes',
      verdict: 'you never sent the size',
      changes: [[sends, '']],
    },
    {
      name: 'ends the session when the daemon refuses the size',
      verdict: 'a wrong size isn’t a reason to do that',
      changes: [
        [
          'import { notWritten }',
          "import { Failure } from '../../../src/process/failure.ts'\nimport { notWritten }",
        ],
        ['void tryAgain(copying, kit)', "throw new Failure('cannot set the size')"],
      ],
    },
    {
      name: 'sends first and listens second',
      verdict: 'you sent the size before you started to listen',
      changes: [
        [sends, ''],
        [listens, `${sends}\n${listens}`],
      ],
    },
    {
      name: 'sends the size once and never again',
      verdict: 'the window changed to 24 rows of 80 columns and you sent no request',
      changes: [[listens, 'const stop = () => {}']],
    },
    {
      name: 'sends the size, but returns null for it',
      verdict: 'the size in your result is null',
      changes: [['kit.terminal.size() ?? null', 'null']],
    },
    {
      name: 'retries once',
      verdict: 'would have accepted the third',
      changes: [['void tryAgain', 'void sendSize']],
    },
    {
      name: 'waits until the daemon accepts the size',
      verdict: 'chapter 7 can’t start until your stage returns',
      changes: [['void tryAgain', 'await tryAgain']],
    },
    {
      name: 'sends a size even without a tty',
      verdict: 'you sent a resize in a session without a tty',
      changes: [['!copying.tty || ', '']],
    },
    {
      name: 'sends the first size again at each change',
      verdict: 'the listener has to read the size again',
      changes: [
        [
          listens,
          `const first = kit.terminal.size()
    const stop = kit.terminal.onResize(() => void sendSize(copying, { ...kit, terminal: { ...kit.terminal, size: () => first } }))`,
        ],
      ],
    },
    {
      name: 'passes sendSize itself as the listener',
      verdict: 'Cannot destructure property',
      changes: [[listens, 'const stop = kit.terminal.onResize(sendSize as never)']],
    },
    {
      name: 'listens for the signal itself',
      verdict: 'the window changed to 24 rows of 80 columns and you sent no request',
      changes: [
        [
          listens,
          `const onSignal = () => void sendSize(copying, kit)
    process.on('SIGWINCH', onSignal)
    const stop = () => process.off('SIGWINCH', onSignal)`,
        ],
      ],
    },
    {
      name: 'follows the window only with -i',
      verdict: 'without -i you sent no size',
      changes: [['!copying.tty ||', '!copying.tty || !copying.interactive ||']],
    },
    {
      name: 'follows the window only if the terminal is raw',
      verdict: 'or our terminal is raw',
      changes: [['!copying.tty ||', '!copying.rawMode ||']],
    },
    {
      name: 'retries until the daemon accepts the size',
      verdict: 'you sent it 12 times without giving up',
      changes: [
        [
          'void tryAgain(copying, kit)',
          `void (async () => {
      while (!(await sendSize(copying, kit))) await new Promise((resolve) => setTimeout(resolve, 10))
    })()`,
        ],
      ],
    },
    {
      name: 'gives up after ten retries without a message',
      verdict: 'you gave up without a message',
      changes: [
        [
          'void tryAgain(copying, kit)',
          `void (async () => {
      for (let left = 10; left > 0; left -= 1) {
        await new Promise((resolve) => setTimeout(resolve, 10))
        if (await sendSize(copying, kit)) return
      }
    })()`,
        ],
      ],
    },
    {
      name: 'returns the stop function in place of a held resource',
      verdict: 'you still listen for SIGWINCH',
      changes: [[holds, 'const resizes = stop as never']],
    },
    {
      name: 'returns the stop function in the release, but does not call it',
      verdict: 'you still listen for SIGWINCH',
      changes: [[holds, holds.replace(', stop', ', () => stop')]],
    },
    {
      name: 'holds the listener under another label',
      verdict: 'its label has to be "window size"',
      changes: [["hold('window size'", "hold('resize'"]],
    },
    {
      name: 'reads the size from process.stdout',
      verdict: 'our window has 33 rows of 99 columns, but you sent h=undefined',
      changes: [
        [
          sends,
          'if (!(await sendSize(copying, { ...kit, terminal: { ...kit.terminal, size: () => ({ rows: process.stdout.rows, columns: process.stdout.columns }) } }))) void tryAgain(copying, kit)',
        ],
      ],
    },
    {
      name: 'stops listening once the size is accepted',
      verdict: 'the window changed to 24 rows of 80 columns and you sent no request',
      changes: [[sends, `${sends}\n    await resizes.release()`]],
    },
    {
      name: 'returns the size only if the daemon accepted it',
      verdict: 'it has to be the size of our window',
      changes: [
        [
          sends,
          `const taken = await sendSize(copying, kit)\n    if (!taken) void tryAgain(copying, kit)`,
        ],
        ['kit.terminal.size() ?? null', 'taken ? (kit.terminal.size() ?? null) : null'],
      ],
    },
    {
      name: 'waits for the end of the session',
      verdict: 'chapter 7 waits for the end',
      changes: [[sends, `${sends}\n    await copying.ended`]],
    },
    {
      name: 'leaves size out if there is nothing to resize',
      verdict: '"size" is missing',
      changes: [['size: null, resizes: null', 'resizes: null']],
    },
    {
      name: 'prints the message without a retry',
      verdict: 'and you did not retry',
      changes: [
        [
          'void tryAgain(copying, kit)',
          "kit.terminal.errors.write('failed to resize tty, using default size\\n')",
        ],
      ],
    },
    {
      name: 'retries after every change, too',
      changes: [
        [
          listens,
          'const stop = kit.terminal.onResize(async () => (await sendSize(copying, kit)) || tryAgain(copying, kit))',
        ],
      ],
    },
    {
      name: 'sends the size without waiting for the answer',
      changes: [
        [sends, 'void sendSize(copying, kit).then((taken) => taken || tryAgain(copying, kit))'],
      ],
    },
  ],

  '06-resize-path': [
    {
      name: 'names the parameters rows and columns',
      verdict: 'h is the height',
      changes: [['?h=${rows}&w=${columns}', '?rows=${rows}&columns=${columns}']],
    },
    {
      name: 'sends 24 by 80 without a window',
      verdict: 'there is no size to send',
      changes: [
        ['if (!size) return undefined', ''],
        ['} = size', '} = size ?? { rows: 24, columns: 80 }'],
      ],
    },
    {
      name: 'resizes the container, not the exec',
      verdict: 'the terminal belongs to the exec',
      changes: [['/exec/', '/containers/']],
    },
    {
      name: 'puts the width first, as in "80 by 24"',
      verdict: 'h is the height',
      changes: [['?h=${rows}&w=${columns}', '?h=${columns}&w=${rows}']],
    },
    {
      name: 'sends 0 by 0',
      verdict: '0 by 0 means that the size isn’t known',
      changes: [['if (rows === 0 && columns === 0) return undefined', '']],
    },
    {
      name: 'rejects a window of one row',
      verdict: 'a window of one row is small',
      changes: [['if (rows === 0 && columns === 0)', 'if (rows < 2 || columns === 0)']],
    },
    {
      name: 'puts the API version into the path of a resize',
      verdict: 'the API version is added for you',
      changes: [['/exec/', '/v1.41/exec/']],
    },
    {
      name: 'throws without a window',
      verdict: 'there is no size to send',
      changes: [['if (!size) return undefined', "if (!size) throw new Error('no window')"]],
    },
    {
      name: 'returns an empty path without a window',
      verdict: 'there is no size to send',
      changes: [['if (!size) return undefined', "if (!size) return ''"]],
    },
    {
      name: 'puts w before h: the order of parameters is free',
      changes: [['?h=${rows}&w=${columns}', '?w=${columns}&h=${rows}']],
    },
  ],
}
