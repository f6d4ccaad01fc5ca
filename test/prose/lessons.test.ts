/**
 * The states, requests, bytes and flags that the pages draw are those of a
 * run.
 *
 * @module
 */

import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { chapterFolders } from '../../chapters/commands/chapter-folders.ts'
import { dockerExec } from '../../chapters/index.ts'
import { type PracticeDaemon, startPracticeDaemon } from '../../src/practice/spawn.ts'
import { stream } from '../../src/stream/frames.ts'
import { valueText } from '../../src/tape/state.ts'
import type { Target } from '../conformance/raw.ts'
import { program } from '../practice/daemon.ts'
import { describeWithEngine, isPodman, startContainer } from '../support/engine.ts'
import { startProxy } from '../support/proxy.ts'
import {
  type BlockKind,
  blocksOf,
  moduleComment,
  pattern,
  readBytes,
  readState,
  readWire,
} from './blocks.ts'
import { readPage } from './page.ts'
import { received, type Walked, walkThrough } from './walked.ts'

const chapters = chapterFolders.map(({ folder }) => join('chapters', folder, 'stage.ts'))

/** The blocks of one kind, with the chapter that each is in. */
function all(kind: BlockKind) {
  return chapters.flatMap((file, at) =>
    blocksOf(file)
      .filter((block) => block.kind === kind)
      .map((block) => ({ file, at, block })),
  )
}

/** The practice daemon, with its first output in the packet of the 101. */
let practice: PracticeDaemon
beforeAll(async () => {
  practice = await startPracticeDaemon({ program, faults: ['early-output'] })
  return practice.close
})

/** Starts a container for one test. */
async function inContainer(host: string): Promise<Target> {
  const box = await startContainer()
  onTestFinished(box.release)
  return { host, container: box.name }
}

/** What is shown of a value, in the words of the screen or of JSON. */
function looksLike(drawn: string, value: unknown): boolean {
  return [valueText(value), JSON.stringify(value)].some((text) => pattern(drawn).test(text ?? ''))
}

function checkStates(steps: readonly Walked[], unpredictable: readonly string[]): void {
  for (const { file, at, block } of all('state')) {
    const step = steps[at]
    const { before, after, added } = readState(block)
    expect(added, `${file}: what the stage adds`).toEqual(step?.added)
    const wrong = [
      ...before.map((drawn) => ({ ...drawn, real: step?.before[drawn.name] })),
      ...after.map((drawn) => ({ ...drawn, real: step?.after[drawn.name] })),
    ].filter(({ name, value, real }) => !unpredictable.includes(name) && !looksLike(value, real))
    expect(wrong, `${file}: values that are not those of a run`).toEqual([])
    expect(before.length + after.length, file).toBeGreaterThan(1)
  }
}

function checkWires(steps: readonly Walked[]): void {
  for (const { file, at, block } of all('wire')) {
    const events = [...(steps[at]?.wire ?? [])]
    for (const { first, below } of readWire(block)) {
      const index = events.findIndex(
        (event) =>
          (event.kind === 'request' && pattern(first).test(`→ ${event.method} ${event.path}`)) ||
          (event.kind === 'answer' &&
            pattern(first).test(`← HTTP/1.1 ${event.status} ${event.reason}`)),
      )
      const real = events[index]
      expect(
        real,
        `${file} draws ${first}, which is not in the run, or not in this order`,
      ).toBeDefined()
      if (real?.kind !== 'request' && real?.kind !== 'answer') continue
      const lines = [...real.headers.map(([name, value]) => `${name}: ${value}`), real.body.trim()]
      let from = 0
      for (const line of below) {
        const found = lines.findIndex((text, place) => place >= from && pattern(line).test(text))
        expect(found, `${file} draws ${line} below ${first}; it is ${lines.join('\n')}`).not.toBe(
          -1,
        )
        from = found + 1
      }
      events.splice(0, index + 1)
    }
  }
}

describe('a page draws what the practice daemon does', () => {
  test('draws the states before and after each stage, and its requests and answers', async () => {
    const steps = await walkThrough(practice)
    checkStates(steps, [])
    checkWires(steps)
  })

  test('draws a state in every chapter, and requests in every chapter that sends one', () => {
    expect(all('state').map(({ at }) => at)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(all('wire').map(({ at }) => at)).toEqual([0, 1, 5, 6])
  })

  test('chapter 3 draws the bytes of the 101 and the early bytes after it', async () => {
    const proxy = await startProxy(practice.host)
    onTestFinished(proxy.stop)
    await walkThrough({ ...practice, host: proxy.host })
    const { lines = [] } = all('bytes').find(({ at }) => at === 2)?.block ?? {}
    const [hex = '', characters = ''] = lines
    const [head, early = ''] = hex.split('│').map((part) => part.trim())
    const bytes = proxy.connections[1]?.received() ?? Buffer.alloc(0)
    const sessionBegin = bytes.indexOf('\r\n\r\n') + 4
    const spaced = (part: Buffer): string => part.toString('hex').replace(/..(?=.)/g, '$& ')
    expect(spaced(bytes.subarray(0, sessionBegin))).toMatch(pattern(head ?? ''))
    expect(spaced(bytes.subarray(sessionBegin))).toMatch(new RegExp(`^${early}`))
    // Each character is below its byte.
    for (const [at, character] of [...characters].entries()) {
      if (' …│'.includes(character)) continue
      const byte = Number.parseInt(hex.slice(at, at + 2), 16)
      expect(character === '␠' ? ' ' : character).toBe(String.fromCharCode(byte))
    }
  })

  test.each([
    ['chapters/05-copy-loops/stage.ts', /This is `sh -c '([^']*)'`/],
    ['src/stream/frames.ts', undefined],
  ])('%s: its frames, byte for byte', async (file, command) => {
    const rows = blocksOf(file)
      .filter(({ kind }) => kind === 'bytes')
      .flatMap(readBytes)
    const named = command?.exec(moduleComment(file).replaceAll('\n', ' '))?.[1]
    if (command) expect(named, `${file} names the command`).toBeDefined()
    // If the page names no command, the test uses one that writes what the
    // rows say.
    const written = rows.map(({ remark }) => {
      const [, target = '', length, payload = '""'] =
        /^(\w+), (\d+) bytes, (".*")$/.exec(remark) ?? []
      return { target, length: Number(length), payload: JSON.parse(payload) as string }
    })
    const line = written
      .map(({ target, payload }) => `printf '${payload}'${target === 'stderr' ? ' >&2' : ''}`)
      .join('; ')
    const steps = await walkThrough(practice, {
      command: ['sh', '-c', named ?? line],
    })
    const bytes = received(steps)
    expect(rows.length).toBe(2)
    for (const [at, row] of rows.entries()) {
      expect(bytes.includes(row.bytes), `${row.remark} in ${bytes.toString('hex')}`).toBe(true)
      const { target, length, payload } = written[at] ?? {}
      expect(row.bytes[0]).toBe(stream[target as keyof typeof stream])
      expect(row.bytes.readUInt32BE(4)).toBe(length)
      expect(row.bytes.subarray(8).toString()).toBe(payload)
    }
    // The order of the two streams varies. The length shows that nothing else
    // came.
    expect(bytes.length).toBe(rows.reduce((sum, row) => sum + row.bytes.length, 0))
  })

  test('src/stream/frames.ts draws the fields of a header', async () => {
    const steps = await walkThrough(practice, {
      command: ['sh', '-c', "printf '%300s' x"],
    })
    const bytes = received(steps)
    const comment = moduleComment('src/stream/frames.ts')
    expect(comment).toContain(
      `byte 0        which stream: 0 stdin, 1 stdout, 2 stderr, 3 a message from the daemon`,
    )
    expect(bytes[0]).toBe(1)
    expect(comment).toContain('bytes 1 to 3  zero')
    expect([...bytes.subarray(1, 4)]).toEqual([0, 0, 0])
    expect(comment).toContain(
      'bytes 4 to 7  length of the payload, 32 bits, the most significant byte first',
    )
    expect([...bytes.subarray(4, 8)]).toEqual([0, 0, 1, 44])
    expect(comment).toContain('bytes 8 …     the payload')
    expect(bytes.subarray(8).toString()).toBe('x'.padStart(300))
  })

  test('chapter 4 draws the flags and the bytes of the keys', () => {
    // transcripts.test.ts compares the transcript with a run in a real
    // terminal.
    const transcript = readPage('chapters/04-raw-mode/transcript.md')
    const keys = { 'Ctrl-C': '^C', 'Ctrl-Z': '^Z', 'Ctrl-\\': '^\\', Enter: '^M' }
    const { lines = [] } = all('flags')[0]?.block ?? {}
    expect(lines.length).toBeGreaterThan(3)
    for (const line of lines) {
      const [, flag, raw] = /^ *(\w+) +→ (-\w+) /.exec(line) ?? []
      expect(transcript).toMatch(new RegExp(`^${flag} +${raw} +${flag} `, 'm'))
    }
    const said = [...lines.join('\n').matchAll(/(Ctrl-.|Enter) is (?:the byte )?([0-9a-f]{2})/g)]
    expect(said.map(([, key]) => key)).toEqual(Object.keys(keys))
    for (const [, key, byte] of said) {
      expect(transcript).toContain(`\n  ${byte}                       ${keys[key as 'Enter']}\n`)
    }
  })
})

describeWithEngine('a page draws what an engine does', (engine) => {
  test('draws the states before and after each stage, and its requests and answers', async (context) => {
    const steps = await walkThrough(await inContainer(engine.host))
    // How many bytes come with the 101 depends on the daemon's timing.
    checkStates(steps, ['early'])
    if (isPodman(engine)) context.skip('Podman answers a resize with 201 instead of 200')
    checkWires(steps)
  })
})

describe('the table of the chapters', () => {
  test('in chapters/index.ts has their names in their order', () => {
    const rows = [...readPage('chapters/index.ts').matchAll(/^ \* +(\d) (\w+(?: \w+)?) {2,}/gm)]
    expect(rows.map(([, number, name]) => [Number(number), name])).toEqual(
      dockerExec.stages.map(({ name }, at) => [at + 1, name]),
    )
  })

  test('in README.md has their names and questions in their order', () => {
    const rows = [...readPage('README.md').matchAll(/^\| \[(\d) (.+?)\]\((\S+)\) +\| (.+?) +\|$/gm)]
    expect(rows.map(([, number, name, file, question]) => [number, name, file, question])).toEqual(
      dockerExec.stages.map(({ name, question }, at) => [
        `${at + 1}`,
        name,
        chapters[at],
        question,
      ]),
    )
  })

  test('in chapters/index.ts has the types and the request of each stage', async () => {
    const rows = [...readPage('chapters/index.ts').matchAll(/^ \* +\d .*?(\w+) +→ (\w+) +(.*)$/gm)]
    expect(rows.length).toBe(7)
    const steps = await walkThrough(practice)
    for (const [at, [, takes, gives, what = '']] of rows.entries()) {
      expect(readPage(chapters[at] ?? '')).toContain(`Stage<${takes}, ${gives}>`)
      const [, method, path = ''] = /^(POST|GET) (\S+)$/.exec(what) ?? []
      const sent = steps[at]?.wire.flatMap((event) => (event.kind === 'request' ? [event] : []))
      if (method === undefined) continue
      const wanted = pattern(`${method} …${path.replaceAll('{id}', '…')}`)
      const requests = sent?.map((event) => `${event.method} ${event.path.replace(/\?.*/, '')}`)
      expect(requests?.at(-1)).toMatch(wanted)
    }
  })
})
