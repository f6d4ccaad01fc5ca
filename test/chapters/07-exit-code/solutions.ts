/**
 * Wrong solutions of the exercises of chapter 7, one for each misconception,
 * and a right one that differs from ours.
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
      name: 'restores the terminal, then waits for the end',
      verdict: 'you restored the terminal while the session was still open',
      changes: [
        ['await resizing.rawMode?.release()\n    await resizing.resizes?.release()\n', ''],
        [waits, `${releasesMode}\n    await resizing.resizes?.release()\n    ${waits}`],
      ],
    },
    {
      name: 'stops following the window, then waits for the end',
      verdict: 'you released resizes while the session was still open',
      changes: [
        ['    await resizing.resizes?.release()\n', ''],
        [waits, `await resizing.resizes?.release()\n    ${waits}`],
      ],
    },
    {
      name: 'returns a message for a normal end',
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
      name: 'takes EOF for a success',
      verdict: 'you did not ask the daemon for the exit code',
      changes: [[asks, "return { ...resizing, exitCode: 0, message: '' }"]],
    },
    {
      name: 'asks for the code even if the connection broke',
      verdict: 'the connection broke, and you asked for the exit code',
      changes: [
        [
          'exitCode: 1, message: ending.error.message',
          '...(await execExitCode(resizing, kit)), message: ending.error.message',
        ],
      ],
    },
    {
      name: 'asks for the code before the session is over',
      verdict: 'you asked for the exit code while the session was still open',
      body: `
        ${releasesMode}
        ${asks}`,
    },
    {
      name: 'returns the code as a string',
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
      name: 'asks for the code even after the detach keys',
      verdict: 'the session ended with the detach keys, and you asked for the exit code',
      changes: [["if (ending.by === 'detach keys')", 'if (false)']],
    },
    {
      name: 'takes the detach keys for a success',
      verdict: 'after the detach keys your exit code is 0',
      changes: [[detached, "exitCode: 0, message: ''"]],
    },
    {
      name: 'waits for the end in a busy loop',
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
      name: 'ends the process with the code',
      verdict: 'process.exit was called. A stage returns a state or throws',
      changes: [[asks, 'process.exit((await execExitCode(resizing, kit)).exitCode)']],
    },
    {
      name: 'takes a broken connection for a success',
      verdict: 'the connection broke and your exit code is 0',
      changes: [['exitCode: 1, message: ending.error.message', "exitCode: 0, message: ''"]],
    },
    {
      name: 'restores the terminal after the answer',
      verdict: 'Release rawMode first (a second release does nothing)',
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
      name: 'restores the terminal only before it asks for the code',
      verdict: 'however the session ends',
      changes: [
        ['await resizing.rawMode?.release()\n    await resizing.resizes?.release()\n', ''],
        [asks, `${releasesMode}\n    await resizing.resizes?.release()\n    ${asks}`],
      ],
    },
    {
      name: 'asks once and takes null for the code',
      verdict: 'The daemon ends the stream and stores the code in two steps',
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
      name: 'takes a code that is not there yet for 0',
      verdict: 'The daemon ends the stream and stores the code in two steps',
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
      name: 'adds a message for a killed command',
      verdict: 'docker prints no message',
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
      name: 'returns the signal number in place of the code',
      verdict: 'the daemon reports 137',
      changes: [
        [
          asks,
          `const answer = await execExitCode(resizing, kit)
    return { ...resizing, ...answer, exitCode: answer.exitCode % 128 }`,
        ],
      ],
    },
    {
      name: 'takes the exit code of the container',
      verdict: 'Ask for the note of the exec',
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
      verdict: 'your stage has to return here too',
      changes: [
        [
          'return { ...resizing, exitCode: 1, message: ending.error.message }',
          'throw ending.error',
        ],
      ],
    },
    {
      name: 'waits for the wire to close',
      verdict: 'your stage has not returned',
      changes: [
        [
          waits,
          `await new Promise((resolve) => resizing.wire.value.once('close', resolve))\n    ${waits}`,
        ],
      ],
    },
    {
      name: 'returns 255 for every end without a code',
      verdict: 'after the detach keys your exit code is 255',
      changes: [[detached, "exitCode: 255, message: 'read escape sequence'"]],
    },
    {
      name: 'returns the error object as the message',
      verdict: 'but it has to be "lost the connection',
      changes: [['message: ending.error.message', 'message: ending.error as never']],
    },
    {
      name: 'returns a general message after an error',
      verdict: 'use the error’s own message',
      changes: [['message: ending.error.message', "message: 'connection lost'"]],
    },
    {
      name: 'prints the message and returns an empty one',
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
      verdict: 'although the code is unknown',
      changes: [
        [
          asks,
          `const answer = await execExitCode(resizing, kit)
    return { ...resizing, ...answer, exitCode: answer.exitCode === 255 ? 0 : answer.exitCode }`,
        ],
      ],
    },
    {
      name: 'returns 1 for every failure',
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
      name: 'does not wait for the daemon to answer the inspect',
      verdict: 'you did not ask the daemon for the exit code',
      changes: [[asks, 'return { ...resizing, ...(execExitCode(resizing, kit) as never) }']],
    },
    {
      name: 'releases without waiting: both calls are synchronous',
      changes: [
        [releasesMode, 'void resizing.rawMode?.release()'],
        ['await resizing.resizes?.release()', 'void resizing.resizes?.release()'],
      ],
    },
    {
      name: 'keeps following the window',
      verdict: 'you did not release resizes',
      changes: [['await resizing.resizes?.release()', '']],
    },
  ],

  '07-exit-code-note': [
    {
      name: 'converts null to a number',
      verdict: 'null isn’t a code',
      body: '  return Number(JSON.parse(note).ExitCode)',
    },
    {
      name: 'takes null for 0 once the command has ended',
      verdict: 'null isn’t 0',
      changes: [['ExitCode ?? undefined', 'ExitCode ?? 0']],
    },
    {
      name: 'ignores Running',
      verdict: 'ExitCode means nothing',
      changes: [['if (Running) return undefined', '']],
    },
    {
      name: 'checks only Running',
      verdict: 'null isn’t 0',
      changes: [['ExitCode ?? undefined', 'Number(ExitCode)']],
    },
    {
      name: 'returns the code in the note as a string',
      verdict: 'returned "137"',
      changes: [
        [
          'return ExitCode ?? undefined',
          'return ExitCode === null ? undefined : (String(ExitCode) as never)',
        ],
      ],
    },
    {
      name: 'finds the code with a regular expression',
      verdict: 'ExitCode means nothing',
      body: '  const found = /"ExitCode":(\\d+)/.exec(note)\n  return found ? Number(found[1]) : undefined',
    },
    {
      name: 'reads the note without parsing it',
      verdict: 'returned undefined',
      body: '  const { Running, ExitCode } = note as any\n  return Running ? undefined : ExitCode',
    },
    {
      name: 'takes 0 for a missing code',
      verdict: '0 is an exit code',
      changes: [['ExitCode ?? undefined', 'ExitCode || undefined']],
    },
  ],
}
