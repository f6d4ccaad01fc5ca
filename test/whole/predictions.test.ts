/**
 * The questions on the command line and in the guide.
 *
 * @module
 */

import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readProgress } from '../../src/questions/progress.ts'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { type RunOptions, run } from '../support/run.ts'
import { script } from '../support/scripts.ts'

describeWithEngine('predictions', (engine) => {
  /** Returns a learner with their own progress. */
  function learner() {
    const folder = temporaryFolder('wbpr')
    onTestFinished(() => removeFolder(folder))
    const env = { DOCKER_HOST: engine.host, XDG_STATE_HOME: folder, NO_COLOR: '1', CI: undefined }
    const file = join(folder, 'docker-exec-workbook', 'progress.json')
    return {
      env,
      remembered: (chapter: string) => readProgress(() => {}, file).chapters[chapter],
      async chapter(args: string[], options: RunOptions = {}) {
        const [command, ...words] = script('chapter', ...args)
        const ran = await run(command, words, { env, ...options })
        return { ...ran, stdout: ran.stdout.toString(), stderr: ran.stderr.toString() }
      },
      open(args: string[], more: Record<string, string> = {}): Terminal {
        const [command, ...words] = script('chapter', ...args)
        const terminal = openTerminal(command, words, { env: { ...env, ...more } })
        onTestFinished(terminal.stop)
        return terminal
      },
    }
  }

  test('judges a guess from the command line after the run, and in JSON', async () => {
    const { chapter } = learner()
    const text = await chapter([
      '2',
      '--guess',
      'start-status=200',
      '--guess',
      'after-blank-line=2',
    ])
    expect(text.code).toBe(0)
    expect(text.stdout).toMatch(
      /✗ Which status does the daemon answer the start\s+with\?\s+Not\s+quite:\s+you\s+chose\s+200\s+OK,\s+but\s+it\s+is\s+101\s+Switching\s+Protocols\./,
    )
    expect(text.stdout).toMatch(
      /✓ HTTP answers have [\s\S]*\sRight:\s+the\s+output\s+of\s+the\s+command\./,
    )

    const { stdout } = await chapter(['2', '--json', '--guess', 'start-status=101'])
    expect(JSON.parse(stdout).guesses).toEqual([
      {
        name: 'start-status',
        question: 'Which status does the daemon answer the start with?',
        choice: '101 Switching Protocols',
        answer: '101 Switching Protocols',
        right: true,
        why: expect.stringMatching(/^The daemon writes "101 /),
      },
    ])
  })

  test('judges the same guess right in one run and wrong in another', async () => {
    const { chapter } = learner()
    const rightOf = async (...more: string[]) => {
      const { stdout } = await chapter(['2', '--json', '--guess', 'start-status=200', ...more])
      return JSON.parse(stdout).guesses[0].right
    }
    expect(await rightOf()).toBe(false)
    expect(await rightOf('--detach')).toBe(true)
    expect(await rightOf('--fault', 'no-upgrade')).toBe(true)
  })

  test('asks again two chapters later until the answer is right', async () => {
    const { chapter, remembered } = learner()
    await chapter(['2', '--guess', 'start-connection=1'])
    expect(remembered('start')).toMatchObject({ comeBack: { 'start-connection': 4 } })
    const questions = async (number: string) => (await chapter([number, '--questions'])).stdout
    expect(await questions('2')).toMatch(
      /^start-connection \(answered wrong; asked again in chapter 4\)/m,
    )
    expect(await questions('3')).not.toContain('start-connection')
    expect(await questions('4')).toMatch(/^start-connection \(review of chapter 2\)/m)

    await chapter(['4', '--guess', 'start-connection=1'])
    expect(remembered('start')).toMatchObject({ comeBack: { 'start-connection': 6 } })
    await chapter(['6', '--guess', 'start-connection=2'])
    expect(remembered('start')).toMatchObject({ comeBack: {}, known: ['start-connection'] })
    expect(await questions('6')).not.toContain('start-connection')
    expect(await questions('2')).toMatch(/^start-connection \(answered right\)/m)
  })

  test.each([
    ['5', 'end-sign=1', 'copy loops', 'end-sign'],
    ['7', 'code-connection=1', 'exit code', 'code-connection'],
  ])(
    'asks again in chapter 7 after a wrong guess in chapter %s',
    async (number, guess, stage, name) => {
      const { chapter, remembered } = learner()
      await chapter([number, '--guess', guess])
      expect(remembered(stage)).toMatchObject({ comeBack: { [name]: 7 } })
      expect((await chapter(['7', '--questions'])).stdout).toMatch(
        new RegExp(`^${name} \\(review`, 'm'),
      )
    },
  )

  test('leaves the progress unchanged if the run does not show the answer', async () => {
    const { chapter, remembered } = learner()
    const { stdout } = await chapter(['4', '--guess', 'ctrl-c=2'])
    expect(stdout).toMatch(/^\? You pressed Ctrl-C and [\s\S]* This run does not\s+answer it\.$/m)
    expect(remembered('raw mode')).toEqual({ doneAt: expect.any(String) })
  })

  test.each([
    [
      'bogus=1',
      'chapter 2 has no question "bogus"; choose one of: start-connection, start-status, after-blank-line',
    ],
    [
      'start-status=9',
      'start-status has no choice "9"; choose one of: 1 (200 OK), 2 (201 Created), 3 (101 Switching Protocols), 4 (202 Accepted)',
    ],
    [
      'start-status',
      'start-status has no choice ""; choose one of: 1 (200 OK), 2 (201 Created), 3 (101 Switching Protocols), 4 (202 Accepted)',
    ],
  ])('rejects --guess %s with the valid choices', async (guess, sentence) => {
    const { stdout, stderr, code } = await learner().chapter(['2', '--guess', guess])
    expect([stdout, code]).toEqual(['', 125])
    expect(stderr).toBe(`${sentence}\nSee npm run chapter -- 2 --questions.\n`)
  })

  test('reads answers from the keys and the changed flags in a terminal', async () => {
    const guesses = ['which-terminal=1', 'raw-request=a request', 'ctrl-c=the terminal'].flatMap(
      (guess) => ['--guess', guess],
    )
    const terminal = learner().open(['4', '--json', ...guesses])
    // With --json nothing is printed before the session, so watch the mode.
    await expect.poll(terminal.describeModes).toContain('-icanon')
    terminal.type('\x03')
    await terminal.waitFor(/03 +\^C/)
    terminal.type('q')
    const { screen } = await terminal.ended
    const text = screen.toString()
    const { guesses: judged } = JSON.parse(text.slice(text.indexOf('{\r\n  "daemon"')))
    expect(
      judged.map(({ name, answer }: { name: string; answer: string }) => [name, answer]),
    ).toEqual([
      ['which-terminal', 'the one in front of you'],
      ['raw-request', 'nothing'],
      ['ctrl-c', 'the terminal in the container'],
    ])
  })

  test('postpones a skipped review question by two chapters', async () => {
    const { chapter, open, remembered } = learner()
    await chapter(['1', '--guess', 'create-status=1'])
    expect(remembered('create')).toMatchObject({ comeBack: { 'create-status': 3 } })
    const terminal = open(['3'], { ACCESSIBLE: '1' })
    await terminal.waitFor('What next?')
    terminal.type('1\n')
    await terminal.waitFor('Review of chapter 1')
    await terminal.waitFor(/or q to (leave|go back): $/)
    terminal.type('5\n')
    await terminal.waitFor('The answer: 201 Created.')
    await terminal.waitFor('What next?')
    expect(remembered('create')).toMatchObject({ comeBack: { 'create-status': 5 } })
  })

  test('asks in the guide, explains a wrong guess, and asks again two chapters later', async () => {
    const box = await startContainer()
    onTestFinished(box.release)
    const { open, remembered } = learner()
    const terminal = open(['2', box.name], { ACCESSIBLE: '1' })
    const answer = async (question: string, line: string): Promise<void> => {
      await terminal.waitFor(question)
      await terminal.waitFor(/or q to (leave|go back): $/)
      terminal.type(`${line}\n`)
    }
    const pressEnter = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) await answer('What next?', '1')
    }
    await pressEnter(1)
    await answer('We sent the create on connection 1', '1')
    await terminal.waitFor(
      '✗ Not quite: you chose connection 1 again, but it is a new one, connection 2.',
    )
    await pressEnter(1)
    await answer('Which status does the daemon answer the start with?', '3')
    await terminal.waitFor('✓ Right: 101 Switching Protocols.')
    await answer('HTTP answers have a blank line', '4')
    await terminal.waitFor('The answer: the output of the command.')
    expect(remembered('start')).toMatchObject({
      comeBack: { 'start-connection': 4 },
      known: ['start-status'],
    })
    await pressEnter(2)

    await answer('What next?', '1')
    await pressEnter(1)
    await answer('away from our HTTP library', '4')
    await answer('to stdout and stderr', '4')
    await answer('Why does Docker need two requests', '4')
    await pressEnter(2)

    await answer('What next?', '1')
    await pressEnter(1)
    await terminal.waitFor('To get out: q')
    // A line typed before the terminal is raw has no newline yet.
    await expect.poll(terminal.describeModes).toContain('-icanon')
    terminal.type('q')
    await pressEnter(1)
    await answer('Review of chapter 2: We sent the create on connection 1', '2')
    await terminal.waitFor('✓ Right: a new one, connection 2.')
    expect(remembered('start')).toMatchObject({
      comeBack: {},
      known: ['start-status', 'start-connection'],
    })
    await answer('What next?', 'q')
    await answer('What next?', 'q')
    await answer('Which chapter?', 'q')
    expect((await terminal.ended).code).toBe(0)
  })
})
