/**
 * Runs that are ended from outside: by a signal at a bad moment, a closed
 * pipe, a terminal that hangs up, the death of npm, or a bug. Everything is
 * restored, and a message gives the reason.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { call } from '../support/api.ts'
import { describeWithEngine, withoutLimitsNotice } from '../support/engine.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { run, start } from '../support/run.ts'
import { seenLines } from '../support/screen.ts'
import { script } from '../support/scripts.ts'

function folder(): string {
  const made = temporaryFolder('wbend')
  onTestFinished(() => removeFolder(made))
  return made
}

/**
 * A preload that throws from a timer, like a bug of ours, as soon as a
 * certain file exists.
 */
function defect(inFolder: string): { readonly happen: () => void; readonly env: string } {
  const [file, signal] = [join(inFolder, 'defect.cjs'), join(inFolder, 'now')]
  // The practice daemon inherits the variable, but must not throw.
  const code = `if (process.argv[1]?.includes('chapters')) setInterval(() => {
    if (require('node:fs').existsSync(${JSON.stringify(signal)})) throw new Error('a wrong turn')
  }, 20).unref()`
  writeFileSync(file, code)
  return { happen: () => writeFileSync(signal, ''), env: `--require=${file}` }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describeWithEngine('a run that is ended from outside', (engine) => {
  /**
   * Returns the sandboxes of one process. Other tests create some at the same
   * time.
   */
  async function sandboxesOf(pid: number): Promise<unknown[]> {
    const label = ['docker-exec-workbook=sandbox', `docker-exec-workbook.pid=${pid}`]
    const filters = encodeURIComponent(JSON.stringify({ label }))
    const { body } = await call(engine.host, 'GET', `/containers/json?all=1&filters=${filters}`)
    return JSON.parse(body) as unknown[]
  }

  function open(words: [string, ...string[]], env: Record<string, string> = {}): Terminal {
    const [command, ...args] = words
    const terminal = openTerminal(command, args, {
      env: { DOCKER_HOST: engine.host, NO_COLOR: '1', XDG_STATE_HOME: folder(), ...env },
    })
    onTestFinished(terminal.stop)
    return terminal
  }

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'leaves no sandbox if %s arrives while the daemon creates it',
    async (signal) => {
      const [command, ...words] = script('chapter', '1')
      const running = start(command, words, {
        env: { DOCKER_HOST: engine.host, XDG_STATE_HOME: folder() },
      })
      onTestFinished(running.stop)
      // This line is printed when the daemon has answered. The request for
      // the sandbox follows.
      await running.waitFor('engine ')
      process.kill(running.pid, signal)
      const { stderr, code } = await running.ended
      expect(stderr.toString()).toBe(`${signal}: stopped; everything has been restored\n`)
      expect(code).toBe({ SIGTERM: 143, SIGINT: 130, SIGHUP: 129 }[signal])
      expect(await sandboxesOf(running.pid)).toEqual([])
    },
  )

  test('restores everything and dies silently of SIGPIPE if the reader of its output leaves', async () => {
    const notes = folder()
    const pipeline = 'sh -c \'echo $$ >"$0/pid"; exec "$@"\' "$0" "$@" 2>"$0/err" | head -1'
    const env = { DOCKER_HOST: engine.host, XDG_STATE_HOME: folder() }
    const { stdout } = await run('sh', ['-c', pipeline, notes, ...script('chapter', '3')], { env })
    expect(stdout.toString()).toBe('Chapter 3 of 7: hijack\n')
    const pid = Number(readFileSync(join(notes, 'pid'), 'utf8'))
    await expect.poll(() => isRunning(pid)).toBe(false)
    expect(readFileSync(join(notes, 'err'), 'utf8')).toBe('')
    expect(await sandboxesOf(pid)).toEqual([])
  })

  test.skipIf(!existsSync('/dev/full'))(
    'exits with a message if the output cannot be written',
    async () => {
      const words = ['-c', 'exec "$@" >/dev/full', 'sh', ...script('chapter', '2')]
      const env = { DOCKER_HOST: engine.host, XDG_STATE_HOME: folder() }
      const { stderr, code } = await run('sh', words, { env })
      expect(stderr.toString()).toBe(
        'write /dev/stdout: no space left on device: stopped; everything has been restored\n',
      )
      expect(code).toBe(1)
    },
  )

  test('restores everything if the terminal hangs up', async () => {
    const notes = folder()
    // The shell keeps running and records the exit code.
    const keep = `trap : HUP; sh -c 'echo $$ >"$0/pid"; exec "$@"' "$0" "$@" 2>"$0/err"; echo $? >"$0/code"`
    const terminal = open(['sh', '-c', keep, notes, ...script('chapter', '--plain', '7')])
    await terminal.waitFor('# ')
    const pid = Number(readFileSync(join(notes, 'pid'), 'utf8'))
    expect(await sandboxesOf(pid)).toHaveLength(1)
    await terminal.stop()
    const code = (): string => readFileSync(join(notes, 'code'), { encoding: 'utf8', flag: 'a+' })
    await expect.poll(code).toBe('129\n')
    // The shell may print `Hangup` after it.
    const said = withoutLimitsNotice(engine, readFileSync(join(notes, 'err'), 'utf8'))
    const [sentence, ...rest] = said.split('\n')
    expect(sentence).toMatch(/^(SIGHUP|the terminal was closed): stopped; everything has been/)
    expect(rest.join('\n')).not.toMatch(/Assertion|^\s+at /m)
    expect(await sandboxesOf(pid)).toEqual([])
  })

  test.each([5, 7])('reports in chapter %i that the container is gone', async (chapter) => {
    const terminal = open(script('chapter', String(chapter)), { CI: '' })
    await terminal.waitFor('Enter run it')
    await terminal.waitFor('chapters')
    terminal.type('\r')
    await terminal.waitFor('# ')
    const [name = ''] = /workbook-[0-9a-f]{6}/.exec(terminal.screen().toString()) ?? []
    await call(engine.host, 'POST', `/containers/${name}/kill`)
    await terminal.waitFor('the terminal is yours again')
    await terminal.waitFor(`The session ended unexpectedly: ${name} is no longer running.`)
    await terminal.waitFor('Enter continue')
    // Stages 4 to 6 were walked before, so they are not shown after the
    // session.
    expect(terminal.screen().toString()).not.toContain('  4 raw mode')
  })

  test.skipIf(process.platform !== 'linux')('ends if npm is killed', async () => {
    const notes = folder()
    // The process that had the terminal before npm gets it back.
    const shell = `sh -c 'echo $$ >"$0/pid"; exec "$@"' "$0" "$@"; exec sleep 60`
    const npm = ['npm', 'run', 'chapter', '--', '--plain', '7']
    const terminal = open(['sh', '-c', shell, notes, ...npm], { npm_config_cache: folder() })
    await terminal.waitFor('Chapter 7 of 7')
    const before = terminal.modes()
    await terminal.waitFor('# ')
    await expect.poll(() => terminal.describeModes()).toContain('-icanon')
    process.kill(Number(readFileSync(join(notes, 'pid'), 'utf8')), 'SIGKILL')
    await terminal.waitFor('npm has exited: stopped; everything has been restored')
    expect(terminal.modes()).toBe(before)
  })

  test('reports a bug of ours after everything has been restored', async () => {
    const { happen, env } = defect(folder())
    const terminal = open(script('chapter', '--plain', '7'), { NODE_OPTIONS: env })
    await terminal.waitFor('# ')
    await expect.poll(() => terminal.describeModes()).toContain('-icanon')
    const pid = terminal.pid()
    happen()
    const { code, modesBefore, modesAfter, screen } = await terminal.ended
    expect([code, modesAfter]).toEqual([1, modesBefore])
    expect(screen.toString()).toMatch(
      /a bug in the workbook: stopped; everything has been restored\s+Error: a wrong turn/,
    )
    expect(await sandboxesOf(pid)).toEqual([])
  })
})

describe.skipIf(process.platform !== 'linux')(
  'a practice daemon that is killed in a session',
  () => {
    test('is reported, and the next run starts a new one', async () => {
      const [command, ...words] = script('chapter', '5', '--practice')
      const env = { NO_COLOR: '1', CI: '', XDG_STATE_HOME: folder() }
      const terminal = openTerminal(command, words, { env })
      onTestFinished(terminal.stop)
      await terminal.waitFor('Enter run it')
      await terminal.waitFor('chapters')
      terminal.type('\r')
      await terminal.waitFor(/[#$] /)
      process.kill(practiceDaemonOf(terminal.pid()), 'SIGKILL')
      await terminal.waitFor(/The session ended unexpectedly: the daemon\s+no\s+longer\s+answers\./)
      await terminal.waitFor('q menu')
      terminal.type('q')
      await terminal.waitFor('q: chapters')
      terminal.type('r')
      await terminal.waitFor('The practice daemon has stopped. Starting another one.')
      await terminal.waitFor(/[#$] /)
    })
  },
)

describe.skipIf(process.platform === 'win32')('a signal at a question', () => {
  test.each([
    ['a page with keys', undefined, 'chapters', 'SIGTERM'],
    ['numbered choices', '1', 'go back: ', 'SIGINT'],
  ] as const)('below %s is reported on its own line', async (_, ACCESSIBLE, text, signal) => {
    const [command, ...words] = script('chapter', '1', '--practice')
    const env = { NO_COLOR: '1', CI: '', XDG_STATE_HOME: folder(), ACCESSIBLE }
    const terminal = openTerminal(command, words, { env })
    onTestFinished(terminal.stop)
    await terminal.waitFor('run it')
    await terminal.waitFor(text)
    process.kill(terminal.pid(), signal)
    const { screen } = await terminal.ended
    const lines = await seenLines(screen, { columns: 80, rows: 24 })
    expect(lines).toContain(`${signal}: stopped; everything has been restored`)
  })
})

describe.skipIf(process.platform === 'win32')('npm run daemon', () => {
  test('reports that its daemon was killed', async () => {
    const [command, ...words] = script('daemon')
    const running = start(command, words)
    onTestFinished(running.stop)
    await running.waitFor('Its requests:')
    process.kill(practiceDaemonOf(running.pid), 'SIGKILL')
    const { stderr, code } = await running.ended
    expect(stderr.toString()).toBe(
      'the practice daemon stopped unexpectedly\nTo start it again: npm run daemon\n',
    )
    expect(code).toBe(1)
  })

  test.each(['chapter', 'check', 'daemon', 'docs', 'doctor', 'replay', 'rescue'] as const)(
    'exits with a message if the output of %s cannot be written',
    async (command) => {
      const words = ['-c', 'exec "$@" >/dev/full', 'sh', ...script(command, '--help')]
      const { stderr, code } = await run('sh', words)
      expect(stderr.toString()).toBe('write /dev/stdout: no space left on device\n')
      expect(code).toBe(1)
    },
  )

  test('exits with a message if the output of the daemon cannot be written', async () => {
    const words = ['-c', 'exec "$@" >/dev/full', 'sh', ...script('daemon')]
    const { stderr, code } = await run('sh', words)
    expect(stderr.toString()).toMatch(/^write \/dev\/stdout: no space left on device: stopped/)
    expect(stderr.toString()).not.toMatch(/^\s+at /m)
    expect(code).toBe(1)
  })
})

/** Returns the practice daemon that a process started. */
function practiceDaemonOf(pid: number): number {
  const child = readdirSync('/proc').find(
    (name) => /^\d+$/.test(name) && parentOf(name) === pid && isPractice(name),
  )
  return Number(child)
}

/** Whether a child is the practice daemon and not the TypeScript compiler. */
function isPractice(pid: string): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('practice')
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(/\) \S+ (\d+)/.exec(stat)?.[1])
  } catch {
    return 0
  }
}
