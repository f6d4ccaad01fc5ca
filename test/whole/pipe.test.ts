/**
 * Every command, writing into a pipe whose reader is slow, stops or closes.
 *
 * The pipe is full before the command starts, so even a short text has to
 * wait for its reader.
 *
 * @module
 */

import { execFileSync } from 'node:child_process'
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest'
import { type PracticeDaemon, startPracticeDaemon } from '../../src/practice/spawn.ts'
import { tapeText } from '../../src/tape/keep.ts'
import { program } from '../practice/daemon.ts'
import { type Running, start } from '../support/run.ts'
import { root, script } from '../support/scripts.ts'
import { terminalTape } from '../support/tapes.ts'
import { giveBack, takeCopy } from '../support/workbook-copy.ts'

/**
 * A command and the end of its complete output: a JSON document, or this
 * text.
 */
type Row = {
  readonly words: Parameters<typeof script>
  readonly ends: 'as JSON' | string | RegExp
  readonly code?: number
  /** The stream that is the pipe; the default is stdout. */
  readonly stream?: 'stdout' | 'stderr'
  /** The command keeps running after this text until a signal ends it. */
  readonly keepsRunningAfter?: string
}

const practice = '--practice'
const requestsLine = 'Its requests:\n'
const large = 'head -c 300000 /dev/zero | tr "\\0" x; echo; echo done'

/** Stands for a file that does not exist yet. */
const newFile = 'NEW.html'
let newFiles = 0

const rows: readonly Row[] = [
  { words: ['chapter', '--help'], ends: 'daemon, rescue\n' },
  { words: ['chapter'], ends: 'daemon, rescue\n' },
  { words: ['chapter', '--json'], ends: 'as JSON' },
  { words: ['chapter', '99'], ends: 'npm run chapter 1\n', code: 1, stream: 'stderr' },
  { words: ['chapter', practice, '--json', '7', 'practice', 'sh', '-c', large], ends: 'as JSON' },
  { words: ['chapter', practice, '--plain', '3'], ends: 'Next: npm run chapter 4\n' },
  { words: ['chapter', practice, '--view', 'wire', '2'], ends: 'Next: npm run chapter 3\n' },
  { words: ['chapter', '--view', 'source', '3'], ends: /\n$/ },
  { words: ['chapter', '--experiment', 'list'], ends: /\n$/ },
  { words: ['chapter', '--experiment', 'list', '--json'], ends: 'as JSON' },
  { words: ['chapter', practice, '--experiment', 'never-started', '--json'], ends: 'as JSON' },
  { words: ['chapter', '--questions', '5'], ends: /\n$/ },
  { words: ['chapter', '--fault', 'list'], ends: /\n$/ },
  { words: ['replay', '--help'], ends: 'has no echo.\n' },
  { words: ['replay', '--list'], ends: /events\n$/ },
  { words: ['replay', '--plain', 'run.tape'], ends: ': exit code 5.\n' },
  { words: ['replay', '--json', 'run.tape'], ends: 'as JSON' },
  { words: ['replay', '--export', newFile, 'run.tape'], ends: /Wrote \d+\.html\n$/ },
  { words: ['check', '--help'], ends: 'wrong or not started.\n' },
  { words: ['check'], ends: /Next: npm run check .*\n$/ },
  { words: ['check', '--json'], ends: 'as JSON' },
  { words: ['check', '3', '--hint', '1'], ends: '--hint 2\n' },
  { words: ['check', '3', '--solution'], ends: /\n$/ },
  { words: ['check', practice, '1', 'body', '--json'], ends: 'as JSON', code: 1 },
  { words: ['doctor', '--help'], ends: /\n$/ },
  { words: ['doctor', practice], ends: /\n$/ },
  { words: ['doctor', practice, '--report'], ends: /\n$/ },
  { words: ['doctor', practice, '--json'], ends: 'as JSON' },
  { words: ['daemon', '--help'], ends: '--fault list shows all\n' },
  { words: ['daemon'], ends: requestsLine, keepsRunningAfter: requestsLine },
  { words: ['exec', '--help'], ends: 'inside the container\n' },
  { words: ['exec', 'practice', 'sh', '-c', large], ends: 'x\ndone\n' },
  { words: ['exec', 'practice', 'sh', '-c', 'exit 7'], ends: '', code: 7 },
]

/** The capacity of a pipe on Linux, in bytes. */
const roomInPipe = 65_536

/** Creates a full pipe: one end for the command, the other for the test. */
function fullPipe(folder: string): { readonly writer: number; readonly reader: number } {
  const path = join(folder, `pipe-${process.hrtime.bigint()}`)
  execFileSync('mkfifo', [path])
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writer = openSync(path, constants.O_WRONLY)
  writeSync(writer, Buffer.alloc(roomInPipe))
  return { writer, reader }
}

/** What `/proc` says of a thread: its state, and its CPU time in ticks. */
function threadAt(path: string): { state: string; ticks: number } {
  const fields = readFileSync(`${path}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return { state: fields[0] ?? '', ticks: Number(fields[11]) + Number(fields[12]) }
}

/**
 * Returns the CPU time of a process, `busy` if one of its threads could run
 * and waits for a CPU, or undefined if it has ended.
 */
function activityOf(pid: number): number | 'busy' | undefined {
  try {
    const { state, ticks } = threadAt(`/proc/${pid}`)
    if (state === 'Z') return undefined
    const threads = readdirSync(`/proc/${pid}/task`)
    const isBusy = threads.some((id) => /[RD]/.test(threadAt(`/proc/${pid}/task/${id}`).state))
    return isBusy ? 'busy' : ticks
  } catch {
    // A thread that has just ended isn't the end of the process.
    return existsSync(`/proc/${pid}`) ? 'busy' : undefined
  }
}

/** Waits until a process has been idle for half a second, or has ended. */
async function untilIdle(pid: number): Promise<void> {
  let before = activityOf(pid)
  for (let quiet = 0; quiet < 5 && before !== undefined; ) {
    await wait(100)
    const now = activityOf(pid)
    quiet = now === before && now !== 'busy' ? quiet + 1 : 0
    before = now
  }
}

/**
 * Reads slowly until the other end closes, and reports the text so far each
 * time.
 */
async function readSlowly(reader: number, onText: (text: string) => void): Promise<string> {
  const chunks: Buffer[] = []
  for (;;) {
    const chunk = Buffer.alloc(8192)
    try {
      const length = readSync(reader, chunk)
      chunks.push(chunk.subarray(0, length))
      const text = Buffer.concat(chunks).subarray(roomInPipe).toString()
      if (length === 0) return text
      onText(text)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
    await wait(2)
  }
}

describe.skipIf(process.platform !== 'linux')('into a full pipe,', () => {
  let folder = ''
  let daemon: PracticeDaemon

  beforeAll(async () => {
    folder = takeCopy()
    const tape = tapeText(terminalTape({ keepTyped: true }))
    writeFileSync(join(folder, 'run.tape'), tape)
    daemon = await startPracticeDaemon({ program, faults: [], log: () => {} })
  })
  afterAll(async () => {
    await daemon?.close()
    giveBack(folder)
  })

  function begin(
    { words, stream = 'stdout' }: Row,
    descriptor: number,
    { onTestFinished }: TestContext,
  ): Running {
    const [command, ...args] = script(...words).map((word) =>
      word === newFile ? `${newFiles++}.html` : word,
    ) as [string, ...string[]]
    const host = words[0] === 'exec' ? { DOCKER_HOST: daemon.host } : {}
    const running = start(command, args, {
      // These two write files, so they run in a copy of the project.
      cwd: ['check', 'replay'].includes(words[0]) ? folder : root,
      env: { ...host, XDG_STATE_HOME: join(folder, 'state'), NO_COLOR: '1' },
      [stream]: descriptor,
    })
    onTestFinished(running.stop)
    return running
  }

  const titled = rows.map((row) => [row.words.join(' '), row] as const)
  describe.concurrent.each(titled)('%s', (_, row) => {
    const { ends, code = 0, keepsRunningAfter } = row

    test('writes everything for a slow reader', async (context) => {
      const { writer, reader } = fullPipe(folder)
      const running = begin(row, writer, context)
      closeSync(writer)
      await untilIdle(running.pid)
      const text = await readSlowly(reader, (soFar) => {
        if (keepsRunningAfter && soFar.endsWith(keepsRunningAfter)) running.signal('SIGTERM')
      })
      closeSync(reader)
      const ended = await running.ended
      if (!keepsRunningAfter) expect(ended.signal ?? ended.code).toBe(code)
      if (ends === 'as JSON') expect(() => JSON.parse(text)).not.toThrow()
      else if (typeof ends === 'string') expect(text.slice(-ends.length || text.length)).toBe(ends)
      else expect(text).toMatch(ends)
    })

    // Without output, nothing waits for the reader.
    if (ends === '') return

    test('waits for a stopped reader until a signal ends it', async (context) => {
      const { writer, reader } = fullPipe(folder)
      const running = begin(row, writer, context)
      closeSync(writer)
      await untilIdle(running.pid)
      const begun = performance.now()
      running.signal('SIGTERM')
      const ended = await running.ended
      closeSync(reader)
      expect([143, 'SIGTERM']).toContain(ended.code ?? ended.signal)
      expect(performance.now() - begun).toBeLessThan(5000)
    })

    test('dies of SIGPIPE when its reader closes', async (context) => {
      const { writer, reader } = fullPipe(folder)
      const running = begin(row, writer, context)
      closeSync(writer)
      await untilIdle(running.pid)
      closeSync(reader)
      const { signal, stderr } = await running.ended
      expect(signal).toBe('SIGPIPE')
      expect(stderr.toString()).not.toMatch(/EPIPE|^\s+at /m)
    })

    test('dies of SIGPIPE when its reader closed earlier', async (context) => {
      const { writer, reader } = fullPipe(folder)
      const running = begin(row, writer, context)
      closeSync(writer)
      closeSync(reader)
      expect((await running.ended).signal).toBe('SIGPIPE')
    })
  })
})
