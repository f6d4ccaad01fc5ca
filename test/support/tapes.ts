/**
 * Tapes made by hand, for what reads tapes: a session in a terminal, one in pipes, and one that
 * wants to be more than text.
 *
 * @module
 */

import { encodeFrame, type stream } from '../../src/frames.ts'
import {
  type RecordedTape,
  type TapedState,
  type TapeEvent,
  type TapeHead,
  tapeVersion,
} from '../../src/tape/recorded.ts'

/** An event without its time, which {@link tapeOf} gives it. */
type Happened = TapeEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'at'>
    : never
  : never

const execId = 'fc9c11ae6ac4d8a05ab6c8ef9d6c1b8ef1b7d0f0d5d1d1c6b2a1f0e9d8c7b6a5'

const names = ['create', 'start', 'hijack', 'raw mode', 'copy loops', 'resize', 'exit code']

const stages = [
  [
    'tells the daemon what to run, and gets an ID for it',
    'How does the daemon learn what we want to run?',
    'The daemon wrote down what we want to run in box and calls it fc9c11ae6ac4… Nothing runs yet.',
  ],
  [
    'asks the daemon to start it, and to make a session of the connection',
    'How does an HTTP request become a session?',
    'The daemon said 101: the connection speaks no HTTP any more.',
  ],
  ['takes the connection away from HTTP', 'Whose connection is it now?', 'The socket is ours.'],
  [
    'makes our terminal pass on every key as it is',
    'Who interprets a key?',
    'Our terminal interprets nothing any more: every key goes on as its bytes.',
  ],
  [
    'copies what the command writes to us, and what we type to it',
    'What flows, and when is it over?',
    'Two loops run: the terminal’s output comes to our stdout, our keys go to it.',
  ],
  [
    'gives the terminal in the container the size of our window, and keeps it so',
    'How large is a window that nobody sees?',
    'The terminal in the container has 24 rows and 80 columns, and follows our window.',
  ],
  [
    'waits for the end, gives the terminal back, and asks how it ended',
    'How did it end?',
    'The exit code is 5.',
  ],
] as const

/** Puts events into a tape, one every 7.3 milliseconds. */
export function tapeOf(events: readonly Happened[], head: Partial<TapeHead> = {}): RecordedTape {
  return {
    head: {
      kind: 'tape',
      version: tapeVersion,
      made: '2026-03-04T09:15:02.120Z',
      chapter: 7,
      stages: names,
      daemon: { product: 'Docker', version: '28.5.2', apiVersion: '1.51' },
      typed: false,
      ...head,
    },
    events: events.map((event, place) => ({ ...event, at: place * 7.3 }) as TapeEvent),
  }
}

/** Bytes that came. */
export function received(bytes: Uint8Array | string): Happened {
  const kept = Buffer.from(bytes as string)
  return { kind: 'received', length: kept.length, hex: kept.toString('hex') }
}

/** A key that was pressed. Without its bytes it is as a tape has it unless asked for more. */
export function typed(text: string, keep = true): Happened {
  const bytes = Buffer.from(text)
  return {
    kind: 'sent',
    length: bytes.length,
    typed: true,
    ...(keep && { hex: bytes.toString('hex') }),
  }
}

/** Output in frames, cut into chunks of these lengths, each followed by the headers that it completes. */
export function framed(
  output: readonly (readonly [target: keyof typeof stream, text: string | Uint8Array])[],
  cuts: readonly number[] = [],
): Happened[] {
  const frames = output.map(([target, text]) => encodeFrame(target, Buffer.from(text as string)))
  const all = Buffer.concat(frames)
  const ends = [...cuts, all.length].filter((end) => end <= all.length)
  const headers = frames.map((frame, at) => ({
    end: frames.slice(0, at).reduce((sum, { length }) => sum + length, 8),
    event: { kind: 'frame' as const, stream: frame[0] ?? 0, length: frame.length - 8 },
  }))
  let start = 0
  return ends.flatMap((end) => {
    const here = headers.filter((header) => header.end > start && header.end <= end)
    const chunk = received(all.subarray(start, end))
    start = end
    return [chunk, ...here.map(({ event }) => event)]
  })
}

/** A stage with what happens in it, and the state that it passes on. */
function stage(
  number: number,
  before: TapedState,
  state: TapedState,
  happened: readonly Happened[],
  held: readonly string[] = [],
  ownStory?: string,
): Happened[] {
  const [title = '', question = '', usualStory = ''] = stages[number - 1] ?? []
  const story = ownStory ?? usualStory
  return [
    { kind: 'stage begins', number, name: names[number - 1] ?? '', title, question, state: before },
    ...happened,
    { kind: 'stage ended', number, story, state, held, milliseconds: 3.2 },
  ]
}

const flags = {
  cooked: {
    icanon: true,
    echo: true,
    echonl: false,
    isig: true,
    iexten: true,
    ixon: true,
    icrnl: true,
    inlcr: false,
    igncr: false,
    istrip: false,
    ignbrk: false,
    brkint: true,
    parmrk: false,
    parenb: false,
    cs8: true,
    opost: true,
    onlcr: true,
  },
  raw: {
    icanon: false,
    echo: false,
    echonl: false,
    isig: false,
    iexten: false,
    ixon: false,
    icrnl: false,
    inlcr: false,
    igncr: false,
    istrip: false,
    ignbrk: false,
    brkint: false,
    parmrk: false,
    parenb: false,
    cs8: true,
    opost: false,
    onlcr: true,
  },
}

function request(
  connection: 1 | 2,
  method: string,
  path: string,
  body = '',
  more: readonly (readonly [string, string])[] = [],
): Happened {
  const headers = [
    ['Host', 'docker'],
    ...(body
      ? [
          ['Content-Type', 'application/json'],
          ['Content-Length', String(body.length)],
        ]
      : []),
    ...more,
  ] as [string, string][]
  return { kind: 'request', connection, method, path: `/v1.51${path}`, headers, body }
}

function answer(
  connection: 1 | 2,
  status: number,
  reason: string,
  body = '',
  more: readonly (readonly [string, string])[] = [],
): Happened {
  // The 101 has the headers of the upgrade, every other answer those of the API.
  const everyday: typeof more = [
    ['Api-Version', '1.51'],
    ['Content-Type', 'application/json'],
    ['Server', 'Docker/28.5.2 (linux)'],
  ]
  const headers = status === 101 ? more : [...everyday, ...more]
  return { kind: 'answer', connection, status, reason, headers, body }
}

const upgradeHeaders = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'tcp'],
] as const

function askedFor(tty: boolean, command: readonly string[]): TapedState {
  return {
    container: 'box',
    command,
    user: '',
    privileged: false,
    tty,
    interactive: true,
    detach: false,
    detachKeys: '',
    env: ['LANG=…'],
    workingDir: '',
  }
}

const inspected = JSON.stringify({
  Id: '9d0f7a1c',
  Name: '/box',
  State: { Status: 'running', Pid: 4711 },
  Config: { Image: 'busybox', Env: ['PATH=…'] },
  HostConfig: { NetworkMode: 'none' },
  Mounts: Array.from({ length: 8 }, (_, at) => ({ Type: 'bind', Destination: `/mnt/${at}` })),
})

/** `docker exec -it box sh`, in which somebody typed `ls`, made the window larger, and left with 5. */
export function terminalTape({
  keepTyped = true,
  made = {} as Partial<TapeHead>,
} = {}): RecordedTape {
  const asked = askedFor(true, ['sh'])
  const created = { ...asked, execId }
  const started = {
    ...created,
    reply: { status: 101, contentType: 'application/vnd.docker.raw-stream' },
    connection: '<connection: live>',
  }
  const hijacked = { ...started, wire: '<wire: live>', early: '<2 bytes: 23 20>', framing: 'raw' }
  const raw = { ...hijacked, rawMode: '<raw mode: live>' }
  const copying = { ...raw, ended: '<ended: later>' }
  const resizing = { ...copying, size: { rows: 24, columns: 80 }, resizes: '<window size: live>' }
  const exited = {
    ...resizing,
    rawMode: '<raw mode: given back>',
    resizes: '<window size: given back>',
    exitCode: 5,
    message: '',
  }
  const startBody = '{"Detach":false,"Tty":true}'
  const keys = (text: string): Happened[] =>
    [...text].flatMap((key) => [typed(key, keepTyped), received(key === '\r' ? '\r\n' : key)])
  return tapeOf(
    [
      { kind: 'terminal', moment: 'before', flags: flags.cooked },
      { kind: 'window', rows: 24, columns: 80 },
      ...stage(1, asked, created, [
        request(1, 'GET', '/containers/box/json'),
        answer(1, 200, 'OK', inspected),
        request(
          1,
          'POST',
          '/containers/box/exec',
          '{"User":"","Privileged":false,"Tty":true,"ConsoleSize":[24,80],"AttachStdin":true,"AttachStderr":true,"AttachStdout":true,"Detach":false,"DetachKeys":"","Env":null,"WorkingDir":"","Cmd":["sh"]}',
        ),
        answer(1, 201, 'Created', `{"Id":"${execId}"}`),
      ]),
      ...stage(
        2,
        created,
        started,
        [
          request(2, 'POST', `/exec/${execId}/start`, startBody, upgradeHeaders),
          answer(2, 101, 'UPGRADED', '', [
            ...upgradeHeaders,
            ['Content-Type', 'application/vnd.docker.raw-stream'],
          ]),
        ],
        ['connection'],
      ),
      ...stage(
        3,
        started,
        hijacked,
        [{ kind: 'upgrade', framing: 'raw' }, received('# ')],
        ['connection', 'wire'],
      ),
      ...stage(
        4,
        hijacked,
        raw,
        [{ kind: 'terminal', moment: 'raw', flags: flags.raw }],
        ['connection', 'wire', 'raw mode'],
      ),
      ...stage(5, raw, copying, [], ['connection', 'wire', 'raw mode', 'standard input']),
      ...stage(
        6,
        copying,
        resizing,
        [request(1, 'POST', `/exec/${execId}/resize?h=24&w=80`), answer(1, 200, 'OK')],
        ['connection', 'wire', 'raw mode', 'standard input', 'window size'],
      ),
      ...stage(
        7,
        resizing,
        exited,
        [
          ...keys('ls\r'),
          received(
            '\x1b[1;34mbin\x1b[m   \x1b[1;34mdev\x1b[m   \x1b[1;34metc\x1b[m   \x1b[1;34mhome\x1b[m  caf\u00e9.txt  \u65e5\u672c\u8a9e.txt\r\n\x1b[1;34mlib\x1b[m   \x1b[1;34mproc\x1b[m  \x1b[1;34msys\x1b[m   \x1b[1;34mtmp\x1b[m\r\n# ',
          ),
          { kind: 'signal', name: 'SIGWINCH' },
          { kind: 'window', rows: 40, columns: 120 },
          request(1, 'POST', `/exec/${execId}/resize?h=40&w=120`),
          answer(1, 200, 'OK'),
          ...keys('exit 5\r'),
          { kind: 'end' },
          { kind: 'terminal', moment: 'after', flags: flags.cooked },
          request(1, 'GET', `/exec/${execId}/json`),
          answer(
            1,
            200,
            'OK',
            `{"ID":"${execId}","Running":false,"ExitCode":5,"ProcessConfig":{"tty":true,"entrypoint":"sh","arguments":[],"privileged":false},"OpenStdin":true,"OpenStderr":true,"OpenStdout":true,"CanRemove":false,"ContainerID":"9d0f7a1c","DetachKeys":"","Pid":4802}`,
          ),
        ],
        [],
      ),
      { kind: 'over', exitCode: 5 },
    ],
    { typed: keepTyped, ...made },
  )
}

/** `docker exec -i box sh` in a pipe: stdout and stderr in frames, one of whose headers is cut in two. */
export function pipeTape(): RecordedTape {
  const asked = askedFor(false, ['sh', '-c', 'cat; ls / nowhere'])
  const created = { ...asked, execId }
  const started = {
    ...created,
    reply: { status: 101, contentType: 'application/vnd.docker.multiplexed-stream' },
    connection: '<connection: live>',
  }
  const hijacked = { ...started, wire: '<wire: live>', early: '<0 bytes>', framing: 'stdcopy' }
  return tapeOf([
    ...stage(1, asked, created, [
      request(1, 'GET', '/containers/box/json'),
      answer(1, 200, 'OK', inspected),
      request(1, 'POST', '/containers/box/exec', '{"Tty":false,"AttachStdin":true,"Cmd":["sh"]}'),
      answer(1, 201, 'Created', `{"Id":"${execId}"}`),
    ]),
    ...stage(
      2,
      created,
      started,
      [
        request(2, 'POST', `/exec/${execId}/start`, '{"Detach":false,"Tty":false}', upgradeHeaders),
        answer(2, 101, 'UPGRADED', '', upgradeHeaders),
      ],
      ['connection'],
    ),
    ...stage(
      3,
      started,
      hijacked,
      [{ kind: 'upgrade', framing: 'stdcopy' }],
      ['connection', 'wire'],
    ),
    ...stage(
      4,
      hijacked,
      { ...hijacked, rawMode: null },
      [],
      ['connection', 'wire'],
      'Raw mode is not wanted: no keys go to a tty in the container.',
    ),
    ...stage(
      5,
      { ...hijacked, rawMode: null },
      { ...hijacked, rawMode: null, ended: '<ended: later>' },
      [
        { kind: 'sent', length: 6, hex: Buffer.from('hello\n').toString('hex') },
        { kind: 'half-close' },
        // The cuts: in the first header behind its third byte, and in the middle of é.
        ...framed(
          [
            ['stdout', 'hello\n'],
            ['stderr', 'ls: nowhere: No such file or directory\n'],
            ['stdout', 'bin\ncaf\u00e9\n'],
          ],
          [3, 14, 76],
        ),
        { kind: 'end' },
      ],
      ['connection', 'wire'],
    ),
    { kind: 'over', exitCode: 1 },
  ])
}

/** What would run, load or break out, if a page took it for more than text. */
export const hostileText = `</script></style></pre><img src=x onerror="globalThis.harmed=true"><script>globalThis.harmed=true</script>" ' onmouseover='globalThis.harmed=true' &lt; \u202egnp.exe \x1b]0;title\x07`

/** A tape with {@link hostileText} in every place that holds text. */
export function hostileTape(): RecordedTape {
  const state = {
    [hostileText]: hostileText,
    command: [hostileText],
    nested: { [hostileText]: [hostileText] },
  }
  return tapeOf(
    [
      { kind: 'terminal', moment: 'before', flags: { [hostileText]: true, ...flags.cooked } },
      {
        kind: 'stage begins',
        number: 1,
        name: hostileText,
        title: hostileText,
        question: hostileText,
        state,
      },
      {
        kind: 'request',
        connection: 2,
        method: hostileText,
        path: `/${hostileText}`,
        headers: [[hostileText, hostileText]],
        body: hostileText,
      },
      {
        kind: 'answer',
        connection: 2,
        status: 101,
        reason: hostileText,
        headers: [[hostileText, hostileText]],
        body: hostileText.repeat(9),
      },
      { kind: 'upgrade', framing: 'raw' },
      received(hostileText),
      typed(hostileText),
      { kind: 'signal', name: hostileText },
      {
        kind: 'stage ended',
        number: 1,
        story: hostileText,
        state: { ...state, more: hostileText },
        held: [hostileText],
        milliseconds: 1,
      },
      { kind: 'over', exitCode: 1, failure: hostileText },
    ],
    {
      made: hostileText,
      stages: [hostileText],
      daemon: { product: hostileText, version: hostileText, apiVersion: hostileText },
    },
  )
}
