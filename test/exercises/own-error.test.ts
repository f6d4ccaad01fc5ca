/**
 * Verdicts on errors that the learner's own code threw, even if other code
 * caught them.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { exercises } from '../../chapters/commands/chapter-folders.ts'
import { findExercise } from '../../src/judging/exercise.ts'
import type { Verdict } from '../../src/judging/judge.ts'
import { describeWithEngine } from '../support/engine.ts'
import type { Attempt } from './attempts.ts'
import { judgeFiles, solved } from './judging.ts'

/** An attempt, the exercise it is made at, and the pattern of its verdict. */
type FailingAttempt = Partial<Attempt> & {
  readonly at: [number, string?]
  readonly says: RegExp
}

const attempts: readonly FailingAttempt[] = [
  {
    name: 'an error that the code around the hole turns into the end of the session',
    at: [5],
    changes: [
      ['return new Promise', "if (input) throw new Error('I have no idea')\nreturn new Promise"],
    ],
    says: /^your code threw an error: \S+, line \d+, column \d+: Error: I have no idea$/,
  },
  {
    name: 'a TypeError in a promise that the code around the hole awaits',
    at: [5],
    changes: [['return new Promise', 'Object(undefined).wire.socket\nreturn new Promise']],
    says: /^your code threw an error: \S+, line \d+, column \d+: TypeError: Cannot read/,
  },
  {
    name: 'an Error instead of the daemon’s refusal',
    at: [2],
    changes: [['if (created.detach)', "throw new Error('not upgraded')\nif (created.detach)"]],
    says: /^your code threw an error: \S+, line \d+, column \d+: Error: not upgraded/,
  },
  {
    name: 'a function that throws',
    at: [1, 'body'],
    body: '  return { size: Object(undefined).size.rows, asked, engine, terminal, consoleSize }',
    says: /^your code threw an error: \S+, line \d+, column \d+: TypeError: Cannot read .* \(\w+ .*\)$/,
  },
  {
    name: 'a function that throws a string',
    at: [5, 'header'],
    body: "  throw 'no frame'",
    says: /^your code threw an error: 'no frame' was thrown, which is not an Error/,
  },
  {
    name: 'an async function',
    at: [6, 'path'],
    body: '  return Promise.resolve(String([execId, size])) as never',
    says: /^your function returned a promise: it must not be async, but return the value itself \(/,
  },
  {
    name: 'an async function instead of one that returns a string',
    at: [2, 'head'],
    body: '  return Promise.resolve(path + body) as never',
    says: /^your function returned a promise: it must not be async, but return the value itself$/,
  },
  {
    name: 'undefined instead of a list',
    at: [4, 'flags'],
    body: '  return undefined as never',
    says: /^your function returned undefined, but it has to return a list$/,
  },
  {
    name: 'a hang before the first request',
    at: [1],
    changes: [['await checkContainer', 'await new Promise(() => {})\nawait checkContainer']],
    says: /^your stage has not returned, and it hangs before its first request/,
  },
  {
    name: 'a check that is not awaited',
    at: [1],
    changes: [['await checkContainer', 'void checkContainer']],
    says: /Call checkContainer before checkTtyInput, and await it/,
  },
  {
    name: 'an error in a timer',
    at: [3],
    changes: [
      [
        'const socket = started',
        "setTimeout(() => { throw new Error('late') })\nconst socket = started",
      ],
    ],
    says: /^your code threw an error: .*: Error: late, and it was thrown in a callback, where no caller can catch it$/,
  },
  {
    name: 'a promise that is not awaited',
    at: [3],
    changes: [
      ['const socket = started', "void Promise.reject(new Error('lost'))\nconst socket = started"],
    ],
    says: /^your code threw an error: .*: Error: lost, and it rejected a promise that you do not await$/,
  },
  {
    name: 'a connection under another name',
    at: [2],
    changes: [["hold('connection'", "hold('the connection'"]],
    says: /"the connection"/,
  },
]

/** Code that blocks, kills or exits the judging process. */
const processKillers = ['for (;;);', 'process.kill(process.pid)', 'process.exit(9)']

describeWithEngine('the verdict on the learner’s own error', (engine) => {
  test('names the trial in which the process looped or ended, and the line of process.exit', async () => {
    const exercise = findExercise(exercises, 7)
    const jobs = processKillers.map((line) => {
      const from = 'const ending = await resizing.ended'
      const changes = [[from, `${from}\nif (ending.by === 'detach keys') ${line}`]] as const
      return { exercise: exercise.name, file: solved(exercise, { changes }) }
    })
    const verdicts = await judgeFiles(engine.host, jobs)
    for (const verdict of verdicts) {
      expect(verdict).toMatchObject({ right: false, failed: 'the detach keys' })
      expect(verdict.passed).toContain('a shell that runs exit 3')
      expect(verdict.difference).toBeUndefined()
    }
    expect(verdicts.map(({ complaint }) => complaint)).toEqual([
      expect.stringMatching(/^your code blocked the process: it loops forever/),
      expect.stringMatching(/^your code ended the process\. A stage returns/),
      expect.stringMatching(
        /^your code ended the process: \S+, line \d+, column \d+: process\.exit/,
      ),
    ])
  })

  test('names the line, the column and the message', async () => {
    const jobs = attempts.map((attempt) => {
      const exercise = findExercise(exercises, ...attempt.at)
      return { exercise: exercise.name, file: solved(exercise, attempt) }
    })
    const verdicts = await judgeFiles(engine.host, jobs)
    const results = attempts.map(({ name, says }, at) => {
      const { complaint = 'right' } = verdicts[at] as Verdict
      return says.test(complaint) ? name : `${name}: ${complaint}`
    })
    expect(results).toEqual(attempts.map(({ name }) => name))
    for (const { complaint, difference } of verdicts) {
      if (complaint?.startsWith('your code threw')) expect(difference).toBeUndefined()
      expect(difference ?? '').not.toMatch(/_events|_readableState/)
    }
  })
})
