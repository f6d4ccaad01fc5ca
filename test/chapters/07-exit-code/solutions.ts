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
      name: 'gives the terminal back first, and then waits for the end',
      verdict: 'you gave the terminal back while the session was still open',
      changes: [
        ['await resizing.rawMode?.release()\n    await resizing.resizes?.release()\n', ''],
        [waits, `${releasesMode}\n    await resizing.resizes?.release()\n    ${waits}`],
      ],
    },
    {
      name: 'stops following the window first, and then waits for the end',
      verdict: 'you released resizes while the session was still open',
      changes: [
        ['    await resizing.resizes?.release()\n', ''],
        [waits, `await resizing.resizes?.release()\n    ${waits}`],
      ],
    },
    {
      name: 'says something when there is nothing to say',
      verdict: 'the message is "done", but it has to be ""',
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
      verdict: 'the exit code is "3", but it has to be 3',
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
      verdict: 'your code blocked the process',
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
      verdict: 'process.exit was called. A stage returns a state or throws',
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
      name: 'gives the terminal back only where it asks for a code',
      verdict: 'whatever ended it',
      changes: [
        ['await resizing.rawMode?.release()\n    await resizing.resizes?.release()\n', ''],
        [asks, `${releasesMode}\n    await resizing.resizes?.release()\n    ${asks}`],
      ],
    },
    {
      name: 'asks once, and takes what comes for the code',
      verdict: 'the stream and the note end in two steps',
      changes: [
        [
          asks,
          `const reply = await kit.engine.request('GET', \`/exec/\${resizing.execId}/json\`)
    const { ExitCode } = JSON.parse(reply.body) as { ExitCode: number }
    return { ...resizing, exitCode: ExitCode, message: '' }`,
        ],
      ],
    },
    {
      name: 'makes 0 of a code that is not there yet',
      verdict: 'the stream and the note end in two steps',
      changes: [
        [
          asks,
          `const reply = await kit.engine.request('GET', \`/exec/\${resizing.execId}/json\`)
    const { ExitCode } = JSON.parse(reply.body) as { ExitCode: number | null }
    return { ...resizing, exitCode: ExitCode ?? 0, message: '' }`,
        ],
      ],
    },
    {
      name: 'explains a command that was killed',
      verdict: 'docker says nothing more',
      changes: [
        [
          asks,
          `const answer = await execExitCode(resizing, kit)
    const message = answer.exitCode > 128 ? \`killed by signal \${answer.exitCode - 128}\` : answer.message
    return { ...resizing, ...answer, message }`,
        ],
      ],
    },
    {
      name: 'passes on the signal in place of the code',
      verdict: 'the daemon says 137',
      changes: [
        [
          asks,
          `const answer = await execExitCode(resizing, kit)
    return { ...resizing, ...answer, exitCode: answer.exitCode % 128 }`,
        ],
      ],
    },
    {
      name: 'asks the container how it ended',
      verdict: 'The exec has a note of its own',
      changes: [
        [
          asks,
          `const reply = await kit.engine.request('GET', \`/containers/\${resizing.container}/json\`)
    const { State } = JSON.parse(reply.body) as { State: { ExitCode: number } }
    return { ...resizing, exitCode: State.ExitCode, message: '' }`,
        ],
      ],
    },
    {
      name: 'throws the error that ended the session',
      verdict: 'an end by error is an end too',
      changes: [
        [
          'return { ...resizing, exitCode: 1, message: ending.error.message }',
          'throw ending.error',
        ],
      ],
    },
    {
      name: 'waits for the wire to close in place of the end',
      verdict: 'your stage has not returned',
      changes: [
        [
          waits,
          `await new Promise((resolve) => resizing.wire.value.once('close', resolve))\n    ${waits}`,
        ],
      ],
    },
    {
      name: 'has 255 for every end without a code',
      verdict: 'after the detach keys your exit code is 255',
      changes: [[detached, "exitCode: 255, message: 'read escape sequence'"]],
    },
    {
      name: 'passes on the error itself as the message',
      verdict: 'it has to fail with "lost the connection',
      changes: [['message: ending.error.message', 'message: ending.error as never']],
    },
    {
      name: 'says what went wrong in general',
      verdict: "the error's own message says why",
      changes: [['message: ending.error.message', "message: 'connection lost'"]],
    },
    {
      name: 'writes the message itself, and passes on none',
      verdict: 'after the detach keys your message is ""',
      changes: [
        [
          detached,
          "exitCode: (kit.terminal.errors.write('read escape sequence\\n'), 1), message: ''",
        ],
      ],
    },
    {
      name: 'takes a daemon that is gone for a success',
      verdict: 'a success that nobody has seen',
      changes: [
        [
          asks,
          `const answer = await execExitCode(resizing, kit)
    return { ...resizing, ...answer, exitCode: answer.exitCode === 255 ? 0 : answer.exitCode }`,
        ],
      ],
    },
    {
      name: 'ends with 1 for every failure',
      verdict: 'the exit code is 1, but it has to be 3',
      changes: [
        [
          asks,
          `const answer = await execExitCode(resizing, kit)
    return { ...resizing, ...answer, exitCode: answer.exitCode === 0 ? 0 : 1 }`,
        ],
      ],
    },
    {
      name: 'does not wait for the answer',
      verdict: 'you did not ask the daemon for the exit code',
      changes: [[asks, 'return { ...resizing, ...(execExitCode(resizing, kit) as never) }']],
    },
    {
      name: 'releases without waiting: both are done when the call comes back',
      changes: [
        [releasesMode, 'void resizing.rawMode?.release()'],
        ['await resizing.resizes?.release()', 'void resizing.resizes?.release()'],
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
      name: 'looks at Running alone',
      verdict: 'null is not 0',
      changes: [['ExitCode ?? undefined', 'Number(ExitCode)']],
    },
    {
      name: 'gives the code as a text',
      verdict: 'returned "137"',
      changes: [
        [
          'return ExitCode ?? undefined',
          'return ExitCode === null ? undefined : (String(ExitCode) as never)',
        ],
      ],
    },
    {
      name: 'finds the number with a search',
      verdict: 'the number beside it means nothing',
      body: '  const found = /"ExitCode":(\\d+)/.exec(note)\n  return found ? Number(found[1]) : undefined',
    },
    {
      name: 'takes the note for an object',
      verdict: 'returned undefined',
      body: '  const { Running, ExitCode } = note as any\n  return Running ? undefined : ExitCode',
    },
    {
      name: 'takes 0 for no code',
      verdict: '0 is a code, the one of success',
      changes: [['ExitCode ?? undefined', 'ExitCode || undefined']],
    },
  ],
}
