/**
 * The live page and its server, without a browser.
 *
 * @module
 */

import { once } from 'node:events'
import { type IncomingMessage, request as send } from 'node:http'
import { connect } from 'node:net'
import { homedir } from 'node:os'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createScope } from '../../src/course/scope.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { rowsFrom } from '../../src/export/page/stages.ts'
import { type LivePage, openLivePage } from '../../src/live/live-page.ts'
import { createLivePageState, type PageChange } from '../../src/live/live-page-state.ts'
import type { Happened, Tape } from '../../src/tape/event.ts'
import { createRecorder, type Recorder } from '../../src/tape/recorder.ts'
import type { Terminal } from '../../src/terminal/terminal.ts'
import { framed, tapeOf } from '../support/tape-parts.ts'
import { terminalTape } from '../support/tapes.ts'

const engine = {
  host: 'unix:///run/somewhere/docker.sock',
  product: 'Docker',
  version: '28.5.2',
  apiVersion: '1.51',
} as Engine

/** Opens a live page with its own recorder and scope. */
async function open({ typed = false } = {}) {
  const recorder = createRecorder()
  const scope = createScope()
  const page = await openLivePage(
    { place: { engine, recorder }, last: 1, stages: ['create'], typed },
    scope,
  )
  onTestFinished(scope.releaseAll)
  return { recorder, scope, page }
}

type Asked = {
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

type Answered = Pick<IncomingMessage, 'statusCode' | 'headers'> & { readonly text: string }

/** Sends a request to the page's server and reads the whole answer. */
function ask(
  { url }: LivePage,
  { path, method = 'GET', headers = {} }: Asked = {},
): Promise<Answered> {
  const { port, pathname } = new URL(url)
  return new Promise((resolve, reject) => {
    const asked = send({ host: '127.0.0.1', port, path: path ?? pathname, method, headers })
    asked.on('error', reject)
    asked.on('response', (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (more: string) => {
        text += more
      })
      answer.on('end', () =>
        resolve({ statusCode: answer.statusCode, headers: answer.headers, text }),
      )
    })
    asked.end()
  })
}

/** Opens the page like a browser and reads its changes. */
async function read(page: LivePage) {
  const { text: shown } = await ask(page)
  const [, revision] = /data-live="(\d+)"/.exec(shown) ?? []
  const { port, pathname } = new URL(page.url)
  let text = ''
  let notice = (): void => {}
  const asked = send({ host: '127.0.0.1', port, path: `${pathname}/changes?since=${revision}` })
  onTestFinished(() => void asked.destroy())
  const ended = new Promise<void>((resolve, reject) => {
    asked.on('error', reject)
    asked.on('response', (answer) => {
      answer.setEncoding('utf8')
      answer.on('data', (more: string) => {
        text += more
        notice()
      })
      answer.on('end', resolve)
    })
  })
  ended.catch(() => {})
  asked.end()
  await once(asked, 'response')
  return {
    /** The initial page. */
    shown,
    /** The changes since then. */
    text: () => text,
    ended,
    async waitFor(wanted: string) {
      while (!`${shown}${text}`.includes(wanted)) {
        await new Promise<void>((resolve) => {
          notice = resolve
        })
      }
    },
  }
}

/** Whether a server listens at an address. */
function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.on('error', () => resolve(false))
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

const portOf = ({ url }: LivePage): number => Number(new URL(url).port)

const received = (recorder: Recorder, text: string): void =>
  recorder.bytes('received', Buffer.from(text))

/** Types text while a stage reads the input. */
function type(recorder: Recorder, text: string): void {
  const input = { read: async () => undefined, resume: () => {}, close: () => {} }
  recorder.watchInput({ openInput: () => input } as unknown as Terminal).openInput()
  recorder.bytes('sent', Buffer.from(text))
}

describe('the address of a live page', () => {
  test('is on the loopback interface and has a token of 128 random bits', async () => {
    const [first, second] = [await open(), await open()]
    expect(first.page.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}$/)
    expect(new URL(first.page.url).pathname).not.toBe(new URL(second.page.url).pathname)
    expect(await isListening('127.0.0.1', portOf(first.page))).toBe(true)
    expect(await isListening('127.0.0.2', portOf(first.page))).toBe(false)
  })

  test('reveals nothing without the token', async () => {
    const { recorder, page } = await open()
    recorder.begin()
    received(recorder, 'something to see')
    const { pathname } = new URL(page.url)
    const wrong = `${pathname.slice(0, -1)}${pathname.endsWith('0') ? '1' : '0'}`
    const paths = [
      '/',
      '//',
      '/favicon.ico',
      wrong,
      `${wrong}/changes`,
      pathname.slice(0, -1),
      `/x${pathname}`,
    ]
    for (const path of [...paths, '/%', 'http://[', `${pathname}/other`, `${pathname}/changes/`]) {
      const { statusCode, text, headers } = await ask(page, { path })
      expect([path, statusCode, text]).toEqual([path, 404, ''])
      expect(JSON.stringify(headers)).not.toContain(pathname.slice(1))
    }
  })

  test('accepts only loopback names in the Host header, with any port', async () => {
    const { page } = await open()
    const status = async (host: string) => (await ask(page, { headers: { Host: host } })).statusCode
    for (const host of ['127.0.0.1:1', 'localhost:8080', 'localhost', 'LOCALHOST:80', '[::1]:80']) {
      expect([host, await status(host)]).toEqual([host, 200])
    }
    for (const host of [
      'rebound.example',
      '127.0.0.1.example',
      'localhost.example:80',
      '0.0.0.0',
    ]) {
      expect([host, await status(host)]).toEqual([host, 404])
    }
  })

  test('accepts only GET', async () => {
    const { page } = await open()
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']) {
      const { statusCode, headers } = await ask(page, { method })
      expect([method, statusCode, headers.allow]).toEqual([method, 405, 'GET'])
      expect((await ask(page, { method, path: '/' })).statusCode).toBe(404)
    }
  })

  test('cannot be embedded or read by another page', async () => {
    const { page } = await open()
    const { headers, text } = await ask(page, { headers: { Origin: 'http://localhost:1' } })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(text) ?? []
    expect(policy.replaceAll('&#39;', "'")).toMatch(
      /^default-src 'none'; style-src 'sha256-[^ ;]+'; script-src 'sha256-[^ ;]+'; connect-src 'self'; base-uri 'none'; form-action 'none'$/,
    )
  })
})

describe('a live page', () => {
  test('shows only the length of typed input by default', async () => {
    const usual = await open()
    const asked = await open({ typed: true })
    for (const { recorder } of [usual, asked]) {
      recorder.begin()
      type(recorder, 'geheim')
    }
    const hex = '67 65 68 65 69 6d'
    const text = (await ask(usual.page)).text
    expect(text).toContain('Typed 6 bytes')
    expect(text).toContain('Typed input is shown only as its length.')
    expect(text).not.toMatch(/geheim|67 65 68/)
    expect((await ask(asked.page)).text).toContain(hex)
  })

  test('hides secrets and the identity of the machine', async () => {
    const { recorder, page } = await open()
    const reader = await read(page)
    recorder.begin()
    const state = { env: ['PASSWORD=geheim'], home: `${homedir()}/x`, host: engine.host }
    recorder.note({
      kind: 'stage begins',
      number: 1,
      name: 'create',
      title: '',
      question: '',
      state,
    })
    const { text } = await ask(page)
    for (const shown of [text, reader.text()]) expect(shown).not.toContain('geheim')
    expect(text).toContain('PASSWORD=…')
    expect(text).not.toContain('/run/somewhere')
    if (homedir().length > 5) expect(text).not.toContain(homedir())
  })

  test('shows a late browser everything so far, and sends all browsers the same', async () => {
    const { recorder, page } = await open()
    recorder.begin()
    received(recorder, 'early')
    const readers = [await read(page), await read(page)]
    for (const reader of readers) await reader.waitFor('early')
    received(recorder, 'late')
    for (const reader of readers) await reader.waitFor('late')
    const { text } = await ask(page)
    expect(text).toContain('early')
    expect(text).toContain('late')
  })

  test('sends only changes since the page was loaded', async () => {
    const { recorder, page } = await open()
    recorder.begin()
    received(recorder, 'early')
    const reader = await read(page)
    expect(reader.shown).toContain('early')
    received(recorder, 'late')
    await reader.waitFor('late')
    expect(reader.text()).not.toContain('early')
  })

  test('restarts with the next run', async () => {
    const { recorder, page } = await open()
    recorder.begin()
    received(recorder, 'the first run')
    const reader = await read(page)
    await reader.waitFor('the first run')
    // Two runs must not start in the same millisecond.
    await new Promise((resolve) => setTimeout(resolve, 2))
    recorder.begin()
    received(recorder, 'the second run')
    await reader.waitFor('event: again')
    const { text } = await ask(page)
    expect(text).toContain('the second run')
    expect(text).not.toContain('the first run')
  })

  test('keeps its address for the runs of the next chapter', async () => {
    const { recorder, page } = await open()
    recorder.begin()
    received(recorder, 'chapter one')
    const reader = await read(page)
    const next = createRecorder()
    const stages = ['create', 'start']
    page.follow({ place: { engine, recorder: next }, last: 2, stages })
    await reader.waitFor('event: again')
    const { text } = await ask(page)
    expect(text).toContain('One run of docker exec, chapters 1 to 2')
    expect(text).not.toContain('chapter one')

    const second = await read(page)
    next.begin()
    received(next, 'chapter two')
    await second.waitFor('event: again')
    recorder.bytes('received', Buffer.from('chapter one goes on'))
    const { shown } = await read(page)
    expect(shown).toContain('chapter two')
    expect(shown).not.toContain('chapter one')
  })

  test('says before the run that it has not started', async () => {
    const { page } = await open()
    expect((await ask(page)).text).toContain('The run has not started.')
  })

  test('sends the last event and stops listening when its scope ends', async () => {
    const { recorder, scope, page } = await open()
    recorder.begin()
    const reader = await read(page)

    recorder.note({ kind: 'over', exitCode: 5 })
    await scope.releaseAll()
    await reader.ended
    expect(reader.text()).toContain('The run is over: exit code 5')
    expect(reader.text()).toMatch(/event: end\ndata: \n\n$/)
    expect(await isListening('127.0.0.1', portOf(page))).toBe(false)
  })

  test('does not wait for a stalled browser when it closes', async () => {
    const { recorder, page } = await open()
    recorder.begin()
    const { port, pathname } = new URL(page.url)
    const silent = connect({ host: '127.0.0.1', port: Number(port) })
    const stalled = connect({ host: '127.0.0.1', port: Number(port) })
    for (const socket of [silent, stalled]) socket.on('error', () => {})
    stalled.pause()
    stalled.write(`GET ${pathname}/changes HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await page.close()
    expect(await isListening('127.0.0.1', Number(port))).toBe(false)
    for (const socket of [silent, stalled]) socket.destroy()
  })

  test('sends two gigabytes of output in a few messages', async () => {
    const { recorder, page } = await open()
    recorder.begin()
    const reader = await read(page)

    const chunk = Buffer.alloc(65_536, 'x')
    const before = process.memoryUsage().rss
    for (let at = 0; at < 32_768; at += 1) {
      recorder.bytes('received', chunk)
      // A real command's output leaves time for other work in between.
      if (at % 256 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    received(recorder, 'y')
    const end = `Received ${32_767 * 65_536 + 1} bytes`
    await reader.waitFor(end)
    expect(reader.text().length).toBeLessThan(5_000_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000)
  })
})

describe('a change of a live page', () => {
  /**
   * Returns the tape after each event, with its events in recording order.
   */
  function stepsOf({ head, events }: Tape): Tape[] {
    return events.map((_, at) => ({ head, events: events.slice(0, at + 1) }))
  }

  /** Returns the rows of a browser after these changes. */
  function rowsAfter(changes: readonly PageChange[]): string[] {
    let rows: string[] = []
    for (const { keep, sections } of changes) {
      const more = sections.split(/(?=<li class="row )/).slice(1)
      rows = [
        ...rows.slice(0, keep),
        ...more.map((row) => row.replace(/<\/ol><\/section>.*$/s, '')),
      ]
    }
    return rows
  }

  const rowsOf = ({ events }: Tape): string[] => rowsFrom(events, 0).map(({ html }) => html.html)

  /** Applies the steps one by one and returns the change of each. */
  function grow(steps: readonly Tape[]): PageChange[] {
    let now: Tape = { head: (steps[0] as Tape).head, events: [] }
    const growth = createLivePageState(() => ({ tape: now, daemonHost: engine.host }), true)
    growth.update()
    let seen = growth.revision()
    return steps.map((step) => {
      now = step
      growth.update()
      const change = growth.changeSince(seen) as PageChange
      seen = growth.revision()
      return change
    })
  }

  /** Returns the number of rows in each change. */
  const countsOf = (changes: readonly PageChange[]): number[] =>
    changes.map(({ sections }) => rowsAfter([{ keep: 0, sections, parts: {} }]).length)

  test('has one row per event, and all changes together make the whole page', () => {
    const tape = terminalTape()
    const changes = grow(stepsOf(tape))
    expect(rowsAfter(changes)).toEqual(rowsOf(tape))
    expect(countsOf(changes)).toEqual(tape.events.map(() => 1))
  })

  test('replaces the row of a partial header when the rest arrives', () => {
    const cutInLength = 6
    const tape = tapeOf([
      { kind: 'upgrade', framing: 'stdcopy' },
      ...framed([['stdout', 'hello\n']], [cutInLength]),
    ])
    const changes = grow(stepsOf(tape))
    expect(rowsAfter(changes)).toEqual(rowsOf(tape))
    const rests = tape.events.findIndex(({ kind }) => kind === 'frame') - 1
    expect(countsOf(changes)[rests]).toBe(2)
    expect(changes[rests - 1]?.sections).toContain('The rest comes with the next read.')
    expect(changes[rests]?.sections).not.toContain('The rest comes with the next read.')
    expect(changes[rests]?.sections).toContain('6 bytes of payload')
  })

  test('inserts a late answer at its time', () => {
    const { head, events } = terminalTape()
    const late = events.findIndex(({ kind }) => kind === 'answer')
    const without = { head, events: events.filter((_, at) => at !== late) }
    const changes = grow([without, { head, events }])
    expect(rowsAfter(changes)).toEqual(rowsOf({ head, events }))
    expect(changes[1]?.keep).toBe(late)
  })

  test('updates the count in an existing row', () => {
    const recorder = createRecorder()
    const facts = { chapter: 1, stages: ['create'], daemon: engine }
    const growth = createLivePageState(
      () => ({ tape: recorder.tape(facts), daemonHost: engine.host }),
      true,
    )
    recorder.begin()
    const opened: Happened = { kind: 'window', rows: 24, columns: 80 }
    recorder.note(opened)
    recorder.bytes('received', Buffer.alloc(65_536))
    recorder.bytes('received', Buffer.alloc(1000))
    growth.update()
    const before = growth.revision()
    recorder.bytes('received', Buffer.alloc(234))
    growth.update()
    const change = growth.changeSince(before) as PageChange
    expect(change.keep).toBe(2)
    expect(rowsAfter([change])).toHaveLength(1)
    expect(change.sections).toContain('Received 1234 bytes')
    expect(growth.changeSince(growth.revision())).toBeUndefined()
  })
})
