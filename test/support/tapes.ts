/**
 * Handmade tapes for tests: a session in a terminal, one in pipes, and one
 * full of hostile text.
 *
 * @module
 */

import type { Tape, TapedState, TapeHead } from '../../src/tape/event.ts'
import {
  answer,
  flags,
  framed,
  received,
  request,
  stage,
  type TimelessEvent,
  tapeOf,
  typed,
  upgradeHeaders,
} from './tape-parts.ts'

const execId = 'fc9c11ae6ac4d8a05ab6c8ef9d6c1b8ef1b7d0f0d5d1d1c6b2a1f0e9d8c7b6a5'

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
  State: { Status: 'running', ExitCode: 0, Pid: 4711 },
  Config: { Image: 'busybox', Env: ['PATH=…'] },
  HostConfig: { NetworkMode: 'none' },
  Mounts: Array.from({ length: 8 }, (_, at) => ({ Type: 'bind', Destination: `/mnt/${at}` })),
})

/**
 * `docker exec -it box sh`: the user types `ls`, enlarges the window, and
 * types `exit 5`.
 */
export function terminalTape({ keepTyped = true, made = {} as Partial<TapeHead> } = {}): Tape {
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
    rawMode: '<raw mode: released>',
    resizes: '<window size: released>',
    exitCode: 5,
    message: '',
  }
  const startBody = '{"Detach":false,"Tty":true}'
  const keys = (text: string): TimelessEvent[] =>
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

/**
 * `docker exec -i box sh` in a pipe: stdout and stderr in frames, one header
 * cut in two.
 */
export function pipeTape(): Tape {
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
      'Raw mode is not needed: without a tty in the container we leave our terminal alone.',
    ),
    ...stage(
      5,
      { ...hijacked, rawMode: null },
      { ...hijacked, rawMode: null, ended: '<ended: later>' },
      [
        { kind: 'sent', length: 6, hex: Buffer.from('hello\n').toString('hex') },
        { kind: 'half-close' },
        // The cuts are after the third byte of the first header, and in the
        // middle of é.
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

/** Text that would run, load or break out if a page didn't escape it. */
export const hostileText = `</script></style></pre><img src=x onerror="globalThis.harmed=true"><script>globalThis.harmed=true</script>" ' onmouseover='globalThis.harmed=true' &lt; \u202egnp.exe \x1b]0;title\x07`

/** A tape with {@link hostileText} in every place that holds text. */
export function hostileTape(): Tape {
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
