/**
 * What a verdict says of an error that the learner's own code threw, whoever caught it.
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

/** An attempt, and what its verdict has to say. */
type Own = Partial<Attempt> & { readonly at: [number, string?]; readonly says: RegExp }

const attempts: readonly Own[] = [
  {
    name: 'an error that the code around the hole makes an ending of',
    at: [5],
    changes: [
      ['return new Promise', "if (input) throw new Error('I have no idea')\nreturn new Promise"],
    ],
    says: /^your code threw an error: \S+, line \d+, column \d+: Error: I have no idea$/,
  },
  {
    name: 'a TypeError in a place that the code around the hole awaits',
    at: [5],
    changes: [['return new Promise', 'Object(undefined).wire.socket\nreturn new Promise']],
    says: /^your code threw an error: \S+, line \d+, column \d+: TypeError: Cannot read/,
  },
  {
    name: 'an Error where a refusal has to be passed on',
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
    name: 'a function that throws a text',
    at: [5, 'header'],
    body: "  throw 'no frame'",
    says: /^your code threw an error: 'no frame' was thrown, which is not an Error/,
  },
  {
    name: 'an async function',
    at: [6, 'path'],
    body: '  return Promise.resolve(String([execId, size])) as never',
    says: /^your function gave a promise: it is not async, it gives the value itself \(/,
  },
  {
    name: 'an async function where a text is expected',
    at: [2, 'head'],
    body: '  return Promise.resolve(path + body) as never',
    says: /^your function gave a promise: it is not async, it gives the value itself$/,
  },
  {
    name: 'nothing where a list is expected',
    at: [4, 'flags'],
    body: '  return undefined as never',
    says: /^your function gave undefined, and it has to be a list$/,
  },
  {
    name: 'a hang in front of the first request',
    at: [1],
    changes: [['await checkContainer', 'await new Promise(() => {})\nawait checkContainer']],
    says: /^your stage has not come back, and it hangs before its first request/,
  },
  {
    name: 'a check that is not waited for',
    at: [1],
    changes: [['await checkContainer', 'void checkContainer']],
    says: /checkContainer comes before checkTtyInput, and with await/,
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
    says: /^your code threw an error: .*: Error: late, and it came in a callback, where no caller can catch it$/,
  },
  {
    name: 'a promise that nobody waits for',
    at: [3],
    changes: [
      ['const socket = started', "void Promise.reject(new Error('lost'))\nconst socket = started"],
    ],
    says: /^your code threw an error: .*: Error: lost, and you do not wait for a promise that failed$/,
  },
  {
    name: 'a connection under another name',
    at: [2],
    changes: [["hold('connection'", "hold('the connection'"]],
    says: /"the connection"/,
  },
]

/** What takes the process away from the judge, in the trial with the detach keys only. */
const takesProcess = ['for (;;);', 'process.kill(process.pid)', 'process.exit(9)']

describeWithEngine('the verdict on the learner’s own error', (engine) => {
  test('names the case in which the process looped or ended, and the line of process.exit', async () => {
    const exercise = findExercise(exercises, 7)
    const jobs = takesProcess.map((line) => {
      const from = 'const ending = await resizing.ended'
      const changes = [[from, `${from}\nif (ending.by === 'detach keys') ${line}`]] as const
      return { exercise: exercise.name, file: solved(exercise, { changes }) }
    })
    const verdicts = await judgeFiles(engine.host, jobs)
    for (const verdict of verdicts) {
      expect(verdict).toMatchObject({ right: false, failed: 'the detach keys' })
      expect(verdict.passed).toContain('a shell that ends with exit 3')
      expect(verdict.difference).toBeUndefined()
    }
    expect(verdicts.map(({ complaint }) => complaint)).toEqual([
      expect.stringMatching(/^your code never gave control back/),
      expect.stringMatching(/^your code ended the process\. A stage returns/),
      expect.stringMatching(
        /^your code ended the process: \S+, line \d+, column \d+: process\.exit/,
      ),
    ])
  })

  test('names its line, its column and its message', async () => {
    const jobs = attempts.map((attempt) => {
      const exercise = findExercise(exercises, ...attempt.at)
      return { exercise: exercise.name, file: solved(exercise, attempt) }
    })
    const verdicts = await judgeFiles(engine.host, jobs)
    const told = attempts.map(({ name, says }, at) => {
      const { complaint = 'right' } = verdicts[at] as Verdict
      return says.test(complaint) ? name : `${name}: ${complaint}`
    })
    expect(told).toEqual(attempts.map(({ name }) => name))
    for (const { complaint, difference } of verdicts) {
      if (complaint?.startsWith('your code threw')) expect(difference).toBeUndefined()
      expect(difference ?? '').not.toMatch(/_events|_readableState/)
    }
  })
})
