/**
 * Wrong solutions of the exercises of chapter 6, each a misconception, and right ones that look
 * different from ours.
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
      verdict: 'our input is a pipe, and you follow a window all the same',
      changes: [[' || !kit.terminal.inputIsTerminal', '']],
    },
    {
      name: 'listens, and never stops',
      verdict: 'you still listen for SIGWINCH',
      changes: [[holds, holds.replace(', stop', ', () => void stop')]],
    },
    {
      name: 'tries once',
      verdict: 'and you did not try again',
      changes: [[sends, 'await sendSize(copying, kit)']],
    },
    {
      name: 'waits for the first change of the window',
      verdict: 'you never sent the size',
      changes: [[sends, '']],
    },
    {
      name: 'gives up when the daemon refuses the size',
      verdict: 'a wrong size is no reason for that',
      changes: [
        [
          'import { notWritten }',
          "import { Failure } from '../../../src/process/failure.ts'\nimport { notWritten }",
        ],
        ['void tryAgain(copying, kit)', "throw new Failure('cannot set the size')"],
      ],
    },
    {
      name: 'sends first and then listens',
      verdict: 'you sent the size first and listened then',
      changes: [
        [sends, ''],
        [listens, `${sends}\n${listens}`],
      ],
    },
    {
      name: 'sends the size once and never again',
      verdict: 'the window changed to 24 by 80 and no request went out',
      changes: [[listens, 'const stop = () => {}']],
    },
    {
      name: 'sends the size, and passes on that there is none',
      verdict: 'the size that you passed on is null',
      changes: [['kit.terminal.size() ?? null', 'null']],
    },
    {
      name: 'tries a second time, and leaves it at that',
      verdict: 'would have taken the third',
      changes: [['void tryAgain', 'void sendSize']],
    },
    {
      name: 'waits until the daemon has taken the size',
      verdict: 'the session stands still meanwhile',
      changes: [['void tryAgain', 'await tryAgain']],
    },
    {
      name: 'sends a size whether there is a tty or not',
      verdict: 'you sent resize in a session without a tty',
      changes: [['!copying.tty || ', '']],
    },
    {
      name: 'sends the first size again at each change',
      verdict: 'the size is asked for each time',
      changes: [
        [
          listens,
          `const first = kit.terminal.size()
    const stop = kit.terminal.onResize(() => void sendSize(copying, { ...kit, terminal: { ...kit.terminal, size: () => first } }))`,
        ],
      ],
    },
    {
      name: 'hands sendSize itself to the terminal',
      verdict: 'Cannot destructure property',
      changes: [[listens, 'const stop = kit.terminal.onResize(sendSize as never)']],
    },
    {
      name: 'listens to the signal itself',
      verdict: 'the window changed to 24 by 80 and no request went out',
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
      name: 'wants somebody who types',
      verdict: 'without -i you sent no size',
      changes: [['!copying.tty ||', '!copying.tty || !copying.interactive ||']],
    },
    {
      name: 'follows the window only where the terminal is raw',
      verdict: 'whether our terminal is raw, does not matter',
      changes: [['!copying.tty ||', '!copying.rawMode ||']],
    },
    {
      name: 'tries until the daemon takes it',
      verdict: 'you have sent it 12 times and do not stop',
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
      name: 'tries ten times, and does not say that it has given up',
      verdict: 'you gave up and did not say so',
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
      name: 'passes on what stops the listening',
      verdict: 'you still listen for SIGWINCH',
      changes: [[holds, 'const resizes = stop as never']],
    },
    {
      name: 'makes what stops the listening, and does not call it',
      verdict: 'you still listen for SIGWINCH',
      changes: [[holds, holds.replace(', stop', ', () => stop')]],
    },
    {
      name: 'gives what follows the window another label',
      verdict: 'its label has to be "window size"',
      changes: [["hold('window size'", "hold('resize'"]],
    },
    {
      name: 'reads the size where Node has it',
      verdict: 'our window is 33 by 99, and you sent h=undefined',
      changes: [
        [
          sends,
          'if (!(await sendSize(copying, { ...kit, terminal: { ...kit.terminal, size: () => ({ rows: process.stdout.rows, columns: process.stdout.columns }) } }))) void tryAgain(copying, kit)',
        ],
      ],
    },
    {
      name: 'stops listening when the size has been taken',
      verdict: 'the window changed to 24 by 80 and no request went out',
      changes: [[sends, `${sends}\n    await resizes.release()`]],
    },
    {
      name: 'passes on the size only where the daemon took it',
      verdict: 'it is the size that was sent',
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
      verdict: 'chapter 7 waits for that',
      changes: [[sends, `${sends}\n    await copying.ended`]],
    },
    {
      name: 'passes on undefined where there is nothing to set',
      verdict: '"size" is missing',
      changes: [['size: null, resizes: null', 'resizes: null']],
    },
    {
      name: 'says at once that the size is the default one',
      verdict: 'and you did not try again',
      changes: [
        [
          'void tryAgain(copying, kit)',
          "kit.terminal.errors.write('failed to resize tty, using default size\\n')",
        ],
      ],
    },
    {
      name: 'tries again for every change, too',
      changes: [
        [
          listens,
          'const stop = kit.terminal.onResize(async () => (await sendSize(copying, kit)) || tryAgain(copying, kit))',
        ],
      ],
    },
    {
      name: 'waits for no answer at all, because the size is on its way',
      changes: [
        [sends, 'void sendSize(copying, kit).then((taken) => taken || tryAgain(copying, kit))'],
      ],
    },
  ],

  '06-resize-path': [
    {
      name: 'names the two as our own fields are named',
      verdict: 'h is the height',
      changes: [['?h=${rows}&w=${columns}', '?rows=${rows}&columns=${columns}']],
    },
    {
      name: 'sends something in any case',
      verdict: 'there is no size to send',
      changes: [
        ['if (!size) return undefined', ''],
        ['} = size', '} = size ?? { rows: 24, columns: 80 }'],
      ],
    },
    {
      name: 'resizes the container instead of the exec in it',
      verdict: 'it is the exec that has a terminal',
      changes: [['/exec/', '/containers/']],
    },
    {
      name: 'puts the width first, as in "80 by 24"',
      verdict: 'h is the height',
      changes: [['?h=${rows}&w=${columns}', '?h=${columns}&w=${rows}']],
    },
    {
      name: 'sends 0 by 0',
      verdict: 'a window of 0 by 0 is none',
      changes: [['if (rows === 0 && columns === 0) return undefined', '']],
    },
    {
      name: 'leaves out a number that is 0',
      verdict: 'a window of one row is small',
      changes: [['if (rows === 0 && columns === 0)', 'if (rows < 2 || columns === 0)']],
    },
    {
      name: 'puts the version before it',
      verdict: 'the version of the API is put before it for you',
      changes: [['/exec/', '/v1.41/exec/']],
    },
    {
      name: 'throws where there is no window',
      verdict: 'there is no size to send',
      changes: [['if (!size) return undefined', "if (!size) throw new Error('no window')"]],
    },
    {
      name: 'gives an empty path where there is nothing to send',
      verdict: 'there is no size to send',
      changes: [['if (!size) return undefined', "if (!size) return ''"]],
    },
    {
      name: 'names the width first: both have names, so the order is free',
      changes: [['?h=${rows}&w=${columns}', '?w=${columns}&h=${rows}']],
    },
  ],
}
