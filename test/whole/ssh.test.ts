/**
 * An engine that is reached through ssh, compared with the docker client.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Container, describeWithEngine, startContainer } from '../support/engine.ts'
import { temporaryFolder } from '../support/folder.ts'
import { run, start } from '../support/run.ts'
import { root, script } from '../support/scripts.ts'
import { makeSshHost, type SshHost } from '../support/sshd.ts'
import { type Case, script as shell } from './cases/case.ts'
import { type Client, differences, forgetContainer, runCase } from './outcome.ts'

const docker: Client = { name: 'docker', command: ['docker', 'exec'], cwd: root }
const ours: Client = { name: 'ours', command: script('exec'), cwd: root }

/** A case and its address, which is `ssh://remote` by default. */
type SshCase = Case & { readonly address?: string }

const cases: readonly SshCase[] = [
  {
    title: 'both outputs and the exit code arrive',
    args: shell('echo out; echo err >&2; exit 7'),
  },
  {
    title: 'EOF on stdin is a half-close, and the output still arrives',
    args: ['-i', 'BOX', 'sh', '-c', 'wc -c; echo after'],
    stdin: 'x'.repeat(500_000),
  },
  {
    title: 'a terminal has its size, echoes keys and is restored',
    args: shell(
      'until stty size 2>/dev/null | grep -v "^0 0"; do sleep 0.05; done; read x; exit 3',
      '-it',
    ),
    window: { columns: 91, rows: 31 },
    async terminal(terminal) {
      await terminal.waitFor('31 91')
      terminal.type('keys\r')
    },
  },
  { title: 'the daemon’s error arrives', args: ['no-such-box', 'true'] },
  {
    title: 'a socket that does not exist on the host is an error',
    args: ['BOX', 'true'],
    address: 'ssh://remote/no/such.sock',
    since: 28,
  },
  {
    title: 'ssh’s error is shown, with the user, the port and the socket',
    args: ['BOX', 'true'],
    address: 'ssh://ann@127.0.0.1:1/run/a.sock',
    since: 28,
  },
  {
    title: 'ssh can’t ask about an unknown host, even in a terminal',
    args: ['-it', 'BOX', 'sh'],
    address: 'ssh://stranger',
    terminal: async () => {},
    since: 28,
  },
]

describeWithEngine('through ssh', (engine) => {
  const clientMajor = Number(/version (\d+)/.exec(versionOfDocker())?.[1] ?? 0)
  let ssh: SshHost | string
  let box: Container
  beforeAll(async () => {
    box = await startContainer()
    ssh = makeSshHost(engine.host)
  })
  afterAll(() => box.release())

  /** Skips the test if this machine has no ssh. */
  function hostOr(skip: (reason: string) => never): SshHost {
    return typeof ssh === 'string' ? skip(ssh) : ssh
  }

  for (const { address = 'ssh://remote', ...theCase } of cases) {
    test(theCase.title, async ({ skip }) => {
      const { env } = hostOr(skip)
      if ((theCase.since ?? 0) > clientMajor) skip('the docker client says it differently')
      const stage = { folder: temporaryFolder(), host: address, container: box, id: box.id }
      const outcomes = await Promise.all(
        [docker, ours].map((client) => runCase({ ...theCase, env }, client, stage)),
      )
      const [expected = {}, actual = {}] = outcomes.map((outcome) => {
        // ssh ends its lines with a carriage return, which docker prints.
        const { stdout, stderr, screen, ...rest } = forgetContainer(outcome, box)
        const text = (bytes?: Buffer): Buffer =>
          Buffer.from((bytes ?? '').toString().replaceAll(/\r+\n/g, '\n'))
        return { ...rest, stdout: text(stdout), stderr: text(stderr), screen: text(screen) }
      })
      const found = differences(expected, actual)
      expect(found, `\n${found.join('\n')}`).toEqual([])
    })
  }

  test('a context that docker made is used, and its requests are logged', async ({ skip }) => {
    const { env } = hostOr(skip)
    const own = { ...env, DOCKER_CONFIG: temporaryFolder(), DOCKER_HOST: undefined }
    const context = (...args: string[]) => run('docker', ['context', ...args], { env: own })
    await context('create', 'lab', '--docker', 'host=ssh://remote')
    await context('use', 'lab')
    const command = ['sh', '-c', 'read word; echo $word; exit 3']
    const [node, ...words] = script('chapter', '7', '--json', '--no-tape', box.name, ...command)
    const ran = await run(node, words, { env: own, stdin: 'hello\n' })
    expect(ran.code, ran.stderr.toString()).toBe(3)
    const { stages } = JSON.parse(ran.stdout.toString()) as {
      stages: { wire: { kind: string; status?: number; hex?: string }[] }[]
    }
    const wire = stages.flatMap((stage) => stage.wire)
    const answers = wire.filter(({ kind }) => kind === 'answer').map(({ status }) => status)
    expect(answers).toEqual([200, 201, 101, 200])
    expect(wire.filter(({ kind }) => kind === 'sent').map(({ hex }) => hex)).toEqual([
      '68656c6c6f0a',
    ])
    expect(wire.some(({ kind }) => kind === 'half-close')).toBe(true)
  })

  test('SIGTERM leaves no ssh behind', async ({ skip }) => {
    const host = hostOr(skip)
    const before = host.pids()
    const [command, ...words] = script('exec', box.name, 'sh', '-c', 'echo ready; sleep 60')
    const running = start(command, words, { env: { ...host.env, DOCKER_HOST: 'ssh://remote' } })
    onTestFinished(running.stop)
    await running.waitFor('ready')
    const pids = host.pids().filter((pid) => !before.includes(pid))
    expect(pids.filter(isAlive)).toHaveLength(2)
    process.kill(running.pid, 'SIGTERM')
    await running.ended
    await expect.poll(() => pids.filter(isAlive)).toEqual([])
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function versionOfDocker(): string {
  return spawnSync('docker', ['--version'], { encoding: 'utf8' }).stdout ?? ''
}
