import { describe, expect, test } from 'vitest'
import { describeFaults, faults, parseFaults } from '../../src/practice/faults.ts'
import type { PracticeDaemon } from '../../src/practice/spawn.ts'
import { start } from '../support/run.ts'
import { script } from '../support/scripts.ts'
import { execOn, withPractice } from './daemon.ts'

/** Writes to both streams, copies its input and exits with 3. */
const command = ['-i', 'practice', 'sh', '-c', 'echo out; cat; echo err >&2; exit 3']

/** The client's complete output. */
const whole = { stdout: 'out\ninput\n', stderr: 'err\n', code: 3 }

async function outcomeWith(
  fault: string,
  args: readonly string[] = command,
): Promise<{ stdout: string; stderr: string; code: number | null }> {
  return withPractice([fault], async (daemon) => {
    const { stdout, stderr, code } = await execOn(daemon, args, { stdin: 'input\n' })
    return { stdout: String(stdout), stderr: String(stderr), code }
  })
}

describe.concurrent('the client', () => {
  test.each([
    'early-output',
    'split-header=1',
    'split-header=2',
    'split-header=3',
    'split-header=4',
    'split-header=5',
    'split-header=6',
    'split-header=7',
    'slow-reader',
    'slow-writer',
    'late-exit-code=3',
  ])('shows the complete output and the exit code despite %s', async (fault) => {
    expect(await outcomeWith(fault)).toEqual(whole)
  })

  test.each(['no-upgrade', 'proxy-drops-upgrade'])(
    'rejects a start that is answered with 200: %s',
    async (fault) => {
      const { stdout, stderr, code } = await outcomeWith(fault)
      expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
      expect(stderr).toContain('unable to upgrade to tcp, received 200')
    },
  )

  test('stops at an unknown stream and shows none of its bytes', async () => {
    const { stdout, stderr, code } = await outcomeWith('unknown-stream')
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
    expect(stderr).toContain('Unrecognized input header: 7')
  })

  test('shows the received part of a truncated frame, and exits', async () => {
    const { stdout, code } = await outcomeWith('short-frame')
    expect(stdout.startsWith('out\n')).toBe(true)
    expect(code).not.toBeNull()
  })

  test('does not report success after a connection reset', async () => {
    const args = ['-i', 'practice', 'sh', '-c', 'echo out; sleep 5']
    const { stdout, stderr, code } = await outcomeWith('reset', args)
    expect(stdout).toBe('out\n')
    expect(code).not.toBe(0)
    expect(stderr).not.toBe('')
  })

  test('does not exit with 0 if there is no exit code', async () => {
    const args = ['practice', 'true']
    const { stderr, code } = await outcomeWith('no-exit-code', args)
    expect(code).not.toBe(0)
    expect(stderr).not.toBe('')
  })

  test.each(['gone-before-inspect', 'inspect-404', 'inspect-409', 'inspect-500'])(
    'shows the output and exits with 255: %s',
    async (fault) => {
      const { stdout, code } = await outcomeWith(fault)
      expect({ stdout, code }).toEqual({ stdout: whole.stdout, code: 255 })
    },
  )

  test.each([404, 409, 500])(
    'shows the daemon’s message if a create returns %i',
    async (status) => {
      const { stderr, code } = await outcomeWith(`create-${status}`)
      expect(stderr).toContain(`the fault create-${status} is active`)
      expect(code).toBe(1)
    },
  )

  test.each([404, 409, 500])('shows the daemon’s message if a start returns %i', async (status) => {
    const { stderr, code } = await outcomeWith(`start-${status}`)
    expect(stderr).toContain(`received ${status}: the fault start-${status} is active`)
    expect(code).toBe(1)
  })

  test('exits on Ctrl-C while the daemon is silent', async () => {
    let started: () => void
    const isStarted = new Promise<void>((resolve) => {
      started = resolve
    })
    const session = async (daemon: PracticeDaemon): Promise<void> => {
      const [node, ...words] = script('exec', 'practice', 'true')
      const client = start(node, words, { env: { DOCKER_HOST: daemon.host }, stdin: 'open' })
      await isStarted
      const early = await Promise.race([
        client.ended.then(() => 'ended on its own'),
        new Promise((resolve) => setTimeout(resolve, 500, 'waits')),
      ])
      client.signal('SIGINT')
      const { code } = await client.ended
      expect({ early, code }).toEqual({ early: 'waits', code: 130 })
    }
    await withPractice(['silent'], session, (line) => {
      if (line.includes('/start')) started()
    })
  })
})

test('every fault has a description, the client’s duty and its own link', () => {
  for (const { name, does, client, reportedAt: seen } of faults) {
    expect(describeFaults()).toContain(name)
    expect(does.length * client.length).toBeGreaterThan(0)
    expect(seen).toMatch(/^https:\/\/github\.com\/[^/]+\/[^/]+\/(issues|pull)\/\d+$/)
  }
})

test.each([
  ['bogus', 'unknown fault "bogus"'],
  ['silent=2', 'the fault silent does not take a number'],
  ['split-header=8', 'split-header=8: N must be from 1 to 7'],
])('%s is rejected with a message', (word, sentence) => {
  expect(() => parseFaults([word])).toThrow(sentence)
})
