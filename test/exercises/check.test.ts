/**
 * `npm run check` in a copy of the project, so no test touches the exercises
 * of the person who runs the tests.
 *
 * @module
 */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { exercises } from '../../chapters/commands/chapter-folders.ts'
import { findExercise } from '../../src/judging/exercise.ts'
import { taskLines } from '../../src/judging/exercise-lines.ts'
import { originalFileOf } from '../../src/judging/own-file.ts'
import { findHoles } from '../../src/judging/solve.ts'
import { plainStyle } from '../../src/text/style.ts'
import { call } from '../support/api.ts'
import { describeWithEngine, withoutLimitsNotice } from '../support/engine.ts'
import { run } from '../support/run.ts'
import { root } from '../support/scripts.ts'
import { test, unbroken } from './learner-project.ts'

const solution = `
    const socket = started.connection?.value
    if (started.reply.status !== 101 || !socket) throw notUpgraded(started)
    socket.allowHalfOpen = true
    if (isTcp(socket)) socket.setKeepAlive(true, keepAliveDelay)
    const wire = kit.scope.hold('wire', socket, () => socket.end())
    const framing = started.tty ? 'raw' : 'stdcopy'
    return { ...started, wire, early: socket.read() ?? new Uint8Array(), framing }`

/** Returns the line number of the hole in a chapter's main exercise. */
function holeLine(chapter: number): number | undefined {
  const file = join(root, originalFileOf(findExercise(exercises, chapter)))
  return findHoles(readFileSync(file, 'utf8'))[0]?.line
}

describe('npm run check, without an engine', () => {
  test.concurrent('lists the exercises, the progress on each, and the next command', async ({
    learner,
  }) => {
    const { check } = learner()
    const { stdout, code } = await check()
    expect(code).toBe(0)
    expect(stdout).toMatch(/ 0 of 14 solved\n/)
    expect(stdout.match(/^\d( \w+)? +not started /gm)).toHaveLength(14)
    expect(stdout).toMatch(/^3 +not started +take the connection away from HTTP/m)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThan(81)
    expect(stdout).toMatch(/\nNext: npm run check 1\n$/)
  })

  test.concurrent('creates the learner’s copy, and shows the task and the trials', async ({
    learner,
  }) => {
    const { check, mine } = learner('unix:///no/daemon')
    const first = await check('3')
    expect(first.code).toBe(1)
    expect(first.stderr).toBe('created chapters/mine/03-hijack.ts for exercise 3\n')
    expect(first.stdout).toContain('Exercise 3: take the connection away from HTTP\n')
    expect(first.stdout).toContain('\n    // YOUR CODE\n')
    expect(first.stdout).toContain('\n- a daemon on TCP\n')
    expect(first.stdout).toContain('\nNot started. Edit chapters/mine/03-hijack.ts')
    expect(first.stdout).not.toContain('WRONG')
    expect(existsSync(join(mine, '03-hijack.ts'))).toBe(true)

    const task = await check('3', '--task')
    expect(task.code).toBe(0)
    expect(first.stdout).toContain(task.stdout)
    const { stdout, code } = await check('3', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      exercise: '03-hijack',
      started: false,
      right: false,
      cases: expect.arrayContaining(['a daemon on TCP']),
    })
  })

  test('names the command that creates the file if you read the task first', ({ learner }) => {
    const { folder, read } = learner()
    const exercise = findExercise(exercises, 7)
    const page = { width: 80, style: plainStyle }
    expect(taskLines(exercise, folder, [], page)).toContain(
      `Line ${holeLine(7)} of your file, which npm run check 7 creates:`,
    )
    read(7)
    const file = join(folder, 'chapters', 'mine', '07-exit-code.ts')
    expect(unbroken(taskLines(exercise, folder, [], page).join('\n'))).toContain(
      `${file}, line ${holeLine(7)}:`,
    )
  })

  test.concurrent.for([['hijack-split'], ['split'], ['03-hijack-split'], ['3', 'split']])(
    'accepts a name for the exercise: %j',
    async (words, { learner }) => {
      const { stdout } = await learner().check(...words, '--task')
      expect(stdout).toMatch(/^Exercise 3, small: /)
    },
  )

  test.concurrent.for(['hint', 'solution', 'reset'])(
    'asks for the exercise if --%s comes without one',
    async (option, { learner }) => {
      const { stdout, stderr, code } = await learner().check(`--${option}`)
      expect(code).toBe(125)
      expect(stdout).toBe('')
      expect(stderr).toBe(
        `--${option} requires the number or the name of an exercise\nFor example: npm run check -- 3 --${option}\n`,
      )
    },
  )

  test.concurrent('writes a tsconfig that reports no errors in untouched exercises', async ({
    learner,
  }) => {
    const { read, mine } = learner()
    read(3)
    read(5)
    const tsc = join(mine, '..', '..', 'node_modules', '.bin', 'tsc')
    const { code, stdout } = await run(tsc, ['-p', mine])
    expect(stdout.toString()).toBe('')
    expect(code).toBe(0)
  })

  test.concurrent('opens the file in the editor, or prints its path if none is set', async ({
    learner,
  }) => {
    const { check, open, read } = learner()
    read(3)
    expect((await check('3', '--edit')).stdout).toMatch(/^chapters\/mine\/03-hijack\.ts\n/)
    const terminal = open('check', ['3', '--edit'], { VISUAL: 'printf "%s\\n" editing' })
    const { code, screen } = await terminal.ended
    expect(code).toBe(0)
    expect(screen.toString()).toMatch(/editing\r\n\/.*03-hijack\.ts\r\n/)
    const missing = open('check', ['3', '--edit'], { VISUAL: 'no-such-editor' })
    const ended = await missing.ended
    expect(ended.code).toBe(1)
    expect(ended.screen.toString()).toContain('could not start the editor: no-such-editor')
  })

  test.concurrent('wraps a diff to the width of the window', async ({ learner }) => {
    const { begin } = learner()
    const { stdout } = await begin('check', '3', '--solution').ended
    for (const line of stdout.toString().split('\n')) expect(line.length).toBeLessThan(81)
  })

  test.concurrent('gives three hints in order, or the one with the given number', async ({
    learner,
  }) => {
    const { check } = learner()
    const hints = []
    for (const words of [['--hint'], ['--hint'], ['--hint'], ['--hint'], ['--hint', '1']]) {
      hints.push((await check('3', ...words)).stdout.split('\n')[0])
    }
    expect(hints.map((hint) => hint?.slice(0, 11))).toEqual([
      'Hint 1 of 3',
      'Hint 2 of 3',
      'Hint 3 of 3',
      'Hint 3 of 3',
      'Hint 1 of 3',
    ])
    expect(new Set(hints).size).toBe(3)
    expect(await check('3', '--hint', '9')).toMatchObject({
      code: 1,
      stderr: 'cannot show hint 9: this exercise has hints 1 to 3\n',
    })
  })

  test.concurrent('shows the solution as a diff from the learner’s file', async ({ learner }) => {
    const { check } = learner()
    const { stdout, code } = await check('3', '--solution')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^--- yours +chapters\/mine\/03-hijack.ts\n\+\+\+ solution /)
    expect(stdout).toContain('\n-    // YOUR CODE\n')
    expect(stdout).toContain('\n+      early: takeEarlyBytes(socket),\n')
  })

  test.concurrent('resets an exercise, and prints the path of a dated backup', async ({
    learner,
  }) => {
    const { check, edit, read, kept } = learner()
    const original = read(3)
    edit(3, '// YOUR CODE', '// MY CODE')
    const worked = read(3)

    const { stdout } = await check('3', '--reset')
    expect(read(3)).toBe(original)
    expect(kept()).toHaveLength(1)
    expect(kept()[0]).toMatch(/03-hijack\.\d{4}-\d\d-\d\dT[\d-]+Z\.ts$/)
    expect(readFileSync(kept()[0] ?? '', 'utf8')).toBe(worked)
    expect(stdout).toContain(`Your work is saved in\n${kept()[0]}\n`)

    await check('3', '--reset')
    expect(kept(), 'nothing to keep a second time').toHaveLength(1)
  })

  test.concurrent.for([
    [['all-of-it'], /^unknown exercise "all-of-it"; choose one of: create, create-body, /],
    [['9'], 'chapter 9 does not exist: chapters are numbered 1 to 7'],
    [['3', 'nothing'], 'chapter 3 has no exercise nothing: it has hijack and hijack-split'],
    [['3', '--what'], 'unknown flag: --what'],
  ] as const)('rejects %j with one sentence', async ([words, sentence], { learner }) => {
    const { stderr, code } = await learner().check(...words)
    expect(code).not.toBe(0)
    expect(stderr.split('\n')[0]).toMatch(sentence)
    expect(stderr).not.toMatch(/^ +at /m)
  })
})

describeWithEngine('npm run check', (engine) => {
  const sandboxes = async (): Promise<string> => {
    const filters = encodeURIComponent('{"label":["docker-exec-workbook=sandbox"]}')
    return (await call(engine.host, 'GET', `/containers/json?all=1&filters=${filters}`)).body
  }

  test.concurrent('passes a right stage, records it, and runs it in the chapter', async ({
    learner,
  }) => {
    const { check, chapter, write } = learner(engine.host)
    write(3, solution)
    const { code, stdout } = await check('3')
    expect(stdout).toMatch(/\nRight\. Run your stage in the chapter: npm run chapter -- 3 --mine\n/)
    expect(code).toBe(0)
    expect((await check()).stdout).toMatch(/ 1 of 14 solved\n[\s\S]*^3 +right /m)

    const walked = await chapter('3', '--mine', '--plain')
    expect(walked.code).toBe(0)
    expect(walked.stdout).toContain('hijack, yours (chapters/mine/03-hijack.ts)')
  })

  test.concurrent('reports what is wrong, with a diff from the reference', async ({ learner }) => {
    const { check, write } = learner(engine.host)
    write(3, solution.replace('socket.read() ?? ', ''))
    const { code, stdout } = await check('3', '--json')
    expect(code).toBe(1)
    const verdict = JSON.parse(stdout)
    expect(verdict).toMatchObject({
      exercise: '03-hijack',
      right: false,
      passed: expect.arrayContaining(['a session without a tty']),
      failed: 'first output in the same packet as the 101',
    })
    expect(verdict.complaint).toMatch(/The HTTP parser had read them/)
    expect(verdict.difference).toMatch(/^- {2}early: <3 bytes: 23 20 c3>$/m)
  })

  test.concurrent('reports a syntax error with line and column', async ({ learner }) => {
    const { check, chapter, write } = learner(engine.host)
    write(3, `    const wire = = kit\n${solution}`)
    const place = `chapters/mine/03-hijack.ts, line ${holeLine(3)}, column 18: Unexpected "="`
    const judged = await check('3')
    expect(judged.stdout).toContain(place)
    expect(withoutLimitsNotice(engine, judged.stderr)).toBe('')
    const walked = await chapter('3', '--mine', '--plain')
    expect(walked.code).toBe(1)
    expect(walked.stderr).toBe(
      `your stage did not pass its last check: run npm run check 3\n${place}\n`,
    )
  })

  test.concurrent('fails a stage that works but has a type error', async ({ learner }) => {
    const { check, write } = learner(engine.host)
    write(3, `    const text: number = started.execId\n    void text\n${solution}`)
    const { code, stdout } = await check('3')
    expect(code).toBe(1)
    expect(unbroken(stdout)).toMatch(
      /passes every trial, but it has a type error: .*03-hijack\.ts, line \d+, column 11: Type 'string' is not assignable/,
    )
  })

  test.concurrent('names the line in which the learner’s code threw an error', async ({
    learner,
  }) => {
    const { check, write } = learner(engine.host)
    write(3, `    JSON.parse('{')\n${solution}`)
    const { stdout, stderr } = await check('3')
    expect(unbroken(stdout)).toMatch(
      /your code threw an error: .*03-hijack\.ts, line \d+, column \d+: Syntax/,
    )
    expect(stdout + stderr).not.toMatch(/^ +at /m)
  })

  test.concurrent('gives no verdict and removes the sandbox when interrupted', async ({
    learner,
  }) => {
    const { begin, write } = learner(engine.host)
    write(3, '    console.error("waiting")\n    await new Promise(() => void [started, kit])')
    const running = begin('check', '3')
    await running.waitFor('sandbox ')
    running.signal('SIGINT')
    const { code, stdout, stderr } = await running.ended
    expect(code, `${stdout}${stderr}`).toBe(130)
    const name = /in (workbook-\w+)/.exec(stdout.toString())?.[1] ?? 'a name'
    expect(stdout.toString()).not.toContain('WRONG')
    expect(stderr.toString()).toContain('SIGINT: stopped; everything has been restored\n')
    expect(await sandboxes()).not.toContain(name)
  })

  test.concurrent('shows the output of the learner’s code on stderr', async ({ learner }) => {
    const { check, write } = learner(engine.host)
    write(3, `    console.log('here I am')\n${solution}`)
    const { stdout, stderr } = await check('3', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ right: true })
    expect(stderr).toContain('here I am')
  })

  test.concurrent('names each trial as soon as it has passed', async ({ learner }) => {
    const { begin, write } = learner(engine.host)
    write(3, solution)
    const running = begin('check', '3')
    await running.waitFor('right  a session without a tty\n')
    await running.waitFor('right  a daemon on TCP\n')
    expect((await running.ended).stdout.toString()).not.toContain('…')
  })

  test.concurrent('shows the running trial in a terminal', async ({ learner }) => {
    const { open, write } = learner(engine.host)
    write(3, solution)
    const terminal = open('check', ['3'])
    await terminal.waitFor('…\x1b[22m      a session without a tty')
    await terminal.waitFor('\r\x1b[K')
    await terminal.waitFor('      a session without a tty\r\n'.slice(4))
    expect((await terminal.ended).code).toBe(0)
  })

  test.concurrent('names the trial in which the code printed, and truncates long output', async ({
    learner,
  }) => {
    const { check, write } = learner(engine.host)
    write(3, `    console.log('x'.repeat(100_000))\n${solution}`)
    const { stderr, code } = await check('3')
    expect(code).toBe(0)
    expect(withoutLimitsNotice(engine, stderr)).toMatch(
      /^printed by your code, a session without a tty:\nxxx/,
    )
    expect(stderr).toContain('… more than 64 KiB: the rest is omitted\n')
    expect(stderr.length).toBeLessThan(66 * 1024)
  })

  test.concurrent('kills processes that the learner’s code started', async ({
    expect,
    learner,
  }) => {
    const { check, write } = learner(engine.host)
    write(
      3,
      `    console.log('pid', process.getBuiltinModule('node:child_process').spawn('sleep', ['60']).pid)\n${solution}`,
    )
    const { stderr } = await check('3')
    const pids = [...stderr.matchAll(/^pid (\d+)$/gm)].map(([, pid]) => Number(pid))
    expect(pids.length).toBeGreaterThan(0)
    for (const pid of pids) await expect.poll(() => isRunning(pid)).toBe(false)
  })

  test.concurrent('takes a looping judging process with it when killed', async ({
    expect,
    learner,
  }) => {
    const { begin, write } = learner(engine.host)
    write(3, "    console.error('pid', process.pid)\n    void [started, kit]\n    for (;;);")
    const running = begin('check', '3')
    let pids = ''
    await expect.poll(() => (pids = children(running.pid).join(' '))).toMatch(/\d/)
    await running.waitFor('sandbox ')
    const judges = children(running.pid)
    await running.stop()
    for (const pid of judges) await expect.poll(() => isRunning(pid)).toBe(false)
    expect(pids).not.toBe('')
  })

  test.concurrent('names the next exercise that isn’t right', async ({ learner }) => {
    const { check, write } = learner(engine.host)
    write(3, solution)
    expect((await check('3')).stdout).toMatch(/\nNext: npm run check 3 split\n$/)
    expect((await check()).stdout).toMatch(/\nNext: npm run check 1\n$/)
  })
})

/** Whether a process is running. A zombie isn't. */
function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

/** Returns the pids of the child processes. */
function children(parent: number): number[] {
  const own = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8')
  return own.trim().split(' ').filter(Boolean).map(Number)
}
