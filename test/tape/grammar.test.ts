import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createBodyReader, splitHead } from '../../src/stream/http.ts'
import type { TapeEvent } from '../../src/tape/event.ts'
import { type Field, fieldsIn, grammar } from '../../src/tape/fields.ts'
import { firstLineRules } from '../../src/tape/grammar/first-line.ts'
import { headerRules } from '../../src/tape/grammar/header-lines.ts'
import { isMessage, wireBytesOf } from '../../src/tape/message-bytes.ts'
import { readTape } from '../../src/tape/read.ts'
import { hostileTape, pipeTape, terminalTape } from '../support/tapes.ts'

const folder = 'docs/tapes'
const tapes = readdirSync(folder)
  .filter((name) => name.endsWith('.tape'))
  .map((name) => ({ name, events: readTape(join(folder, name)).events }))

/** A field and where it was found. */
type Found = Field & { readonly tape: string; readonly event: number; readonly at: number }

const found: Found[] = tapes.flatMap(({ name, events }) =>
  fieldsIn(events).flatMap((fields, event) =>
    fields.map((field, at) => ({ ...field, tape: name, event, at })),
  ),
)

const headRules = new Set<string>([...firstLineRules, ...headerRules].map(({ rule }) => rule))

/**
 * Rules whose values are the same on every daemon and client that we can run.
 * Their sentences are still tested with other values, below.
 */
const oneValue = new Set([
  'User-Agent', // Only our own client makes tapes.
  'Ostype', // A Windows daemon says windows.
  'Docker-Experimental',
  'Libpod-Api-Version',
  'frame zeros',
  'inspect OpenStderr', // We attach both.
  'inspect OpenStdout',
])

describe('the fields of each recorded event', () => {
  it.each(tapes)('are all its bytes, in order: $name', ({ events }) => {
    fieldsIn(events).forEach((fields, at) => {
      const joined = Buffer.concat(fields.map(({ bytes }) => bytes))
      expect(joined).toEqual(wireBytesOf(events[at] as TapeEvent))
    })
  })

  it.each([
    ['a terminal', terminalTape()],
    ['pipes', pipeTape()],
    ['hostile text', hostileTape()],
  ])('are all its bytes on a handmade tape of %s', (_, { events }) => {
    fieldsIn(events).forEach((fields, at) => {
      const joined = Buffer.concat(fields.map(({ bytes }) => bytes))
      expect(joined).toEqual(wireBytesOf(events[at] as TapeEvent))
    })
  })

  it('have a name, a sentence and a permanent link', () => {
    const permanent =
      /^https:\/\/(github\.com\/[\w.-]+\/[\w.-]+\/blob\/[0-9a-f]{40}\/\S+|www\.rfc-editor\.org\/rfc\/rfc\d+#section-[\d.]+)$/
    for (const { name, meaning, always, source } of found) {
      expect(name).not.toBe('')
      expect(meaning).not.toBe('')
      expect(always).toMatch(/\.$/)
      expect(source?.url).toMatch(permanent)
    }
  })

  it('change nothing when a session is read in pieces of one byte', () => {
    const text = (events: readonly TapeEvent[]): string => {
      const bytes = fieldsIn(events).flat()
      return Buffer.concat(bytes.map((field) => field.bytes)).toString('latin1')
    }
    const { events } = tapes.find(({ name }) => name === 'dockerd-28-screen.tape') ?? { events: [] }
    expect(text(inSingleBytes(events))).toBe(text(events))
  })
})

describe('each rule of the grammar', () => {
  it('has its own name', () => {
    const names = grammar.map(({ rule }) => rule)
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })

  const cases = grammar.map(({ rule, says }) => ({ rule, says }))
  it.each(cases)('is at work on at least two tapes: $rule', ({ rule, says }) => {
    const fields = found.filter((field) => field.rule === rule)
    expect(new Set(fields.map(({ tape }) => tape)).size).toBeGreaterThanOrEqual(2)
    const values = new Set(fields.map(({ bytes }) => Buffer.from(bytes).toString('latin1')))
    const sentences = new Set(fields.map(({ meaning }) => meaning.replace(/^Early[^.]*\. /, '')))
    // A sentence is constant only if the bytes are.
    if (typeof says === 'string') expect(values.size).toBe(1)
    else if (!oneValue.has(rule)) expect(sentences.size).toBeGreaterThanOrEqual(2)
  })

  const withNumbers = grammar.filter(({ rule }) =>
    found.some((field) => field.rule === rule && numbersIn(field.meaning).length > 0),
  )
  it.each(withNumbers)('takes every number from the bytes: $rule', ({ rule, says }) => {
    const kinds = new Map<string, Found[]>()
    for (const field of found) {
      if (field.rule !== rule || numbersIn(field.meaning).length === 0) continue
      const kind = kindOf(field.meaning)
      kinds.set(kind, [...(kinds.get(kind) ?? []), field])
    }
    for (const fields of kinds.values()) {
      const constant = typeof says === 'string' ? undefined : constantNumbers(fields[0] as Found)
      const wrong = numbersIn(fields[0]?.meaning ?? '').filter((_, at) => {
        // A number that stands in one field of this kind stands in all.
        const literal = fields.map(({ bytes, meaning }) =>
          numbersIn(Buffer.from(bytes).toString()).includes(numbersIn(meaning)[at] ?? ''),
        )
        const isText = headRules.has(rule)
        if (isText && literal.includes(true)) return literal.includes(false)
        return constant ? constant.has(at) : literal.includes(false)
      })
      expect(wrong, fields[0]?.meaning).toEqual([])
    }
  })
})

/** A sentence without what differs between two of its kind. */
function kindOf(sentence: string): string {
  return numbersIn(sentence).reduce(
    (text, number) => text.replace(number, '#'),
    sentence.replace(/“[^”]*”/g, ''),
  )
}

/**
 * The numbers in a sentence, also hexadecimal ones. What is in quotation marks
 * is the bytes themselves.
 */
function numbersIn(sentence: string): string[] {
  const own = sentence.replace(/“[^”]*”/g, '').replaceAll('UTF-8', '')
  return own.match(/\b(?:0x|U\+)?[0-9a-fA-F]*[0-9][0-9a-fA-F]*\b/g) ?? []
}

/**
 * Returns which numbers in a field's sentence stay the same whichever bytes
 * are changed: in the field, right before it, and at the end of its event.
 */
function constantNumbers({ tape, event: number, rule, meaning }: Found): Set<number> {
  const events = tapes.find(({ name }) => name === tape)?.events ?? []
  const event = withoutChunks(events[number] as TapeEvent, rule)
  const fieldsOf = (other: TapeEvent): readonly Field[] =>
    fieldsIn(events.with(number, other))[number] ?? []
  const fields = fieldsOf(event)
  const at = fields.findIndex((field) => field.rule === rule && field.meaning === meaning)
  const from = fields.slice(0, at).reduce((sum, { bytes }) => sum + bytes.length, 0)
  const numbers = numbersIn(meaning)
  const constant = new Set(numbers.keys())
  for (const other of eventsWithOtherBytes(event, from - 8, fields[at]?.bytes.length ?? 0)) {
    const field = fieldsOf(other)[at]
    if (field?.rule !== rule || field.meaning === meaning) continue
    const changed = numbersIn(field.meaning)
    for (const index of [...constant]) {
      if (changed[index] !== numbers[index]) constant.delete(index)
    }
    if (constant.size === 0) break
  }
  return constant
}

/** A body can only change its length if it has no chunks. */
function withoutChunks(event: TapeEvent, rule: string): TapeEvent {
  if (!isMessage(event) || rule === 'chunk size') return event
  const { chunks: _, ...rest } = event
  return rest
}

/** Changes, doubles and removes each byte in turn. */
function* eventsWithOtherBytes(
  event: TapeEvent,
  from: number,
  length: number,
): Generator<TapeEvent> {
  if (isMessage(event)) {
    yield { ...event, body: `${event.body} ` }
    if (event.chunks) yield { ...event, chunks: event.chunks.map((size) => size * 2 + 1) }
  }
  const whole = wireBytesOf(event)
  for (let at = Math.max(0, from); at < from + 8 + length; at += 1) {
    const byte = whole[at] ?? 0
    const isNine = String.fromCharCode(byte) === '9'
    for (const bytes of [[isNine ? 0x30 : byte + 1], [byte, byte], []]) {
      const other = withBytes(event, whole, at, bytes)
      if (other) yield other
    }
  }
}

/** An event with other bytes. Undefined if they are no such event. */
function withBytes(
  event: TapeEvent,
  whole: Buffer,
  at: number,
  bytes: readonly number[],
): TapeEvent | undefined {
  const all = Buffer.concat([whole.subarray(0, at), Buffer.from(bytes), whole.subarray(at + 1)])
  if (!isMessage(event)) return { ...event, hex: all.toString('hex') } as TapeEvent
  const split = splitHead(all)
  if (!split) return undefined
  const { headers, firstLine } = split.head
  const [one = '', two = '', ...rest] = firstLine.split(' ')
  const body = readBody(split.rest, event.chunks !== undefined)
  if (body === undefined) return undefined
  return event.kind === 'request'
    ? { ...event, method: one, path: two, headers, ...body }
    : { ...event, status: Number(two), reason: rest.join(' '), headers, ...body }
}

function readBody(
  bytes: Buffer,
  isChunked: boolean,
): { readonly body: string; readonly chunks?: readonly number[] } | undefined {
  const reader = createBodyReader(isChunked ? 'chunked' : 'until the end')
  try {
    const rest = reader.feed(bytes)
    if (isChunked && rest === undefined) return undefined
  } catch {
    return undefined
  }
  const chunks = reader.chunks?.()
  return { body: reader.body().toString(), ...(chunks && { chunks }) }
}

/** The same events, with one event for each byte of the session. */
function inSingleBytes(events: readonly TapeEvent[]): TapeEvent[] {
  return events.flatMap((event): TapeEvent[] => {
    if (event.kind !== 'sent' && event.kind !== 'received') return [event]
    const bytes = event.hex?.match(/../g) ?? []
    return bytes.map((hex): TapeEvent => ({ ...event, length: 1, hex }))
  })
}
