import { describe, expect, test } from 'vitest'
import { judgeVersion, withoutUser } from '../../src/doctor/check-engines.ts'
import { judge } from '../../src/doctor/examine.ts'
import { failureNamed } from '../../src/doctor/failures.ts'
import { type Finding, problem as found } from '../../src/doctor/finding.ts'

const nothing = { host: undefined, practice: false, image: undefined }
const onPractice = { engine: false, practice: true, practiceTty: true, practiceIsLast: false }

function problem(failure: NonNullable<Finding['failure']>): Finding {
  return found('something', 'something', { failure })
}

describe('the next command', () => {
  test('is the first chapter if a session worked on an engine', () => {
    const usable = { ...onPractice, engine: true }
    expect(judge([], usable, nothing, 'linux', 1)).toEqual({
      runsOn: 'the engine',
      first: null,
      command: 'npm run chapter 1',
    })
    const asked = { ...nothing, host: 'unix:///a', image: 'alpine' }
    expect(judge([], usable, asked, 'linux', 1).command).toBe(
      'npm run chapter -- 1 --host unix:///a --image alpine',
    )
  })

  test('is the first chapter that is not done, or the list once all are done', () => {
    const usable = { ...onPractice, engine: true }
    const host = { ...nothing, host: 'unix:///a' }
    const commands = [3, undefined].flatMap((chapter) =>
      [nothing, host].map((asked) => judge([], usable, asked, 'linux', chapter).command),
    )
    expect(commands).toEqual([
      'npm run chapter 3',
      'npm run chapter -- 3 --host unix:///a',
      'npm start',
      'npm run chapter -- --host unix:///a',
    ])
  })

  test('has --practice if an engine that does not work would be used', () => {
    const verdict = judge([problem('permission-denied')], onPractice, nothing, 'darwin', 1)
    expect(verdict).toEqual({
      runsOn: 'the practice daemon',
      first: failureNamed('permission-denied').fix.darwin,
      command: 'npm run chapter -- 1 --practice',
    })
  })

  test('has --no-tty if the practice daemon has no pseudo-terminals', () => {
    const usable = { ...onPractice, practiceTty: false, practiceIsLast: true }
    expect(judge([], usable, nothing, 'win32', 1).command).toBe('npm run chapter -- 1 --no-tty')
  })

  test('is the doctor again, after a fix, if nothing works', () => {
    const verdict = judge([problem('packages-missing')], undefined, nothing, 'linux', 1)
    expect(verdict).toEqual({
      runsOn: null,
      first: failureNamed('packages-missing').fix.linux,
      command: 'npm run doctor',
    })
  })

  test('needs no fix if the user asked for the practice daemon', () => {
    const asked = { ...nothing, practice: true }
    expect(judge([], onPractice, asked, 'linux', 1).first).toBeNull()
  })
})

describe('an API version', () => {
  test.each([
    ['1.50', '1.51', '1.24', 'ok'],
    ['1.42', '1.42', '1.12', 'ok'],
    ['1.41', '1.41', '1.12', 'note'],
    ['1.9', '1.9', undefined, 'problem'],
    ['1.50', '1.60', '1.52', 'problem'],
  ])('%s with a daemon that supports %s down to %s is %s', (spoken, newest, oldest, status) => {
    expect(judgeVersion(spoken, newest, oldest).status).toBe(status)
  })
})

test.each([
  ['tcp://ann:secret@host:2375', 'tcp://***@host:2375'],
  ['invalid port ":secret@host:2375" after host', 'invalid port "***@host:2375" after host'],
  ['tcp://ann:se/cret@host:2375', 'tcp://***@host:2375'],
  ['unix:///var/run/docker.sock', 'unix:///var/run/docker.sock'],
])('the user and the password are hidden in %s', (text, shown) => {
  expect(withoutUser(text)).toBe(shown)
})
