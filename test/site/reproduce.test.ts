/**
 * Types the lines that repeat an exchange into a real shell, on dockerd,
 * Podman and the practice daemon, and checks what comes back. To write what
 * the pages show, on the newest dockerd that you have:
 *
 * ```sh
 * WORKBOOK_UPDATE=1 npm test -- reproduce
 * ```
 *
 * @module
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { preparationFor, type Reproduction } from '../../src/site/reproduce.ts'
import { type Reproduced, readReproduced } from '../../src/site/reproduced.ts'
import { createDemultiplexer } from '../../src/stream/frames.ts'
import { bytesIn, type Tape } from '../../src/tape/event.ts'
import { withPractice } from '../practice/daemon.ts'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { findOnPath } from '../support/image.ts'
import { podmanContainer, startPodman } from '../support/podman.ts'
import { openTerminal } from '../support/pty.ts'
import { root } from '../support/scripts.ts'
import {
  answerIn,
  bytesInDump,
  factsOf,
  normalised,
  obstacleFor,
  reproductionsOf,
  type Target,
  type Typed,
  tapeNamed,
  typeLines,
} from './typed-lines.ts'

const names = ['dockerd-28-terminal', 'dockerd-28-pipes'] as const
const path = join(root, 'docs', 'tapes', 'reproduced.json')
const isWriting = process.env.WORKBOOK_UPDATE === '1'

/** The payload of each stream, in frames. */
function streamsIn(bytes: Uint8Array): Readonly<Record<string, string>> {
  const streams: Record<string, string> = {}
  createDemultiplexer((name, payload) => {
    streams[name] = (streams[name] ?? '') + Buffer.from(payload).toString()
  })(bytes)
  return streams
}

/** Checks what came back for one line of the run. */
function check(tape: Tape, { scene }: Reproduction, { printed, execId }: Typed): void {
  const { status, body } = answerIn(printed)
  const isFramed = tape.events.some(
    (event) => event.kind === 'upgrade' && event.framing === 'stdcopy',
  )
  switch (scene) {
    case 'inspect container':
      expect(status).toBe(200)
      expect(JSON.parse(body).Id).toMatch(/^[0-9a-f]{64}$/)
      return
    case 'create':
      expect(status).toBe(201)
      expect(JSON.parse(body).Id).toMatch(/^[0-9a-f]{64}$/)
      return
    case 'resize':
      // Podman answers 201.
      expect([200, 201]).toContain(status)
      return
    case 'exit code': {
      expect(status).toBe(200)
      const code = tape.events.find((event) => event.kind === 'over')?.exitCode
      expect(JSON.parse(body)).toMatchObject({ ID: execId, Running: false, ExitCode: code })
      return
    }
    default: {
      const bytes = bytesInDump(printed)
      const endOfHead = bytes.indexOf('\r\n\r\n') + 4
      const answer = answerIn(bytes.subarray(0, endOfHead).toString())
      const stream = bytes.subarray(endOfHead)
      expect(answer.status).toBe(101)
      expect(answer.headers.get('upgrade')).toBe('tcp')
      expect(answer.headers.get('connection')).toBe('Upgrade')
      expect(answer.headers.get('content-type')).toMatch(
        /^application\/vnd\.docker\.(raw|multiplexed)-stream$/,
      )
      if (!isFramed) expect(stream.toString()).toContain('exit 5')
      else if (scene === 'start')
        expect(streamsIn(stream)).toEqual({ stdout: 'out\n', stderr: 'err\n' })
      else expect(streamsIn(stream)).toEqual(streamsIn(bytesIn(tape.events, 'received')))
      if (!isFramed && scene === 'session') expect(stream.toString()).toContain('\r\nhi\r\n')
    }
  }
}

/**
 * The answers that are the same in every run on the same daemon. The order of
 * frames is not, nor the time at which a terminal echoes a key, nor how many
 * digits a PID has.
 */
function fixedIn({ lines }: Reproduced): string[] {
  return lines
    .filter(({ line }) => !line.includes('wire') || line.includes('>/dev/null'))
    .map(({ printed }) => printed.replace(/^Content-Length: .*$/m, 'Content-Length: …'))
}

/** Types every line of the runs on a daemon. Returns what they printed. */
async function typeAll(target: Target): Promise<Reproduced> {
  const { containerId, daemon } = await factsOf(target)
  const typed = names.flatMap((name) => {
    const tape = tapeNamed(name)
    const onDaemon = reproductionsOf(tape).filter(
      ({ line, scene }) => !line.includes('stty') && scene !== 'half-close',
    )
    return onDaemon.map(async (reproduction) => {
      const answer = await typeUntilRight(target, tape, reproduction)
      return {
        tape: name,
        line: reproduction.line,
        printed: normalised(answer.printed, containerId),
      }
    })
  })
  return { daemon, lines: await Promise.all(typed) }
}

/**
 * Types a line once more if its answer is wrong: its pauses may be too short
 * for a busy machine.
 */
async function typeUntilRight(
  target: Target,
  tape: Tape,
  reproduction: Reproduction,
  attempts = 3,
): Promise<Typed> {
  const answer = await typeLines(target, reproduction)
  try {
    check(tape, reproduction, answer)
    return answer
  } catch (error) {
    if (attempts === 1) throw error
    return typeUntilRight(target, tape, reproduction, attempts - 1)
  }
}

/** The shells that a reader may have, in their interactive form. */
const shells: readonly (readonly [command: string, ...args: string[]])[] = [
  ['dash', '-i'],
  ['bash', '--norc', '-i'],
  ['zsh', '-f', '-i'],
]

describe('the lines that repeat a run', () => {
  test.for(shells)('can be typed by hand into %s', async ([shell, ...args], context) => {
    const missing = findOnPath(shell) ? obstacleFor('unix://') : `${shell} is not installed`
    if (missing) return context.skip(missing)
    await withPractice([], async ({ host }) => {
      const exchanges = reproductionsOf(tapeNamed('dockerd-28-pipes')).filter(
        ({ scene }) => scene === 'session' || scene === 'exit code',
      )
      const terminal = openTerminal(shell, args, {
        env: { DOCKER_HOST: host, PS1: '$ ', PS2: '> ' },
        columns: 400,
      })
      for (const { line } of [...preparationFor(exchanges), ...exchanges]) {
        terminal.type(`${line.replaceAll('/containers/box/', '/containers/practice/')}\n`)
      }
      await terminal.waitFor('"ExitCode":3')
      terminal.type('exit\n')
      const screen = terminal.screen().toString().replaceAll('\r\n', '\n')
      expect(bytesInDump(screen).toString()).toContain('hello\n')
      await terminal.stop()
    })
  })

  test('read the terminal, and restore it after raw mode', async () => {
    const tape = tapeNamed('dockerd-28-terminal')
    const own = reproductionsOf(tape).filter(({ line }) => line.includes('stty'))
    const [size, all, raw] = own.map(({ line }) => openTerminal('sh', ['-c', line]))
    expect((await size?.ended)?.screen.toString()).toContain('24 80')
    expect((await all?.ended)?.screen.toString()).toMatch(/ icanon/)
    await expect.poll(() => raw?.describeModes()).toContain('-icanon')
    raw?.type('\x1b[A')
    const ended = await raw?.ended
    expect(ended?.screen.toString()).toMatch(/1b +5b +41/)
    expect(ended?.modesAfter).toBe(ended?.modesBefore)
  })

  describeWithEngine('on an engine', (engine) => {
    const obstacle = obstacleFor(engine.host)
    test.skipIf(obstacle)(
      `return what the run got, and what the page shows${obstacle ? ` (${obstacle})` : ''}`,
      async () => {
        const box = await startContainer()
        try {
          const reproduced = await typeAll({ host: engine.host, container: box.name })
          if (isWriting) writeFileSync(path, `${JSON.stringify(reproduced, undefined, 2)}\n`)
          const known = readReproduced(path)
          expect(reproduced.lines.map(({ line }) => line)).toEqual(
            known.lines.map(({ line }) => line),
          )
          if (reproduced.daemon === known.daemon) {
            expect(fixedIn(reproduced)).toEqual(fixedIn(known))
          }
        } finally {
          await box.release()
        }
      },
    )

    test.skipIf(obstacle)('wait for the answer, because dockerd loses earlier input', async () => {
      const session = reproductionsOf(tapeNamed('dockerd-28-pipes')).find(
        ({ scene }) => scene === 'session',
      )
      if (!session) throw new Error('the tape has no session')
      const box = await startContainer()
      try {
        const line = `create\nwire "$(start; printf 'too early')" </dev/null`
        const target = { host: engine.host, container: box.name }
        const { printed } = await typeLines(target, { ...session, line })
        const bytes = bytesInDump(printed).toString()
        expect(bytes).toContain('101 UPGRADED')
        if (bytes.includes('Server: Docker')) expect(bytes).not.toContain('early')
      } finally {
        await box.release()
      }
    })
  })

  const practiceObstacle = obstacleFor('unix://')
  test.skipIf(practiceObstacle || process.platform === 'win32')(
    `return the same on the practice daemon${practiceObstacle ? ` (${practiceObstacle})` : ''}`,
    () => withPractice([], ({ host, container }) => typeAll({ host, container }).then(() => {})),
  )

  test('return the same on Podman', async (context) => {
    const podman = await startPodman()
    if ('reason' in podman) {
      const reason = `no Podman: ${podman.reason} (${podman.fix})`
      console.warn(reason)
      return context.skip(reason)
    }
    try {
      await typeAll({ host: podman.host, container: podmanContainer })
    } finally {
      await podman.stop()
    }
  }, 240_000)
})
