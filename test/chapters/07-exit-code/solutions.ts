/**
 * Wrong solutions of the exercises of chapter 7, each a misconception.
 *
 * @module
 */

import type { Attempts } from '../../exercises/attempts.ts'

const waits = 'const ending = await resizing.ended'
const releasesMode = 'await resizing.rawMode?.release()'
const asks = 'return { ...resizing, ...(await execExitCode(resizing, kit)) }'
const detached = "exitCode: 1, message: 'read escape sequence'"

/** The attempts at the exercises of chapter 7. */
export const attempts: Attempts = {
  '07-exit-code': [
    {
      name: 'says something when there is nothing to say',
      verdict: 'the message is "done", and it has to be ""',
      changes: [
        [
          asks,
          `const answer = await execExitCode(resizing, kit)
           return { ...resizing, ...answer, message: answer.message || 'done' }`,
        ],
      ],
    },
    {
      name: 'believes that a stream that ended well is a command that ended well',
      verdict: 'you did not ask the daemon for the exit code',
      changes: [[asks, "return { ...resizing, exitCode: 0, message: '' }"]],
    },
    {
      name: 'asks even if the connection broke, because the daemon may know',
      verdict: 'the connection broke, and you asked for the exit code',
      changes: [
        [
          'exitCode: 1, message: ending.error.message',
          '...(await execExitCode(resizing, kit)), message: ending.error.message',
        ],
      ],
    },
    {
      name: 'asks before the session is over',
      verdict: 'you asked for the exit code while the session was still open',
      body: `
        ${releasesMode}
        ${asks}`,
    },
    {
      name: 'passes the number on as a text',
      verdict: 'the exit code is "3", and it has to be 3',
      changes: [
        [
          asks,
          `const answer = await execExitCode(resizing, kit)
           return { ...resizing, ...answer, exitCode: String(answer.exitCode) }`,
        ],
      ],
    },
    {
      name: 'asks for the code after the detach keys as well',
      verdict: 'the learner detached, and you asked for the exit code',
      changes: [["if (ending.by === 'detach keys')", 'if (false)']],
    },
    {
      name: 'takes the detach keys for a success',
      verdict: 'after the detach keys your exit code is 0',
      changes: [[detached, "exitCode: 0, message: ''"]],
    },
    {
      name: 'waits for the end by looking again and again',
      verdict: 'your code never gave control back',
      changes: [
        [
          waits,
          `let ending
           void resizing.ended.then((end) => { ending = end })
           while (!ending) {}`,
        ],
      ],
    },
    {
      name: 'ends the process with the code, as a program would',
      verdict: 'your code ended the process',
      changes: [[asks, 'process.exit((await execExitCode(resizing, kit)).exitCode)']],
    },
    {
      name: 'takes a broken connection for the end of the command',
      verdict: 'the connection broke and your exit code is 0',
      changes: [['exitCode: 1, message: ending.error.message', "exitCode: 0, message: ''"]],
    },
    {
      name: 'gives the terminal back when all is known',
      verdict: 'here in all. Release rawMode first',
      changes: [
        [releasesMode, ''],
        [
          asks,
          `const answer = await execExitCode(resizing, kit)
           ${releasesMode}
           return { ...resizing, ...answer }`,
        ],
      ],
    },
    {
      name: 'goes on following the window',
      verdict: 'you did not release resizes',
      changes: [['await resizing.resizes?.release()', '']],
    },
  ],

  '07-exit-code-note': [
    {
      name: 'makes a number of null',
      verdict: 'null is no code',
      body: '  return Number(JSON.parse(note).ExitCode)',
    },
    {
      name: 'makes 0 of null once the command is over',
      verdict: 'null is not 0',
      changes: [['ExitCode ?? undefined', 'ExitCode ?? 0']],
    },
    {
      name: 'looks at the code alone',
      verdict: 'the number beside it means nothing',
      changes: [['if (Running) return undefined', '']],
    },
    {
      name: 'takes 0 for no code',
      verdict: '0 is a code, the one of success',
      changes: [['ExitCode ?? undefined', 'ExitCode || undefined']],
    },
  ],
}
