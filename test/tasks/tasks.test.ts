/**
 * What the tasks of the live sessions count as done, and what they don't.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { tasks as keyTasks } from '../../chapters/04-raw-mode/tasks.ts'
import { tasks as copyTasks } from '../../chapters/05-copy-loops/tasks.ts'
import { tasks as resizeTasks } from '../../chapters/06-resize/tasks.ts'
import { tasks as exitTasks } from '../../chapters/07-exit-code/tasks.ts'
import { isShell, type Task, tasksFor } from '../../src/tasks/task.ts'
import {
  answer,
  framed,
  received,
  request,
  type TimelessEvent,
  tapeOf,
  typed,
} from '../support/tape-parts.ts'

const terminal = { inputIsTerminal: true }
const shell = { command: ['sh'], tty: true, interactive: true }

/** The session of a shell with a tty, at its first prompt. */
const atPrompt = [{ kind: 'upgrade', framing: 'raw' } as const, received('/ # ')]
const inFrames = [{ kind: 'upgrade', framing: 'stdcopy' } as const]

/** The evidence that the task finds in such a session. */
function evidence(
  tasks: readonly Task[],
  name: string,
  happened: readonly TimelessEvent[],
  kind: Task['only'] = 'with a tty',
): string | undefined {
  const task = tasks.find((one) => one.name === name && (one.only ?? kind) === kind)
  if (!task) throw new Error(`task ${name} does not exist`)
  return task.find({ events: tapeOf(happened).events, keys: [] })
}

/** Keys, one per read, each echoed at once. */
function keys(text: string): TimelessEvent[] {
  return Array.from(text).flatMap((key) => [
    typed(key),
    received(key === '\r' ? '\r\n' : key === '\x7f' ? '\b \b' : key),
  ])
}

/** A command at the prompt, its output and the next prompt. */
const ran = (line: string, output: string): TimelessEvent[] => [
  ...keys(`${line}\r`),
  received(output),
  received('/ # '),
]

describe('ls', () => {
  const ls = (happened: readonly TimelessEvent[]) =>
    evidence(copyTasks, 'ls', [...atPrompt, ...happened])

  test.each([
    ['when typed key by key', ran('ls', 'bin  etc\r\n'), 3],
    ['with a typo and a Backspace', ran('lx\x7fs', 'bin  etc\r\n'), 5],
    ['with a folder', ran('ls /', 'bin  etc\r\n'), 5],
    [
      'when pasted, with echo and output in one read',
      [typed('ls\r'), received('ls\r\nbin  etc\r\n/ # ')],
      3,
    ],
    [
      'after a cursor report from the terminal',
      [
        received('\x1b[6n'),
        typed('\x1b[1;5R'),
        received('\r/ # \x1b[J'),
        ...ran('ls', 'bin  etc\r\n'),
      ],
      3,
    ],
  ])('is recognised %s', (_, happened, bytes) => {
    expect(ls(happened)).toMatch(
      new RegExp(`^sent ${bytes} bytes; got back \\d+ of echo and 10 of output$`),
    )
  })

  test('is recognised when recalled from the history', () => {
    const again = [typed('\x1b[A'), received('\r/ # ls\x1b[J'), typed('\r'), received('\r\n')]
    expect(ls([...again, received('bin  etc\r\n/ # ')])).toContain('10 of output')
  })

  test('is not recognised before its output is complete', () => {
    expect(ls(keys('ls\r'))).toBeUndefined()
    expect(ls([...keys('ls\r'), received('bin  e')])).toBeUndefined()
  })

  test.each([
    ['when typed into vi', [...keys('vi\r'), received('\x1b[?1049h\x1b[H'), ...ran('ls', '')]],
    ['when typed into cat', [...keys('cat\r'), ...keys('ls\r'), received('ls\r\n')]],
    ['from the output of echo', ran('echo ls', 'ls\r\n')],
    ['from lsof', ran('lsof', 'none\r\n')],
    ['from a line cancelled with Ctrl-C', [...keys('ls'), typed('\x03'), received('^C\r\n/ # ')]],
  ])('is not recognised %s', (_, happened) => {
    expect(ls(happened)).toBeUndefined()
  })

  test('is recognised in frames without a tty, unless cat echoes the line', () => {
    const without = (happened: readonly TimelessEvent[]) =>
      evidence(copyTasks, 'ls', [...inFrames, ...happened], 'without a tty')
    expect(without([typed('ls /\n'), ...framed([['stdout', 'bin\netc\n']])])).toBe(
      'sent 5 bytes; got back 1 frame, no echo',
    )
    const cat = [typed('cat\n'), typed('ls\n'), ...framed([['stdout', 'ls\n']])]
    expect(without(cat)).toBeUndefined()
    expect(without([typed('ls /nope\n'), ...framed([['stderr', 'no\n']])])).toBeUndefined()
  })
})

describe('Ctrl-C', () => {
  const interrupt = (happened: readonly TimelessEvent[]) =>
    evidence(copyTasks, 'Ctrl-C', [...atPrompt, ...happened])
  const ctrlC = [typed('\x03'), received('^C\r\n/ # ')]

  test('is recognised as one byte during a sleep', () => {
    expect(interrupt([...keys('sleep 100\r'), ...ctrlC])).toBe('one byte, 03')
  })

  test.each([
    ['at the prompt', ctrlC],
    ['after a sleep that has ended', [...ran('sleep 0', ''), ...ctrlC]],
    ['in another command', [...keys('cat\r'), ...ctrlC]],
    ['while the sleep keeps running', [...keys('sleep 100\r'), typed('\x03'), received('^C\r\n')]],
  ])('is not recognised %s', (_, happened) => {
    expect(interrupt(happened)).toBeUndefined()
  })
})

describe('vi', () => {
  const vi = (happened: readonly TimelessEvent[]) =>
    evidence(copyTasks, 'vi', [...atPrompt, ...happened])

  test('is recognised by its alternate screen', () => {
    const drawn = [
      received('\x1b[?1049h\x1b[H~'),
      typed(':q!\r'),
      received('\x1b[?10'),
      received('49l/ # '),
    ]
    expect(vi([...keys('vi f\r'), ...drawn])).toBe(
      '20 bytes on the alternate (second) screen, ESC[?1049h to ESC[?1049l',
    )
  })

  test('is recognised without an alternate screen by its drawing and the next prompt', () => {
    expect(vi(ran('vi f', '\x1b[1;1H~\r\n'))).toBe('it wrote 9 bytes, and the prompt came back')
    expect(vi(ran('clear', '\x1b[1;1H\r\n'))).toBeUndefined()
    expect(vi(ran('vi --help', 'usage\r\n'))).toBeUndefined()
  })

  test('is not done while it is open, or after detaching from it', () => {
    expect(vi([...keys('vi f\r'), received('\x1b[?1049h\x1b[H~')])).toBeUndefined()
  })
})

describe('Ctrl-D', () => {
  const end = (happened: readonly TimelessEvent[], kind: Task['only'] = 'with a tty') =>
    evidence(
      copyTasks,
      'Ctrl-D',
      [...(kind === 'with a tty' ? atPrompt : inFrames), ...happened],
      kind,
    )

  test('is recognised as the last byte before the end', () => {
    expect(end([typed('\x04'), received('\r\n'), { kind: 'end' }])).toMatch(/^one byte, 04/)
    expect(end([typed('\x04')])).toBeUndefined()
    expect(end([...keys('exit\r'), { kind: 'end' }])).toBeUndefined()
    const cat = [...keys('cat\r'), typed('\x04'), received('/ # '), ...keys('exit\r')]
    expect(end([...cat, { kind: 'end' }])).toBeUndefined()
    expect(end([typed('\x04'), { kind: 'cut' }])).toBeUndefined()
  })

  test('is recognised without a tty as a half-close before the end of the daemon’s side', () => {
    expect(end([{ kind: 'half-close' }, { kind: 'end' }], 'without a tty')).toMatch(/no byte/)
    expect(end([{ kind: 'end' }, { kind: 'half-close' }], 'without a tty')).toBeUndefined()
  })
})

describe('the window', () => {
  const sized = (rows: number, columns: number, status = 200): TimelessEvent[] => [
    request(1, 'POST', `/exec/fc9c/resize?h=${rows}&w=${columns}`),
    answer(1, status, status === 200 ? 'OK' : 'Not Found'),
  ]
  const seen = (name: string, happened: readonly TimelessEvent[]) =>
    evidence(resizeTasks, name, [...atPrompt, ...sized(24, 80), ...happened])

  test('is smaller or larger than just before', () => {
    expect(seen('smaller', [])).toBeUndefined()
    expect(seen('smaller', sized(20, 60))).toBe('20 rows, 60 columns')
    expect(seen('larger', sized(20, 60))).toBeUndefined()
    expect(seen('larger', [...sized(20, 60), ...sized(24, 80)])).toBe('24 rows, 80 columns')
  })

  test('is neither smaller nor larger if the daemon refused it or only one side grew', () => {
    expect(seen('smaller', sized(20, 60, 404))).toBeUndefined()
    expect(seen('smaller', sized(20, 100))).toBeUndefined()
    expect(seen('larger', sized(20, 100))).toBeUndefined()
    expect(seen('larger', sized(24, 80))).toBeUndefined()
  })

  test('has its size confirmed by stty', () => {
    const asked = [...sized(20, 60), ...ran('stty size', '20 60\r\n')]
    expect(seen('stty size', asked)).toBe('it prints 20 60, the rows and columns of your window')
    expect(seen('stty size', ran('echo stty size', 'stty size\r\n'))).toBeUndefined()
    expect(seen('stty size', ran('stty size', '0 0\r\n'))).toBeUndefined()
  })

  test('makes vi redraw', () => {
    const open = [...keys('vi\r'), received('\x1b[?1049h~')]
    const leave = [typed(':q!\r'), received('\x1b[?1049l/ # ')]
    expect(seen('vi', [...open, ...sized(20, 60), received('\x1b[H~'), ...leave])).toMatch(
      /^vi sent 4 /,
    )
    expect(seen('vi', [...open, ...leave, ...sized(20, 60), received('x')])).toBeUndefined()
    expect(
      seen('vi', [...open, ...sized(20, 60), typed('j'), received('\x1b[H'), ...leave]),
    ).toBeUndefined()
  })
})

describe('an exit code', () => {
  const inspect = (code: number): TimelessEvent[] => [
    request(1, 'GET', '/exec/fc9c/json'),
    answer(1, 200, 'OK', `{"Running":false,"ExitCode":${code}}`),
  ]
  const seen = (name: string, happened: readonly TimelessEvent[]) =>
    evidence(exitTasks, name, [...atPrompt, ...happened])

  test('of false shows in the shell', () => {
    expect(seen('false', [...ran('false', ''), ...ran('echo $?', '1\r\n')])).toMatch(
      /^the shell prints 1/,
    )
    expect(
      seen('false', [...ran('false', ''), ...ran('ls', ''), ...ran('echo $?', '0\r\n')]),
    ).toBeUndefined()
    expect(seen('false', ran('false; echo $?', '1\r\n'))).toMatch(/^the shell prints 1/)
    expect(seen('false', ran('false; echo 1', '1\r\n'))).toBeUndefined()
  })

  test('of an interrupted sleep is 130', () => {
    const interrupted = [...keys('sleep 100\r'), typed('\x03'), received('^C\r\n/ # ')]
    expect(seen('130', [...interrupted, ...ran('echo $?', '130\r\n')])).toMatch(/^130/)
    expect(seen('130', [...ran('sleep 0', ''), ...ran('echo $?', '0\r\n')])).toBeUndefined()
  })

  test('of exit 5 is in the daemon’s answer', () => {
    expect(seen('exit 5', [...keys('exit 5\r'), ...inspect(5)])).toBe('the shell exited with 5')
    expect(seen('exit 5', [...keys('exit 42\r'), ...inspect(42)])).toBe('the shell exited with 42')
    expect(seen('exit 5', [...keys('exit 0\r'), ...inspect(0)])).toBeUndefined()
    expect(seen('exit 5', [...keys('exit 5\r'), ...inspect(137)])).toBeUndefined()
    expect(seen('exit 5', [...keys('exit\r'), ...inspect(0)])).toBeUndefined()
    expect(
      seen('exit 5', [...ran('echo exit 5', 'exit 5\r\n'), typed('\x04'), ...inspect(5)]),
    ).toBeUndefined()
  })
})

test.each<[string, string, readonly string[], string | undefined]>([
  ['Ctrl-C', 'the byte 03', ['\x03'], 'one byte, 03, and no signal'],
  ['Ctrl-C', 'the two characters ^C', ['^', 'C'], undefined],
  ['an arrow', 'up', ['\x1b[A'], '3 bytes, 1b 5b 41'],
  ['an arrow', 'up in application mode', ['\x1bOA'], '3 bytes, 1b 4f 41'],
  ['an arrow', 'Escape and two separate letters', ['\x1b', '[', 'A'], undefined],
  ['an arrow', 'F1', ['\x1bOP'], undefined],
  ['é', 'é', ['é'], 'é is 2 bytes, c3 a9'],
  ['é', 'e and a combining accent', ['e\u0301'], 'e\u0301 is 3 bytes, 65 cc 81'],
  ['é', 'a pasted 世', ['a世b'], '世 is 3 bytes, e4 b8 96'],
  ['é', 'an ASCII letter', ['e'], undefined],
  ['Enter', 'Enter', ['\r'], 'one byte, 0d, and no 0a'],
  ['Enter', 'Ctrl-J', ['\n'], undefined],
])('the chapter 4 task %s with input: %s', (name, _, reads, expected) => {
  const task = keyTasks.find((one) => one.name === name)
  expect(task?.find({ events: [], keys: reads.map((read) => Buffer.from(read)) })).toBe(expected)
})

test('a letter that arrives in two reads counts as one letter', () => {
  const letter = keyTasks.find(({ name }) => name === 'é')
  const [first, second] = [Uint8Array.of(0xc3), Uint8Array.of(0xa9)]
  expect(letter?.find({ events: [], keys: [first] })).toBeUndefined()
  expect(letter?.find({ events: [], keys: [first, second] })).toBe('é is 2 bytes, c3 a9')
})

test.each([
  [['sh'], true],
  [['/bin/bash', '-l'], true],
  [['busybox', 'ash'], true],
  [['sh', '-c', 'ls'], false],
  [['bash', '-lc', 'ls'], false],
  [['sh', 'script.sh'], false],
  [['ls'], false],
])('%j is an interactive shell: %s', (command, is) => {
  expect(isShell(command)).toBe(is)
  expect(tasksFor(copyTasks, { ...shell, command }, terminal).length > 0).toBe(is)
})

test('a session without a user at a terminal has no tasks', () => {
  expect(tasksFor(copyTasks, { ...shell, interactive: false }, terminal)).toEqual([])
  expect(tasksFor(copyTasks, shell, { inputIsTerminal: false })).toEqual([])
  // You can resize the window in any command.
  expect(tasksFor(resizeTasks, { ...shell, command: ['top'] }, terminal)).toHaveLength(2)
})
