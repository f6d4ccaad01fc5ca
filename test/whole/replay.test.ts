/**
 * A run on a real daemon, its tape, and its replay.
 *
 * @module
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Tape, TapeEvent } from '../../src/tape/event.ts'
import { tapeText } from '../../src/tape/keep.ts'
import { readTape } from '../../src/tape/read.ts'
import { describeWithEngine, isPodman, startContainer } from '../support/engine.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { openTerminal, type Terminal, type TerminalOptions } from '../support/pty.ts'
import { type RunOptions, run } from '../support/run.ts'
import { script } from '../support/scripts.ts'

/** Returns the empty state folder of a new learner. */
function stateFolder(): string {
  const folder = temporaryFolder('wbreplay')
  onTestFinished(() => removeFolder(folder))
  return folder
}

function replay(args: readonly string[], state: string, options: RunOptions = {}) {
  const [command, ...words] = script('replay', ...args)
  return run(command, words, { ...options, env: { XDG_STATE_HOME: state, ...options.env } })
}

function terminalWith(
  name: 'chapter' | 'replay',
  args: readonly string[],
  env: Record<string, string>,
  options: TerminalOptions = {},
): Terminal {
  const [command, ...words] = script(name, ...args)
  // The terminal sets TERM, so `env` sets the variables after it.
  const settings = Object.entries({ CI: '', NO_COLOR: '1', ...env }).map((pair) => pair.join('='))
  const terminal = openTerminal('env', [...settings, command, ...words], options)
  onTestFinished(terminal.stop)
  return terminal
}

function ofKind<Kind extends TapeEvent['kind']>({ events }: Tape, kind: Kind) {
  return events.filter((event): event is Extract<TapeEvent, { kind: Kind }> => event.kind === kind)
}

/** Returns all bytes of one direction on a tape. */
function textOf(tape: Tape, kind: 'sent' | 'received'): string {
  const hex = ofKind(tape, kind).map(({ hex = '' }) => hex)
  return Buffer.from(hex.join(''), 'hex').toString()
}

const secret = 'geheim-7391'
const secretHex = Buffer.from(secret).toString('hex')

describeWithEngine('a tape', (engine) => {
  const env = { DOCKER_HOST: engine.host }

  async function chapter(args: readonly string[], options: RunOptions = {}) {
    const [command, ...words] = script('chapter', ...args)
    return run(command, words, { ...options, env: { ...env, ...options.env } })
  }

  async function box(): Promise<string> {
    const container = await startContainer()
    onTestFinished(container.release)
    return container.name
  }

  test('of a run without a TTY has the wire but not the typed input', async () => {
    const state = stateFolder()
    const file = join(state, 'mine.tape')
    const words = ['sh', '-c', 'read word; echo out; echo err >&2; exit 3']
    const options = ['--tape', file, '-e', `WORD=${secret}`]
    const ran = await chapter([...options, '7', await box(), ...words], { stdin: `${secret}\n` })
    expect(ran.code).toBe(3)
    expect(ran.stdout.toString()).toContain(`Tape: npm run replay ${file}\n`)

    const raw = readFileSync(file, 'utf8')
    expect(raw).not.toContain(secret)
    expect(raw).not.toContain(secretHex)

    const tape = readTape(file)
    expect(tape.cut).toBeUndefined()
    expect(ofKind(tape, 'stage begins').map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(ofKind(tape, 'stage ended').map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(ofKind(tape, 'stage ended').at(-1)?.state).toMatchObject({
      env: ['WORD=…'],
      exitCode: 3,
      connection: expect.stringMatching(/^<connection: /),
    })
    expect(ofKind(tape, 'upgrade')).toMatchObject([{ framing: 'stdcopy' }])
    expect(
      ofKind(tape, 'frame')
        .map(({ stream, length }) => `${stream} ${length}`)
        .sort(),
    ).toEqual(['1 4', '2 4'])
    expect(ofKind(tape, 'sent').map(({ length, typed }) => [length, typed])).toEqual([
      [secret.length + 1, true],
    ])
    expect(ofKind(tape, 'half-close')).toHaveLength(1)
    expect(tape.events.at(-1)).toMatchObject({ kind: 'over', exitCode: 3 })
    const times = tape.events.map(({ at }) => at)
    expect(times).toEqual(times.toSorted((one, other) => one - other))

    const { events } = JSON.parse((await replay(['--json', file], state)).stdout.toString())
    expect(events).toEqual(
      tape.events.map((event, at) => ({
        number: at + 1,
        stage: expect.toSatisfy((stage) => stage === null || Number.isInteger(stage)),
        ...event,
      })),
    )
    const text = (await replay([file], state)).stdout.toString()
    expect(text).toContain('stream: stderr')
    expect(text.replaceAll(/\s+/g, ' ')).toContain('What was typed is not on the tape.')
    expect(text).toContain('The run is over: exit code 3.')
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('can be compared with another one', async () => {
    const state = stateFolder()
    const container = await box()
    const tapes = ['one', 'other', 'third'].map((name) => join(state, `${name}.tape`))
    const [one = '', other = '', third = ''] = tapes
    await chapter(['--tape', one, '1', container, 'true'])
    await chapter(['--tape', other, '1', container, 'true'])
    await chapter(['--tape', third, '1', '--no-stdin', container, 'false'])

    const same = await replay(['--compare', one, other], state)
    expect(same.code).toBe(0)
    expect(same.stdout.toString()).toMatch(/^The two runs are identical: /)

    const different = (await replay(['--compare', one, third], state)).stdout.toString()
    expect(different).toMatch(/^one\.tape → third\.tape\n/)
    expect(different).toMatch(/~ command: true → false\n/)
    expect(different).toMatch(/~ interactive: true → false\n/)
    expect(different).toMatch(/create +~ AttachStdin: true → false\n/)
    expect(different).toMatch(/~ Cmd: \["true"\] → \["false"\]\n/)
    for (const line of different.split('\n')) expect(line.length).toBeLessThanOrEqual(80)

    const json = (await replay(['--json', '--compare', one, third], state)).stdout.toString()
    const { runs, causes } = JSON.parse(json)
    expect(runs).toEqual(['one.tape', 'third.tape'])
    expect(causes).toContainEqual(
      expect.objectContaining({ what: 'interactive', before: 'true', after: 'false' }),
    )
  })

  test('can be drawn as a diagram with the purpose of each request', async () => {
    const state = stateFolder()
    const file = join(state, 'mine.tape')
    const words = ['sh', '-c', 'echo out; exit 3']
    expect((await chapter(['--tape', file, '7', await box(), ...words])).code).toBe(3)
    const { code, stdout } = await replay(['--diagram', file], state)
    expect(code).toBe(0)
    const text = stdout.toString()
    expect(text).toMatch(/◀─+▶│ +1 GET \/containers\/\S+\/json → 200/)
    expect(text).toMatch(/\/start → 101/)
    expect(text).toContain('/json → 200, exit code 3')
    expect(text).toMatch(/^2→ POST \/exec\/\S+\/start$/m)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('exports a page with requests and frames, and a cast with the output', async () => {
    const state = stateFolder()
    const file = join(state, 'mine.tape')
    const words = ['sh', '-c', 'echo out; echo err >&2; exit 3']
    expect((await chapter(['--tape', file, '7', await box(), ...words])).code).toBe(3)

    const [page, cast] = [join(state, 'mine.html'), join(state, 'mine.cast')]
    for (const exported of [page, cast]) {
      expect((await replay(['--export', exported, file], state)).code).toBe(0)
    }
    const html = readFileSync(page, 'utf8')
    // Each part of a path is a field of its own.
    const parts = ofKind(readTape(file), 'request').flatMap(({ path }) => path.split('/'))
    for (const part of parts) expect(html).toContain(part)
    expect(html).toMatch(/stderr/)
    const [head, ...events] = readFileSync(cast, 'utf8').trim().split('\n')
    expect(JSON.parse(head ?? '')).toMatchObject({ version: 2 })
    const output = events.map((line) => JSON.parse(line)).filter(([, kind]) => kind === 'o')
    // Two frames may arrive in one read, in either order.
    const shown = output.map(([, , text]) => text).join('')
    expect(shown.split(/(?<=\n)/).sort()).toEqual(['err\r\n', 'out\r\n'])

    const other = await replay(['--export', join(state, 'mine.txt'), file], state)
    expect(other.code).toBe(125)
    expect(other.stderr.toString()).toContain('Use .html for a page')
  })

  test('has the typed input with --keep-typed', async () => {
    const state = stateFolder()
    const file = join(state, 'mine.tape')
    const options = ['--keep-typed', '--tape', file]
    await chapter([...options, '7', await box(), 'cat'], { stdin: `${secret}\n` })
    const tape = readTape(file)
    expect(textOf(tape, 'sent')).toBe(`${secret}\n`)
    expect(tape.head.typed).toBe(true)
  })

  test('of a session has the terminal, the window and the signals, but no password', async () => {
    const state = stateFolder()
    const file = join(state, 'mine.tape')
    const session = terminalWith('chapter', ['--plain', '--tape', file, '7', await box()], env)
    await session.waitFor('# ')
    // As with `login` and `sudo`, the echo is off while the word is typed.
    session.type('stty -echo; printf "word"; printf "? "; read word; stty echo; echo thanks\r')
    await session.waitFor('word? ')
    session.type(`${secret}\r`)
    await session.waitFor('thanks')
    session.resize(100, 30)
    session.type('while [ "$(stty size)" != "30 100" ]; do sleep 0.1; done; echo resi""zed\r')
    await session.waitFor('resized')
    session.type('exit 4\r')
    const { code, modesBefore, modesAfter } = await session.ended
    expect([code, modesAfter]).toEqual([4, modesBefore])

    const raw = readFileSync(file, 'utf8')
    expect(raw).not.toContain(secret)
    expect(raw).not.toContain(secretHex)

    const tape = readTape(file)
    expect(ofKind(tape, 'upgrade')).toMatchObject([{ framing: 'raw' }])
    expect(ofKind(tape, 'frame')).toEqual([])
    expect(ofKind(tape, 'terminal').map(({ moment, flags }) => [moment, flags.icanon])).toEqual([
      ['before', true],
      ['raw', false],
      ['after', true],
    ])
    expect(ofKind(tape, 'window').map(({ rows, columns }) => [rows, columns])).toEqual([
      [24, 80],
      [30, 100],
    ])
    expect(ofKind(tape, 'signal').map(({ name }) => name)).toEqual(['SIGWINCH'])
    expect(ofKind(tape, 'request').some(({ path }) => path.endsWith('resize?h=30&w=100'))).toBe(
      true,
    )
    expect(ofKind(tape, 'sent').every(({ typed, hex }) => typed && hex === undefined)).toBe(true)
    expect(textOf(tape, 'received')).toContain('thanks')
    expect(tape.events.at(-1)).toMatchObject({ kind: 'over', exitCode: 4 })
  })

  test('of a run that a signal ends has the signal and the stages so far', async () => {
    const state = stateFolder()
    const session = terminalWith('chapter', ['--plain', '7', await box()], {
      ...env,
      XDG_STATE_HOME: state,
    })
    await session.waitFor('# ')
    process.kill(session.pid(), 'SIGTERM')
    const { code, modesBefore, modesAfter } = await session.ended
    expect([code, modesAfter]).toEqual([143, modesBefore])

    const folder = join(state, 'docker-exec-workbook', 'tapes')
    const tape = readTape(join(folder, readdirSync(folder)[0] ?? ''))
    expect(ofKind(tape, 'signal').map(({ name }) => name)).toEqual(['SIGTERM'])
    // The prompt may appear before the first resize is answered, so stage 6
    // may not have ended.
    const ended = ofKind(tape, 'stage ended').map(({ number }) => number)
    expect(ended.slice(0, 5)).toEqual([1, 2, 3, 4, 5])
    expect(tape.events.at(-1)).toMatchObject({ kind: 'over' })
  })

  test('of a killed run has the last saved events and is marked as truncated', async () => {
    const state = stateFolder()
    const session = terminalWith('chapter', ['--plain', '7', await box()], {
      ...env,
      XDG_STATE_HOME: state,
    })
    await session.waitFor('# ')
    session.type('echo still-$((6 * 7))\r')
    await session.waitFor('still-42')
    const folder = join(state, 'docker-exec-workbook', 'tapes')
    const kept = (): string =>
      textOf(readTape(join(folder, readdirSync(folder)[0] ?? '')), 'received')
    await expect.poll(kept).toContain('still-42')
    process.kill(session.pid(), 'SIGKILL')
    expect((await session.ended).code).toBe(137)

    const names = readdirSync(folder)
    expect(names).toEqual([expect.stringMatching(/-chapter-7-exit-code\.tape$/)])
    const tape = readTape(join(folder, names[0] ?? ''))
    expect(tape.cut).toBe('The tape is truncated: the end of the run is missing.')
    expect(textOf(tape, 'received')).toContain('still-42')

    const list = (await replay(['--list'], state)).stdout.toString()
    expect(list.replaceAll(/\s+/g, ' ')).toMatch(/-chapter-7-exit-code\.tape .* events, cut /)
    const text = (await replay([], state)).stdout.toString()
    expect(text).toContain('The tape is truncated: the end of the run is missing.')
    for (const exported of [join(state, 'cut.html'), join(state, 'cut.cast')]) {
      const made = await replay(['--export', exported], state)
      expect([made.code, made.stderr.toString()]).toEqual([0, ''])
    }
    expect(readFileSync(join(state, 'cut.cast'), 'utf8')).toContain('still-42')
  })

  test('of a failed run has the reason and is the default for replay', async () => {
    const state = stateFolder()
    const env = { XDG_STATE_HOME: state }
    const failed = await chapter(['3', 'no-such-container'], { env })
    expect(failed.code).toBe(1)
    const text = (await replay([], state)).stdout.toString()
    expect(text).toContain('←1 404 Not Found')
    const reason = isPodman(engine) ? 'no container with' : 'No such'
    expect(text).toContain(`The run stopped early. Error response from daemon: ${reason}`)

    expect((await chapter(['1', await box()], { env })).code).toBe(0)
    expect((await replay([], state)).stdout.toString()).not.toContain('404 Not Found')
    const list = (await replay(['--list'], state)).stdout.toString()
    const names = list.match(/^2\d{3}-\S+\.tape$/gm) ?? []
    expect(names.map((name) => name.replace(/^.*Z-/, ''))).toEqual([
      'chapter-1-create.tape',
      'chapter-3-hijack.tape',
    ])
    const older = (await replay([names[1] ?? ''], state)).stdout.toString()
    expect(older).toContain('404 Not Found')
  })

  test('is not saved with --no-tape, and stdout has only JSON', async () => {
    const state = stateFolder()
    const env = { XDG_STATE_HOME: state }
    const { stdout } = await chapter(['--json', '--no-tape', '1', await box()], { env })
    expect(() => JSON.parse(stdout.toString())).not.toThrow()
    expect(readdirSync(join(state, 'docker-exec-workbook'))).toEqual(['progress.json'])
  })

  test('that cannot be saved is reported, and the run continues', async () => {
    const ran = await chapter(['--tape', '/nope/x.tape', '7', await box(), 'sh', '-c', 'exit 6'])
    expect(ran.code).toBe(6)
    expect(ran.stderr.toString()).toBe(
      'Could not save the tape of this run: the folder /nope does not exist.\n',
    )
    expect(ran.stdout.toString()).not.toContain('Tape:')
  })
})

/** A hostile tape: everything in it tries to reach the terminal. */
const hostile = '\x1b]0;gotcha\x07\x1b[2J\u009b31m\u202e\x7f'
const crafted: Tape = {
  head: {
    kind: 'tape',
    version: 2,
    made: '2026-03-01T09:30:00.250Z',
    chapter: 2,
    stages: ['create', `start${hostile}`],
    daemon: { product: `Docker${hostile}`, version: '28.5.2', apiVersion: '1.50' },
    typed: true,
  },
  events: [
    {
      at: 1,
      kind: 'stage begins',
      number: 1,
      name: `create${hostile}\n`,
      title: `creates${hostile}`,
      question: `How?${hostile}`,
      state: { container: `box${hostile}`, [`name${hostile}\n`]: { deep: hostile } },
    },
    {
      at: 2,
      kind: 'request',
      connection: 1,
      method: `GET${hostile}`,
      path: `/${hostile}`,
      headers: [[`A${hostile}`, hostile]],
      body: hostile,
    },
    {
      at: 3,
      kind: 'answer',
      connection: 1,
      status: 404,
      reason: hostile,
      headers: [],
      body: JSON.stringify({ message: hostile }),
    },
    {
      at: 4,
      kind: 'stage ended',
      number: 1,
      story: `Done.${hostile}`,
      state: { container: 'box', added: hostile },
      held: [hostile],
      milliseconds: 2,
    },
    {
      at: 5,
      kind: 'stage begins',
      number: 2,
      name: 'start',
      title: 'starts',
      question: 'And then?',
      state: { container: 'box' },
    },
    { at: 6, kind: 'terminal', moment: 'before', flags: { icanon: true, [hostile]: true } },
    { at: 7, kind: 'terminal', moment: 'raw', flags: { icanon: false } },
    { at: 8, kind: 'received', length: 24, hex: Buffer.from(hostile).toString('hex') },
    { at: 9, kind: 'frame', stream: 1, length: 258 },
    { at: 10, kind: 'signal', name: hostile },
    { at: 11, kind: 'over', exitCode: null, failure: hostile },
  ],
}

function craftedFile(state: string): string {
  const file = join(state, 'crafted.tape')
  writeFileSync(file, tapeText(crafted))
  return file
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
const control = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/

describe('replay', () => {
  test.each([
    [['--plain']],
    [['--json']],
    [['--stage', '1']],
    ...crafted.events.map((_, at) => [['--at', String(at + 1)]]),
  ])('%j prints no control character', async (options) => {
    const state = stateFolder()
    const { stdout, stderr, code } = await replay([...options, craftedFile(state)], state)
    expect([code, stderr.toString()]).toEqual([0, ''])
    expect(stdout.toString()).not.toMatch(control)
    expect(stdout.length).toBeGreaterThan(50)
  })

  test('shows one event in full with the state and the terminal at that time', async () => {
    const state = stateFolder()
    const at = async (number: number): Promise<string> =>
      (await replay(['--at', String(number), craftedFile(state)], state)).stdout.toString()
    const frame = await at(9)
    expect(frame).toMatch(/^ +00 00 01 02 +payload length: 258 /m)
    expect(frame).toMatch(/^~ icanon +-icanon /m)
    expect(frame).toContain('in: when stage 2, start, began')
    expect(await at(4)).toMatch(/^\+ added/m)
  })

  test('exports nothing over a file that exists', async () => {
    const state = stateFolder()
    const notes = join(state, 'notes.html')
    writeFileSync(notes, 'mine')
    const { stderr, code } = await replay(['--export', notes, craftedFile(state)], state)
    expect(stderr.toString()).toBe(
      `cannot export to ${notes}: it exists\nRemove it, or choose another name.\n`,
    )
    expect([code, readFileSync(notes, 'utf8')]).toEqual([125, 'mine'])
  })

  test('exports no site over something, or into a folder that does not exist', async () => {
    const state = stateFolder()
    const file = craftedFile(state)
    const [taken, missing] = [`${file}/`, join(state, 'no', 'site/')]
    for (const name of [taken, `${state}/`]) {
      expect((await replay(['--export', name, file], state)).stderr.toString()).toBe(
        `cannot export to ${name}: it exists and is not an empty folder\n`,
      )
    }
    expect((await replay(['--export', missing, file], state)).stderr.toString()).toBe(
      `cannot write ${missing}: the folder ${join(state, 'no')} does not exist.\n`,
    )
  })

  test('steps by event and by stage with keys, and restores the terminal', async () => {
    const state = stateFolder()
    const viewer = terminalWith('replay', [craftedFile(state)], { XDG_STATE_HOME: state })
    const press = async (keys: string, title: string): Promise<void> => {
      viewer.type(keys)
      await viewer.waitFor(title)
    }
    await viewer.waitFor('1/11  1.0 ms')
    await press('n', '2/11  2.0 ms')
    await press('\x1b[C', '3/11  3.0 ms')
    await press('p', '2/11  2.0 ms')
    await press('N', '5/11  5.0 ms  2 start: stage begins')
    await press('G', '11/11  11.0 ms')
    await press('n', 'This is the last event.')
    await press('P', '5/11  5.0 ms')
    await press('P', '1/11  1.0 ms')
    await press('\x1b[D', 'This is the first event.')
    await press('N', '5/11  5.0 ms')
    await press('\t', '[2 bytes]')
    await press('\t', '[3 state]')
    await press('\t', '[4 terminal]')
    // The view stays selected while the events change.
    await press('nn', '-icanon')
    await press('\t', '[5 source]')
    await press('1', '[1 event]')
    await press('nn', '00 00 01 02')
    await press('g', '1/11')
    // The list of events, and from there to the marked one.
    await press('l', '▸')
    await press('\x1b[F', '▸  11 ')
    await press('\r', '11/11  11.0 ms')
    await press('?', 'list all events')
    viewer.type('?')
    await viewer.waitFor('11/11')
    viewer.type('q')
    const { code, modesBefore, modesAfter, screen } = await viewer.ended
    expect([code, modesAfter]).toEqual([0, modesBefore])
    for (const harm of ['gotcha\x07', '\u009b', '\u202e', '\x1b[2J']) {
      expect(screen.toString()).not.toContain(harm)
    }
    expect(screen.toString()).toContain('^[]0;gotcha^G')
  })

  test.each(['SIGKILL', 'SIGTERM'] as const)('restores the screen after %s', async (signal) => {
    const state = stateFolder()
    const viewer = terminalWith(
      'replay',
      [craftedFile(state)],
      { XDG_STATE_HOME: state },
      { staysOpen: true },
    )
    await viewer.waitFor('1/11')
    process.kill(viewer.pid(), signal)
    const { modesBefore } = await viewer.ended
    const screen = (): string => viewer.screen().toString()
    // Back on the main screen, with wrapping and the cursor on.
    for (const back of ['\x1b[?1049l', '\x1b[?7h', '\x1b[?25h']) {
      await expect.poll(screen).toContain(back)
    }
    await expect.poll(() => viewer.modes()).toBe(modesBefore)
  })

  test('fits 40 columns', async () => {
    const state = stateFolder()
    const viewer = terminalWith(
      'replay',
      [craftedFile(state)],
      { XDG_STATE_HOME: state },
      { columns: 40, rows: 20 },
    )
    await viewer.waitFor('1/11')
    viewer.type('G')
    await viewer.waitFor('11/11')
    viewer.type('\x03')
    const { code, modesBefore, modesAfter } = await viewer.ended
    expect([code, modesAfter]).toEqual([130, modesBefore])
  })

  test.each([{ ACCESSIBLE: '1' }, { TERM: 'dumb' }])(
    'steps by numbers with %j and only appends',
    async (env) => {
      const state = stateFolder()
      const steps = terminalWith('replay', [craftedFile(state)], { XDG_STATE_HOME: state, ...env })
      await steps.waitFor('1/11')
      await steps.waitFor('Number from 1 to 11, Enter for 1')
      steps.type('\n')
      await steps.waitFor('2/11')
      steps.type('3\n')
      await steps.waitFor('5/11')
      steps.type('8\n')
      await steps.waitFor('in: when stage 2')
      steps.type('6\n')
      await steps.waitFor('11/11')
      steps.type('4\n')
      await steps.waitFor('5/11')
      steps.type('11\n')
      const { code, screen } = await steps.ended
      expect(code).toBe(0)
      expect(screen.toString()).not.toContain('\x1b')
    },
  )

  test('shows a truncated tape as far as it goes, and says so', async () => {
    const state = stateFolder()
    const file = join(state, 'cut.tape')
    writeFileSync(file, tapeText(crafted).slice(0, -30))
    const { stdout, code } = await replay([file], state)
    expect(code).toBe(0)
    expect(stdout.toString()).toContain('10  10.0 ms  signal')
    expect(stdout.toString()).toMatch(
      /\nThe tape is truncated: it ends in the middle of line 12\.\n$/,
    )
    const json = JSON.parse((await replay(['--json', file], state)).stdout.toString())
    expect(json.cut).toMatch(/^The tape is truncated: it ends in the middle of line 12/)
    expect(json.events).toHaveLength(10)
  })

  test.each<[string, string[], RegExp]>([
    ['no tape yet', [], /^cannot find a tape: .*tapes has none yet\nRun a chapter to make one/],
    ['a missing file', ['nope'], /^cannot read nope: no such tape\n/],
    ['a folder', ['.'], /^cannot read \.: it is a folder, not a tape\n/],
    ['another file', ['package.json'], /^cannot read package\.json: it is not a tape\n/],
    ['an empty file', ['/dev/null'], /^cannot read \/dev\/null: it is not a regular file\n/],
    ['two files', ['a', 'b'], /^cannot open more than one tape: b is extra\n/],
    ['an unknown option', ['--bogus'], /^unknown flag: --bogus\nUsage:/],
    ['event 0', ['--at', '0', 'x'], /^invalid argument "0" for "--at" flag/],
    ['an event that is not a number', ['--at', 'two', 'x'], /^invalid argument "two"/],
  ])('%s gives one clear error', async (_, args, sentence) => {
    const { stderr, stdout, code } = await replay(args, stateFolder())
    expect(stderr.toString()).toMatch(sentence)
    expect(stderr.toString()).not.toMatch(/^\s+at /m)
    expect(stdout.toString()).toBe('')
    expect(code).not.toBe(0)
  })

  test.each<[string[], string]>([
    [['--at', '12'], 'event 12 is not on this tape: it has 11 events'],
    [['--stage', '3'], 'stage 3 is not on this tape: it has only 1, 2'],
    [['--at', '2', '--stage', '2'], 'event 2 does not belong to stage 2'],
    [['--export', 'x.pdf'], 'cannot export to x.pdf: the name must end in .html, .cast, .svg or /'],
  ])('%j names the valid values', async (options, sentence) => {
    const state = stateFolder()
    const { stderr, code } = await replay([...options, craftedFile(state)], state)
    expect(stderr.toString().split('\n')[0]).toBe(sentence)
    expect(code).not.toBe(0)
  })

  test('--list says that there are no tapes', async () => {
    const { stdout, code } = await replay(['--list'], stateFolder())
    expect([code, stdout.toString()]).toEqual([0, expect.stringMatching(/^No tapes in /)])
  })
})
