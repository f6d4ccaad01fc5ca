/**
 * A shared engine: several people have sandboxes on it at the same time.
 *
 * A class has six learners here. `WORKBOOK_CLASS=30 npm test -- room` runs
 * the whole workshop; each learner needs about half a second of CPU time.
 *
 * @module
 */

import { existsSync, readFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { call, callOrThrow } from '../support/api.ts'
import { describeWithEngine, noCgroups } from '../support/engine.ts'
import { openTerminal } from '../support/pty.ts'
import { type Running, run, start } from '../support/run.ts'
import { script } from '../support/scripts.ts'

/** No process has this ID: Linux numbers them up to 4194304. */
const deadPid = '4194305'

/** How many learners share the engine. */
const learners = Number(process.env.WORKBOOK_CLASS ?? 6)

const sandboxName = /workbook-[0-9a-f]{6}/

/** Returns the boot ID on Linux. Elsewhere the workbook stores none. */
function thisBoot(): string {
  const file = '/proc/sys/kernel/random/boot_id'
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
}

describeWithEngine('on an engine that others use too', (engine) => {
  /** Creates a sandbox like that of a workbook that no longer runs. */
  async function leaveSandbox(owner: string, boot = thisBoot()): Promise<string> {
    const { Id: id } = JSON.parse(
      await callOrThrow(engine.host, 'POST', '/containers/create', {
        Image: engine.image,
        Entrypoint: ['sh', '-c', 'sleep 1000'],
        Labels: {
          'docker-exec-workbook': 'sandbox',
          'docker-exec-workbook.owner': owner,
          'docker-exec-workbook.boot': boot,
          'docker-exec-workbook.pid': deadPid,
        },
        HostConfig: { NetworkMode: 'none' },
      }),
    ) as { Id: string }
    onTestFinished(async () => {
      await call(engine.host, 'DELETE', `/containers/${id}?force=1`)
    })
    await callOrThrow(engine.host, 'POST', `/containers/${id}/start`)
    return id
  }

  async function isThere(id: string): Promise<boolean> {
    return (await call(engine.host, 'GET', `/containers/${id}/json`)).status === 200
  }

  test('removes only the abandoned sandboxes of its own user and machine', async () => {
    const { username } = userInfo()
    const ours = await leaveSandbox(`${username}@${hostname()}`)
    const others = [
      await leaveSandbox(`somebody-else@${hostname()}`),
      await leaveSandbox(`${username}@another-machine`),
      // A machine cloned from the same disk.
      await leaveSandbox(`${username}@${hostname()}`, '7d1c7c3e-0000-4000-8000-000000000000'),
    ]
    const [command, ...words] = script('chapter', '1')
    const { code } = await run(command, words, { env: { DOCKER_HOST: engine.host } })
    expect(code).toBe(0)
    expect(await isThere(ours)).toBe(false)
    expect(await Promise.all(others.map(isThere))).toEqual([true, true, true])
  })

  const env = { DOCKER_HOST: engine.host }

  /** Runs chapter 7 in a pipe, as `echo SCRIPT | npm run chapter 7` does. */
  async function learnInPipe(input: string): Promise<{ code: number | null; screen: string }> {
    const [command, ...words] = script('chapter', '7')
    const { code, stdout } = await run(command, words, { env, stdin: input })
    return { code, screen: stdout.toString() }
  }

  /** Runs chapter 7 in a terminal, and types the script. */
  async function learnInTerminal(input: string): Promise<{ code: number; screen: string }> {
    const [command, ...words] = script('chapter', '7', '--plain')
    const terminal = openTerminal(command, words, { env })
    onTestFinished(terminal.stop)
    await terminal.waitFor(/[#$] /)
    terminal.type(input)
    const { code, screen, modesBefore, modesAfter } = await terminal.ended
    expect(modesAfter).toBe(modesBefore)
    return { code, screen: screen.toString() }
  }

  /**
   * A learner in a pipe who runs one script after another. Each `do` returns
   * what the script printed.
   */
  async function sitDown(): Promise<Running & { readonly name: string }> {
    const [command, ...words] = script('chapter', '7')
    const learner = start(command, words, { env, stdin: 'open' })
    onTestFinished(learner.stop)
    await learner.waitFor('The session ends when the command does.')
    const listed = JSON.parse(
      await callOrThrow(engine.host, 'GET', `/containers/json?filters=${ownedBy(learner.pid)}`),
    ) as { Names: string[] }[]
    return { ...learner, name: listed[0]?.Names[0]?.replace('/', '') ?? '' }
  }

  function ownedBy(pid: number): string {
    return encodeURIComponent(JSON.stringify({ label: [`docker-exec-workbook.pid=${pid}`] }))
  }

  test(`serves ${learners} learners at once, each in its own sandbox`, async () => {
    const results = await Promise.all(
      Array.from({ length: learners }, (_, number) => {
        const input = `echo learner-$((${number} + 1000)); exit ${number + 1}\n`
        return number % 2 === 0 ? learnInPipe(input) : learnInTerminal(input)
      }),
    )
    for (const [number, { code, screen }] of results.entries()) {
      expect(screen).toContain(`learner-${number + 1000}`)
      expect(code).toBe(number + 1)
    }
    const names = results.map(({ screen }) => sandboxName.exec(screen)?.[0] ?? '')
    expect(new Set(names).size).toBe(learners)
    expect(await Promise.all(names.map(isThere))).toEqual(names.map(() => false))
  })

  test('confines a sandbox: no network, capabilities, new privileges or files on the disk', async () => {
    const { screen } = await learnInPipe(
      [
        'grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status',
        'echo "interfaces: $(ls /sys/class/net | tr "\\n" " ")"',
        'touch /file || echo "root: $?"',
        'touch /tmp/file && echo "tmp: $?"',
        '',
      ].join('\n'),
    )
    expect(screen).toMatch(/CapBnd:\s+0{16}\n/)
    expect(screen).toMatch(/CapEff:\s+0{16}\n/)
    expect(screen).toMatch(/NoNewPrivs:\s+1\n/)
    expect(screen).toContain('interfaces: lo \n')
    expect(screen).toContain('root: 1\n')
    expect(screen).toContain('tmp: 0\n')
  })

  test('ends a command that fills the memory or the folder in memory, and nothing else', async (context) => {
    if (!engine.hasCgroups) context.skip(noCgroups)
    const { code, screen } = await learnInPipe(
      'dd if=/dev/zero of=/tmp/full bs=1M 2>&1; rm /tmp/full; tail /dev/zero; echo "tail: $?"; exit 3\n',
    )
    expect(screen).toContain('No space left on device')
    expect(screen).toContain('tail: 137\n')
    expect(code).toBe(3)
  })

  test('a fork bomb in one sandbox leaves the others working, and the sandbox is removed', async (context) => {
    if (!engine.hasCgroups) context.skip(noCgroups)
    const bomber = await sitDown()
    bomber.write('exec 2>&1; bomb() { bomb | bomb & }; bomb\n')
    await bomber.waitFor('fork')
    const neighbour = await learnInPipe('echo I still work; exit 4\n')
    expect(neighbour.screen).toContain('I still work\n')
    expect(neighbour.code).toBe(4)
    bomber.signal('SIGTERM')
    expect((await bomber.ended).code).toBe(143)
    expect(await isThere(bomber.name)).toBe(false)
  })
})
