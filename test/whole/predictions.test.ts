/**
 * The questions as a learner meets them: on the command line, and in the guided form.
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
  /** A learner with a progress of their own. */
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

  test('a guess on the command line is judged behind the run, and as JSON', async () => {
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
      /✗ Which status does the daemon answer the start\s+with\?\s+Not\s+quite:\s+you\s+said\s+200\s+OK;\s+it\s+is\s+101\s+Switching\s+Protocols\./,
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

  test('the answer follows the run: the same guess is right in one and wrong in another', async () => {
    const { chapter } = learner()
    const rightOf = async (...more: string[]) => {
      const { stdout } = await chapter(['2', '--json', '--guess', 'start-status=200', ...more])
      return JSON.parse(stdout).guesses[0].right
    }
    expect(await rightOf()).toBe(false)
    expect(await rightOf('--detach')).toBe(true)
    expect(await rightOf('--fault', 'no-upgrade')).toBe(true)
  })

  test('a wrong guess comes back two chapters later, and is gone when it is right', async () => {
    const { chapter, remembered } = learner()
    await chapter(['2', '--guess', 'start-connection=1'])
    expect(remembered('start')).toMatchObject({ comeBack: { 'start-connection': 4 } })
    const questions = async (number: string) => (await chapter([number, '--questions'])).stdout
    expect(await questions('2')).toMatch(
      /^start-connection \(guessed wrong; it comes back in chapter 4\)/m,
    )
    expect(await questions('3')).not.toContain('start-connection')
    expect(await questions('4')).toMatch(/^start-connection \(it has come back from chapter 2\)/m)

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
    'what is guessed wrong in chapter %s comes back with chapter 7',
    async (number, guess, stage, name) => {
      const { chapter, remembered } = learner()
      await chapter([number, '--guess', guess])
      expect(remembered(stage)).toMatchObject({ comeBack: { [name]: 7 } })
      expect((await chapter(['7', '--questions'])).stdout).toMatch(
        new RegExp(`^${name} \\(it has come back`, 'm'),
      )
    },
  )

  test('a run that does not tell changes nothing that is remembered', async () => {
    const { chapter, remembered } = learner()
    const { stdout } = await chapter(['4', '--guess', 'ctrl-c=2'])
    expect(stdout).toMatch(/^\? You pressed Ctrl-C and [\s\S]* This run does not\s+show it\.$/m)
    expect(remembered('raw mode')).toEqual({ doneAt: expect.any(String) })
  })

  test.each([
    [
      'bogus=1',
      'chapter 2 has no question "bogus": there are start-connection, start-status, after-blank-line',
    ],
    [
      'start-status=9',
      'start-status has no choice "9": there are 1 (200 OK), 2 (201 Created), 3 (101 Switching Protocols), 4 (202 Accepted)',
    ],
    [
      'start-status',
      'start-status has no choice "": there are 1 (200 OK), 2 (201 Created), 3 (101 Switching Protocols), 4 (202 Accepted)',
    ],
  ])('--guess %s is refused in a sentence that names what there is', async (guess, sentence) => {
    const { stdout, stderr, code } = await learner().chapter(['2', '--guess', guess])
    expect([stdout, code]).toEqual(['', 125])
    expect(stderr).toBe(`${sentence}\nSee npm run chapter -- 2 --questions.\n`)
  })

  test('in a terminal the keys that were pressed and the flags that changed answer', async () => {
    const guesses = ['which-terminal=1', 'raw-request=a request', 'ctrl-c=the terminal'].flatMap(
      (guess) => ['--guess', guess],
    )
    const terminal = learner().open(['4', '--json', ...guesses])
    // With --json there is no sentence before the session: the prompt of raw mode is a flag.
    await expect
      .poll(() => terminal.screen().length > 0 || terminal.describeModes().includes('-icanon'))
      .toBe(true)
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

  test('a question that came back and was not guessed waits for two chapters more', async () => {
    const { chapter, open, remembered } = learner()
    await chapter(['1', '--guess', 'create-status=1'])
    expect(remembered('create')).toMatchObject({ comeBack: { 'create-status': 3 } })
    const terminal = open(['3'], { ACCESSIBLE: '1' })
    await terminal.waitFor('What next?')
    terminal.type('1\n')
    await terminal.waitFor('Once more, from chapter 1')
    await terminal.waitFor(/or q to (leave|go back): $/)
    terminal.type('5\n')
    await terminal.waitFor('The answer: 201 Created.')
    await terminal.waitFor('What next?')
    expect(remembered('create')).toMatchObject({ comeBack: { 'create-status': 5 } })
  })

  test('the guide asks, explains a wrong guess, and asks again two chapters later', async () => {
    const box = await startContainer()
    onTestFinished(box.remove)
    const { open, remembered } = learner()
    const terminal = open(['2', box.name], { ACCESSIBLE: '1' })
    const answer = async (question: string, line: string): Promise<void> => {
      await terminal.waitFor(question)
      await terminal.waitFor(/or q to (leave|go back): $/)
      terminal.type(`${line}\n`)
    }
    const goOn = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) await answer('What next?', '1')
    }
    await goOn(1)
    await answer('We sent the create on connection 1', '1')
    await terminal.waitFor(
      '✗ Not quite: you said connection 1 again; it is a new one, connection 2.',
    )
    await goOn(1)
    await answer('Which status does the daemon answer the start with?', '3')
    await terminal.waitFor('✓ Right: 101 Switching Protocols.')
    await answer('HTTP answers have a blank line', '4')
    await terminal.waitFor('The answer: the output of the command.')
    expect(remembered('start')).toMatchObject({
      comeBack: { 'start-connection': 4 },
      known: ['start-status'],
    })
    await goOn(2)

    await answer('What next?', '1')
    await goOn(1)
    await answer('How many requests does', '4')
    await answer('How do they share the one', '4')
    await answer('Why does Docker need two requests', '4')
    await goOn(2)

    await answer('What next?', '1')
    await goOn(1)
    await terminal.waitFor('To get out: q')
    // What is typed before the terminal is raw is a line that nobody has finished.
    await expect.poll(terminal.describeModes).toContain('-icanon')
    terminal.type('q')
    await goOn(1)
    await answer('Once more, from chapter 2: We sent the create on connection 1', '2')
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
